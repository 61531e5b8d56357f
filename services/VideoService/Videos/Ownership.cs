using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace VideoService.Videos;

/// <summary>
/// Watches over one attempt: each half second it tells the row how far the render is and asks whether the attempt still owns it. Where it does not, be it by another
/// process, the token ends the render at once.
/// </summary>
internal sealed partial class Ownership : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(2);

    // Merging and publishing are the rest.
    private const int RenderedPart = 95;

    private readonly CancellationTokenSource _ending;
    private readonly VideoRow _row;
    private readonly AttemptTable _attempts;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Task _beating;
    private volatile bool _isLost;
    private long _expected = 1;
    private long _rendered;
    private int _stage = (int)VideoStage.Loading;

    public Ownership(VideoRow row, AttemptTable attempts, TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        (_row, _attempts, _clock, _logger) = (row, attempts, clock, logger);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Token = _ending.Token;
        _beating = BeatAsync();
    }

    /// <summary>Ends with the process, with the video's cancellation, and with the ownership.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the video was canceled, deleted or taken over.</summary>
    public bool IsLost => _isLost;

    /// <summary>What the render is doing.</summary>
    public VideoStage Stage
    {
        get => (VideoStage)Volatile.Read(ref _stage);
        set => Volatile.Write(ref _stage, (int)value);
    }

    private int Progress => Stage == VideoStage.Merging ? RenderedPart + 2 : (int)(RenderedPart * Math.Min(1, (double)Interlocked.Read(ref _rendered) / _expected));

    /// <summary>How many film frames there will be.</summary>
    public void Expect(int filmFrames) => _expected = Math.Max(1, filmFrames);

    /// <summary>So many more film frames are there.</summary>
    public void Advance(int filmFrames) => Interlocked.Add(ref _rendered, filmFrames);

    /// <summary>Ends the render, since a statement has found the row in other hands.</summary>
    public void Lose()
    {
        _isLost = true;
        _ending.Cancel();
        Token.ThrowIfCancellationRequested();
    }

    /// <summary>Does something with the store, again and again while that does not answer; the row says so meanwhile.</summary>
    public async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> action)
    {
        var stage = Stage;
        while (true)
        {
            try
            {
                var result = await action(Token);
                Stage = stage;
                return result;
            }
            catch (Exception outage) when (IsOutage(outage))
            {
                if (Stage != VideoStage.WaitingForStore) Waits(_logger, outage.Message);
                Stage = VideoStage.WaitingForStore;
                await Task.Delay(StorePause, _clock, Token);
            }
        }
    }

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
        var told = (Stage: VideoStage.Loading, _row.Progress);
        using var timer = new PeriodicTimer(Beat, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(Token))
            {
                // A later attempt finds again what an earlier one made: the bar does not go back.
                var now = (Stage, Progress: Math.Max(told.Progress, Progress));
                if (!await ReportAsync(now, now != told))
                {
                    Lose();
                    return;
                }

                told = now;
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

    [LoggerMessage(LogLevel.Warning, "The film waits for the object store. {Reason}")]
    private static partial void Waits(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "The database could not be asked who owns the film")]
    private static partial void NotAsked(ILogger logger, Exception failure);
}
