using System.Collections.Concurrent;
using FrameService.Generation.Providers;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Generation;

/// <summary>
/// Who draws, in order of preference: the first one that does, does. The next one is asked where one is out, or takes no more within its bound; every other failure is the frame's. What was drawn with the same inputs in the
/// same session is found again, and not paid twice.
/// </summary>
internal sealed partial class FrameArtists(IFrameArtist local, FrameVideo.Hosting.Providers providers, OpenAIClients clients, PaidCalls paid, DrawnTable drawn, Anchors anchors, ILogger<FrameArtists> logger)
{
    private readonly IReadOnlyList<Provider?> _chosen = providers.ChosenFor(ProviderUse.Frames);
    private readonly ConcurrentDictionary<string, Task> _underway = new(StringComparer.Ordinal);

    /// <summary>How many frames of a session are drawn at a time.</summary>
    public int Concurrency(SessionRow session, int ofLocal) => _chosen[0] is not { } first ? ofLocal : anchors.IsInTurn(session) ? 1 : Math.Max(ofLocal, first.Options.Concurrency);

    /// <summary>Who would draw, in order.</summary>
    public IReadOnlyList<(Provider? Provider, ProviderArtist? Artist)> Chosen => [.. _chosen.Select(provider => (provider, provider is null ? null : new ProviderArtist(provider, provider.Options.ImageModel!, clients)))];

    /// <summary>The local artist, by the names that records have.</summary>
    public (string Provider, string Model) Local => (local.Provider, local.Model);

    /// <summary>Draws a frame, or finds what was drawn of the same. Dispose what comes back once it is remembered.</summary>
    /// <param name="session">Whose frame it is.</param>
    /// <param name="brief">What it is to show.</param>
    /// <param name="former">Who has drawn the frame's present picture and with which model, where it has one: that one is asked first, if it is still chosen.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProviderException">Nobody has drawn it.</exception>
    /// <exception cref="FrameVideo.Jobs.BudgetExceededException">It would pass a budget.</exception>
    public async Task<DrawnPicture> DrawAsync(SessionRow session, FrameBrief brief, (string? Provider, string? Model) former, CancellationToken cancellationToken)
    {
        brief = brief with { Anchor = await anchors.ReferenceAsync(session, cancellationToken) };
        ProviderException? outage = null;
        foreach (var provider in _chosen.OrderByDescending(provider => former.Provider == (provider?.Name ?? local.Provider)))
        {
            if (provider is null) return new DrawnPicture(await local.DrawAsync(brief, cancellationToken), local.Provider, local.Model);
            try
            {
                var anchored = brief.Anchor is null ? brief with { Anchor = await anchors.EarlierAsync(session, brief.Number, cancellationToken) } : brief;
                return await ByAsync(provider, former.Provider == provider.Name ? former.Model : null, session, anchored, cancellationToken);
            }
            catch (ProviderException fault) when (fault.IsOutage)
            {
                Out(provider.Name, fault.ServiceCode ?? fault.Kind.ToString(), brief.Number);
                outage = fault;
            }
        }

        throw outage!;
    }

    private async Task<DrawnPicture> ByAsync(Provider provider, string? formerModel, SessionRow session, FrameBrief brief, CancellationToken cancellationToken)
    {
        var present = provider.Options.ImageModel!;
        try
        {
            return await ByAsync(provider, new ProviderArtist(provider, formerModel ?? present, clients), session, brief, cancellationToken);
        }
        catch (ProviderException fault) when (fault.Kind == ProviderFault.Refused && formerModel is not null && formerModel != present)
        {
            // Models go; whoever has followed draws it.
            return await ByAsync(provider, new ProviderArtist(provider, present, clients), session, brief, cancellationToken);
        }
    }

    private async Task<DrawnPicture> ByAsync(Provider provider, ProviderArtist artist, SessionRow session, FrameBrief brief, CancellationToken cancellationToken)
    {
        var fingerprint = artist.Fingerprint(brief);
        var turn = await TakeTurnAsync($"{session.Key}/{fingerprint}", cancellationToken);
        try
        {
            if (await drawn.FindAsync(session.Key, fingerprint, cancellationToken) is { } key && await anchors.BytesAsync(key, cancellationToken) is { } known && FitPicture.Fit(known, brief.AspectRatio.Width, brief.AspectRatio.Height) is { } again)
            {
                Found(brief.Number, provider.Name);
                return new DrawnPicture(again, provider.Name, artist.Model) { Fingerprint = fingerprint, Turn = turn };
            }

            var frame = await paid.RunAsync(session, provider, artist.Model, UsageKind.Frame, artist.Estimate(brief), token => artist.DrawAsync(brief, token), cancellationToken);
            return new DrawnPicture(frame, provider.Name, artist.Model) { Fingerprint = fingerprint, Turn = turn };
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Of the same inputs at the same time, one is drawn; the others wait until it is remembered, and find it.</summary>
    private async Task<IDisposable> TakeTurnAsync(string name, CancellationToken cancellationToken)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_underway.GetOrAdd(name, mine.Task) is var other && other != mine.Task) await other.WaitAsync(cancellationToken);
        return new Turn(() =>
        {
            _underway.TryRemove(name, out _);
            mine.TrySetResult();
        });
    }

    [LoggerMessage(LogLevel.Warning, "{Provider} is out ({Why}); frame {Frame} goes to the next one, if there is one")]
    private partial void Out(string provider, string why, int frame);

    [LoggerMessage(LogLevel.Information, "Frame {Frame} was drawn by {Provider} before, with all the same; it is taken again")]
    private partial void Found(int frame, string provider);

    private sealed class Turn(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}

/// <summary>A picture, and who has drawn it.</summary>
/// <param name="Frame">The picture.</param>
/// <param name="Provider">As records name it.</param>
/// <param name="Model">The model and its version.</param>
internal sealed record DrawnPicture(DrawnFrame Frame, string Provider, string Model) : IDisposable
{
    /// <summary>Of its inputs, where it was paid; to be remembered with the picture's key.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Held until it is remembered.</summary>
    public IDisposable? Turn { get; init; }

    public void Dispose() => Turn?.Dispose();
}
