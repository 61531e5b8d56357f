using System.Collections.Concurrent;
using FrameService.Generation;
using FrameVideo.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace FrameService.Tests.Life;

/// <summary>Draws a small picture whose colour its brief decides; holds still or fails where a test says so.</summary>
internal sealed class StandInArtist : IFrameArtist
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _failing = new(StringComparer.Ordinal);

    public string Provider => "stand-in";

    public string Model => "1";

    /// <summary>Everything that it was asked for, in order.</summary>
    public ConcurrentQueue<FrameBrief> Briefs { get; } = new();

    /// <summary>What it was stopped at.</summary>
    public ConcurrentQueue<FrameBrief> Stopped { get; } = new();

    public void Register(WebApplicationBuilder builder) => builder.Services.AddSingleton<IFrameArtist>(this);

    /// <summary>Holds still at prompts with this word, until released.</summary>
    public void Hold(string word) => _held[word] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release(string word)
    {
        if (_held.TryRemove(word, out var gate)) gate.SetResult();
    }

    /// <summary>Fails at prompts with this word.</summary>
    public void Fail(string word, bool fails = true) => _failing[word] = fails;

    /// <summary>The briefs whose prompt has a word.</summary>
    public IReadOnlyList<FrameBrief> Of(string word) => [.. Briefs.Where(brief => brief.Prompt.Contains(word, StringComparison.OrdinalIgnoreCase))];

    public async Task<DrawnFrame> DrawAsync(FrameBrief brief, CancellationToken ct)
    {
        Briefs.Enqueue(brief);
        if (_held.FirstOrDefault(held => brief.Prompt.Contains(held.Key, StringComparison.OrdinalIgnoreCase)).Value is { } gate)
        {
            try
            {
                await gate.Task.WaitAsync(ct);
            }
            catch (OperationCanceledException)
            {
                Stopped.Enqueue(brief);
                throw;
            }
        }

        if (_failing.Any(failing => failing.Value && brief.Prompt.Contains(failing.Key, StringComparison.OrdinalIgnoreCase))) throw new InvalidOperationException("It was told to fail.");
        var colour = Convert.ToUInt32(Pictures.Sha256(System.Text.Encoding.UTF8.GetBytes($"{brief.Prompt}|{brief.Line}|{brief.SceneStory}|{brief.Number}|{brief.Seed}"))[..6], 16);
        return new DrawnFrame(Pictures.Png(colour: 0xff000000 | colour), "image/png", 64, 36);
    }
}

/// <summary>FrameService with an artist that a test leads.</summary>
public sealed class LedFrameService : RunningFrameService, ILed
{
    private readonly StandInArtist _artist = new();

    public LedFrameService() => Configure = _artist.Register;

    StandInArtist ILed.Artist => _artist;
}

/// <summary>The same with its rows in a PostgreSQL database of its own.</summary>
public sealed class LedFrameServiceOnPostgres : FrameServiceOnPostgres, ILed
{
    private readonly StandInArtist _artist = new();

    public LedFrameServiceOnPostgres() => Configure = _artist.Register;

    StandInArtist ILed.Artist => _artist;
}

internal interface ILed
{
    StandInArtist Artist { get; }
}
