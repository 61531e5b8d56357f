using System.Diagnostics;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using FrameVideo.Telemetry;
using VideoService.Clips;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>The render of one video. It may be killed at any point and begun again: what is done stands in rows and in the store.</summary>
/// <remarks>
/// <code>
/// 1. Begin       the row says "in progress" and counts the attempt; ended films are left alone     AttemptTable
/// 2. Plan        pinned frames + this machine's encoder -> clips and joints with their names       PlanFilm
/// 3. Clips       of AI services, where the film wants any                                          ObtainClips
/// 4. Sound       read, cut, brought to loudness and encoded, where the film has one                  FilmSound
/// 5. Pieces      each is found in the store, or rendered and put there, and marked                 RenderPieces
///                beside them the poster                                                            PublishFilm
/// 6. Publish     merge, record -> store                                                            PublishFilm
/// 7. Complete    the row shows the film, only if this attempt still owns the video                 AttemptTable
///
/// canceled, deleted, followed by another attempt  -> the guard ends the encoder; nothing is written          Ownership, LostAttempt
/// this process stops                              -> the attempt is given back; the next start goes on
/// clips are being made elsewhere                  -> waiting_for_provider; likewise
/// a clip cannot be had                            -> the others are waited for; then failed, or the renderer makes it
/// the store does not answer                       -> waiting_for_store; gives its worker back and comes again, uncounted
/// a picture is corrupt or gone                    -> failed, naming the frame; or the film is cut anew without it
/// the sound is corrupt or gone                    -> failed
/// no encoder, no disk, too much time              -> failed
/// anything else                                   -> another attempt, up to the limit; then failed
/// </code>
/// </remarks>
internal sealed partial class RenderVideo(
    AttemptTable attempts,
    VideoTable videos,
    PlanFilm plan,
    ObtainClips clips,
    PinnedPictures pinned,
    FilmRenderer renderer,
    FilmSound sounds,
    RenderPieces pieces,
    PublishFilm publish,
    LostAttempt lost,
    RenderFolders folders,
    RunningRenders running,
    WorkQueue queue,
    RenderJobOptions options,
    RenderMetrics metrics,
    IObjectStore store,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<RenderVideo> logger) : IWork
{
    public const string WorkName = "render";

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public string Name => WorkName;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken) =>
        [.. (await videos.UnfinishedAsync(cancellationToken)).Select(id => id.ToString())];

    /// <inheritdoc/>
    public Task<WorkBacklog?> BacklogAsync(CancellationToken cancellationToken) => videos.BacklogAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task RunAsync(string id, CancellationToken cancellationToken)
    {
        var videoId = VideoId.Parse(id);
        // Before the row is taken: whoever deletes the video after that sees that it runs.
        using var presence = running.Enter(videoId);
        if (await IsStillWaitingAsync(videoId, cancellationToken)) return;
        if (await attempts.BeginAsync(videoId, options.MaxAttempts, cancellationToken) is not { } row)
        {
            folders.Discard(videoId);
            return;
        }

        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new(LineFormatter.RequestIdKey, row.RequestId), new(LineFormatter.VideoIdKey, videoId) });
        Activity.Current?.SetTag(Tracing.RequestId, row.RequestId.ToString()).SetTag(Tracing.VideoId, id).SetTag(Tracing.Attempt, row.Attempt);
        Begun(row.Attempt);
        using var folder = folders.Open(row);
        await using var owner = new Ownership(row, attempts, presence, options.TimeLimit, clock, logger, cancellationToken);
        try
        {
            await RenderAsync(row, folder, owner);
            metrics.Ended("completed");
        }
        catch (OperationCanceledException) when (owner.IsLost)
        {
            metrics.Ended("lost");
            NoLongerOurs(row.Attempt);
            await lost.WithdrawAsync(row, owner);
        }
        catch (OperationCanceledException) when (owner.IsOverdue)
        {
            await FailAsync(row, new OverdueException(options.TimeLimit));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            metrics.Ended("stopped");
            // Somebody else may go on at once; where the process stops, the queue itself sees to that.
            if (await attempts.ReleaseAsync(row, stage: null, owner.Progress, CancellationToken.None) && !lifetime.ApplicationStopping.IsCancellationRequested)
                await queue.EnqueueAsync(Name, id, CancellationToken.None);
            throw;
        }
        catch (WaitingForProviderException wait)
        {
            metrics.Ended("waiting_for_provider");
            if (!await attempts.ReleaseAsync(row, VideoStage.WaitingForProvider, owner.Progress, CancellationToken.None))
            {
                await lost.WithdrawAsync(row, owner);
                return;
            }

            await queue.EnqueueAsync(Name, id, wait.Pause > Shortest ? wait.Pause : Shortest, CancellationToken.None);
        }
        catch (Exception outage) when (Ownership.IsOutage(outage))
        {
            metrics.Ended("waiting_for_store");
            WaitsForStore(options.StorePause.TotalSeconds, outage.Message);
            if (!await attempts.ReleaseAsync(row, VideoStage.WaitingForStore, owner.Progress, CancellationToken.None))
            {
                await lost.WithdrawAsync(row, owner);
                return;
            }

            folder.Park();
            await queue.EnqueueAsync(Name, id, options.StorePause, CancellationToken.None);
        }
        catch (Exception failure)
        {
            if (await FailAsync(row, failure)) return;
            if (Failures.Final(failure) is null) throw;
            // It would be final, so the row is no longer this attempt's: a session that is deleted takes its pictures from the films that are being made of it.
            await lost.WithdrawAsync(row, owner);
        }
    }

    /// <summary>Whether the film waits for a store that is still away, or for services that are still at work; it comes again then, and no attempt was made.</summary>
    private async Task<bool> IsStillWaitingAsync(VideoId videoId, CancellationToken cancellationToken)
    {
        var waitsFor = await videos.WaitsForAsync(videoId, cancellationToken);
        if (waitsFor == VideoStage.WaitingForProvider)
        {
            if (await clips.PauseOfAsync(videoId, cancellationToken) is not { } pause) return false;
            await queue.EnqueueAsync(Name, videoId.ToString(), pause > Shortest ? pause : Shortest, CancellationToken.None);
            return true;
        }

        if (waitsFor != VideoStage.WaitingForStore) return false;
        try
        {
            await store.ProbeAsync(cancellationToken);
            return false;
        }
        catch (Exception outage) when (Ownership.IsOutage(outage))
        {
            await queue.EnqueueAsync(Name, videoId.ToString(), options.StorePause, CancellationToken.None);
            return true;
        }
    }

    private async Task RenderAsync(VideoRow row, RenderFolder folder, Ownership owner)
    {
        while (true)
        {
            var planned = await metrics.TimeAsync("plan", number: null, () => plan.RunAsync(row, owner));
            try
            {
                planned = await clips.RunAsync(row, planned, folder, owner);
                await MakeAsync(row, planned, folder, owner);
                return;
            }
            catch (Exception problem) when (row.Asked.OnFrameFailure != OnFrameFailure.Fail && Failures.OfFrame(problem) is { } error && !planned.Failed.ContainsKey(error.Frame!.Value))
            {
                // It could be read and not be decoded, or it went away since.
                await plan.GoOnWithoutAsync(row, error, owner);
            }
        }
    }

    private async Task MakeAsync(VideoRow row, PlannedFilm planned, RenderFolder folder, Ownership owner)
    {
        var frames = planned.Frames.ToDictionary(frame => frame.Number);
        owner.Expect(planned.Plan.FrameCount);
        using var pictures = renderer.OpenPictures(planned.Plan, (number, token) => metrics.TimeAsync("load", number, () => pinned.OpenAsync(frames[number], token)));
        // First, since what may be wrong with it is soon known.
        var sound = await sounds.MakeAsync(row, planned.Plan, folder, owner);
        using var footage = new FootageFiles(planned, folder, clips);
        var rendered = pieces.RunAsync(row, planned, sound, pictures, footage, folder, owner);
        await Task.WhenAll(rendered, publish.MakePosterAsync(planned, pictures, footage, folder, owner));
        var film = await publish.RunAsync(row, planned, await rendered, sound, folder, owner);
        if (await attempts.CompleteAsync(row, film, planned.Failures(row.Asked.OnFrameFailure), CancellationToken.None))
        {
            Completed(film.Key, film.Bytes, planned.Plan.FrameCount);
            return;
        }

        owner.Lose();
    }

    /// <summary>Whether the film has ended by this; else another attempt follows.</summary>
    private async Task<bool> FailAsync(VideoRow row, Exception failure)
    {
        if (failure is EncoderException encoder) EncoderSaid(encoder.Details);
        var final = Failures.Final(failure);
        var ended = await attempts.FailAsync(row, final ?? Failures.Last(failure), final is null ? options.MaxAttempts : 0, CancellationToken.None);
        metrics.Failed(failure);
        metrics.Ended(ended ? "failed" : "again");
        if (ended) Failed(failure, row.Attempt);
        return ended;
    }

    [LoggerMessage(LogLevel.Information, "Rendering begins, attempt {Attempt}")]
    private partial void Begun(int attempt);

    [LoggerMessage(LogLevel.Information, "Film stored: {Key}, {Bytes} bytes, {Frames} pictures")]
    private partial void Completed(ObjectKey key, long bytes, int frames);

    [LoggerMessage(LogLevel.Information, "Attempt {Attempt} ends: the video was canceled, deleted or taken over")]
    private partial void NoLongerOurs(int attempt);

    [LoggerMessage(LogLevel.Warning, "The object store does not answer; the render comes again in {Seconds} s. {Reason}")]
    private partial void WaitsForStore(double seconds, string reason);

    [LoggerMessage(LogLevel.Warning, "The encoder's last words: {Details}")]
    private partial void EncoderSaid(string details);

    [LoggerMessage(LogLevel.Error, "The film failed in attempt {Attempt}")]
    private partial void Failed(Exception failure, int attempt);
}
