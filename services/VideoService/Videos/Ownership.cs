using System.Collections.Concurrent;
using System.Diagnostics;
using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace VideoService.Videos;

/// <summary>
/// Watches over one attempt: each half second, and whenever somebody in this process has changed the row, it tells the row how far the render is and asks whether the attempt
/// still owns it. Where it does not, be it by another process, the token ends the render at once.
/// </summary>
internal sealed partial class Ownership : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(0.5);

    // Merging and publishing are the rest.
    private const int RenderedPart = 95;

    private readonly CancellationTokenSource _ending;
    private readonly VideoRow _row;
    private readonly AttemptTable _attempts;
    private readonly RunningRender _render;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Task _beating;
    private volatile bool _isLost;
    private volatile bool _isOverdue;
    private volatile bool _isPublishing;
    private volatile bool _isWithoutStore;
    private long _expected = 1;
    private long _rendered;
    private int _stage = (int)VideoStage.Loading;

    public Ownership(VideoRow row, AttemptTable attempts, RunningRender render, TimeSpan limit, TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        (_row, _attempts, _render, _limit, _clock, _logger) = (row, attempts, render, limit, clock, logger);
        _isWithoutStore = row.Stage == WireText.Of(VideoStage.WaitingForStore);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Token = _ending.Token;
        _beating = BeatAsync();
    }

    /// <summary>Ends with the process, with the video's cancellation, and with the ownership.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the video was canceled, deleted or taken over.</summary>
    public bool IsLost => _isLost;

    /// <summary>Whether the attempt has taken longer than is allowed.</summary>
    public bool IsOverdue => _isOverdue;

    /// <summary>Whether anything was put under the film's own name.</summary>
    public bool IsPublishing
    {
        get => _isPublishing;
        set => _isPublishing = value;
    }

    /// <summary>The clips and joints that this attempt has put into the store.</summary>
    public ConcurrentBag<ObjectKey> Put { get; } = [];

    /// <summary>What the render is doing. One that has waited for the store waits until that has answered.</summary>
    public VideoStage Stage
    {
        get => _isWithoutStore ? VideoStage.WaitingForStore : (VideoStage)Volatile.Read(ref _stage);
        set => Volatile.Write(ref _stage, (int)value);
    }

    /// <summary>How far it is, 0 to 100.</summary>
    public int Progress => Stage == VideoStage.Merging ? RenderedPart + 2 : (int)(RenderedPart * Math.Min(1, (double)Interlocked.Read(ref _rendered) / _expected));

    /// <summary>How many film frames there will be.</summary>
    public void Expect(int filmFrames)
    {
        _expected = Math.Max(1, filmFrames);
        Interlocked.Exchange(ref _rendered, 0);
    }

    /// <summary>So many more film frames are there.</summary>
    public void Advance(int filmFrames) => Interlocked.Add(ref _rendered, filmFrames);

    /// <summary>Ends the render, since a statement has found the row in other hands.</summary>
    public void Lose()
    {
        _isLost = true;
        _ending.Cancel();
        Token.ThrowIfCancellationRequested();
    }

    /// <summary>The store has answered.</summary>
    public void StoreAnswered() => _isWithoutStore = false;

    /// <summary>Whether the store does not answer, or lets nobody in: neither says anything about the film.</summary>
    public static bool IsOutage(Exception exception) => exception is ObjectStoreException;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _beating;
        _ending.Dispose();
    }

    private async Task BeatAsync()
    {
        // Two looks a second are nothing that the work's trace has to tell.
        Activity.Current = null;
        var told = (Stage: VideoStage.Loading, _row.Progress);
        var began = _clock.GetTimestamp();
        try
        {
            while (true)
            {
                var asked = _render.Asked;
                // A later attempt finds again what an earlier one made: the bar does not go back.
                var now = (Stage, Progress: Math.Max(told.Progress, Progress));
                if (!await ReportAsync(now, now != told))
                {
                    Lose();
                    return;
                }

                told = now;
                if (_clock.GetElapsedTime(began) > _limit)
                {
                    _isOverdue = true;
                    await _ending.CancelAsync();
                    return;
                }

                await Task.WhenAny(Task.Delay(Beat, _clock, Token), asked);
                Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The render has ended, one way or the other.
        }
    }

    private async Task<bool> ReportAsync((VideoStage Stage, int Progress) now, bool isNew)
    {
        try
        {
            return isNew ? await _attempts.ReportAsync(_row, now.Stage, now.Progress, Token) : await _attempts.OwnsAsync(_row, Token);
        }
        catch (System.Data.Common.DbException failure)
        {
            // A database that does not answer has not said no.
            NotAsked(_logger, failure);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database could not be asked who owns the film")]
    private static partial void NotAsked(ILogger logger, Exception failure);
}
