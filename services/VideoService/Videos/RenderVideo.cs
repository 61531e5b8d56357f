using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>The render of one video. It may be killed at any point and begun again: what is done stands in rows and in the store.</summary>
/// <remarks>
/// <code>
/// 1. Begin       the row says "in progress" and counts the attempt; ended films are left alone     AttemptTable
/// 2. Plan        pinned frames + this machine's encoder -> clips and joints with their names       FilmRenderer, AttemptTable
/// 3. Pieces      each is found in the store, or rendered and put there, and marked                 RenderPieces
/// 4. Publish     merge, poster, record -> store                                                    PublishFilm
/// 5. Complete    the row shows the film, only if this attempt still owns the video                 AttemptTable
///
/// canceled, deleted, followed by another attempt  -> the guard ends the encoder; nothing is written          Ownership
/// this process stops                              -> the attempt is given back; the next start goes on
/// the store does not answer                       -> waiting_for_store; comes again, uncounted
/// a picture is corrupt or gone, no encoder        -> failed, naming the frame
/// anything else                                   -> another attempt, up to the limit; then failed
/// </code>
/// </remarks>
internal sealed partial class RenderVideo(
    AttemptTable attempts,
    VideoTable videos,
    PinTable pins,
    FilmRenderer renderer,
    RenderPieces pieces,
    PublishFilm publish,
    RenderFolders folders,
    RunningRenders running,
    WorkQueue queue,
    RenderJobOptions options,
    IObjectStore store,
    TimeProvider clock,
    ILogger<RenderVideo> logger) : IWork
{
    public const string WorkName = "render";

    private static readonly TimeSpan StoreDelay = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => WorkName;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken) =>
        [.. (await videos.UnfinishedAsync(cancellationToken)).Select(id => id.ToString())];

    /// <inheritdoc/>
    public async Task RunAsync(string id, CancellationToken cancellationToken)
    {
        var videoId = VideoId.Parse(id);
        // Before the row is taken: whoever deletes the video after that sees that it runs.
        using var presence = running.Enter(videoId);
        if (await attempts.BeginAsync(videoId, options.MaxAttempts, cancellationToken) is not { } row) return;
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new(LineFormatter.RequestIdKey, row.RequestId), new(LineFormatter.VideoIdKey, videoId) });
        Begun(row.Attempt);
        await using var owner = new Ownership(row, attempts, clock, logger, cancellationToken);
        try
        {
            await RenderAsync(row, owner);
        }
        catch (OperationCanceledException) when (owner.IsLost)
        {
            NoLongerOurs(row.Attempt);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await attempts.ReleaseAsync(row, stage: null, CancellationToken.None);
            throw;
        }
        catch (Exception outage) when (Ownership.IsOutage(outage))
        {
            WaitsForStore(StoreDelay.TotalSeconds, outage.Message);
            if (await attempts.ReleaseAsync(row, VideoStage.WaitingForStore, CancellationToken.None))
                await queue.EnqueueAsync(Name, id, StoreDelay, CancellationToken.None);
        }
        catch (Exception failure)
        {
            if (!await FailAsync(row, failure)) throw;
        }
    }

    private async Task RenderAsync(VideoRow row, Ownership owner)
    {
        var token = owner.Token;
        var frames = await pins.FramesAsync(row.VideoId, token);
        var keys = frames.ToDictionary(frame => frame.Number, frame => frame.ObjectKey);
        var plan = await renderer.PlanAsync(row.Film, [.. frames.Select(frame => frame.Film)], token);
        owner.Expect(plan.FrameCount);
        using var folder = folders.Open(row);
        using var pictures = renderer.OpenPictures(plan, OpenAsync);
        var paths = await pieces.RunAsync(row, plan, pictures, folder, owner);
        var film = await publish.RunAsync(row, plan, frames, paths, pictures, folder, owner);
        if (await attempts.CompleteAsync(row, film, CancellationToken.None))
        {
            Completed(film.Key, film.Bytes, plan.FrameCount);
            return;
        }

        await publish.WithdrawAsync(row, CancellationToken.None);
        NoLongerOurs(row.Attempt);

        async Task<Stream> OpenAsync(int number, CancellationToken cancellationToken)
        {
            if (await pins.InlineAsync(row.VideoId, number, cancellationToken) is { } bytes) return new MemoryStream(bytes, writable: false);
            var picture = await store.GetAsync(keys[number], range: null, cancellationToken) ?? throw new FrameMissingException(number);
            return picture.Content;
        }
    }

    /// <summary>Whether the film has ended by this; else another attempt follows.</summary>
    private async Task<bool> FailAsync(VideoRow row, Exception failure)
    {
        if (failure is EncoderException encoder) EncoderSaid(encoder.Details);
        var final = Failures.Final(failure);
        var ended = await attempts.FailAsync(row, final ?? Failures.Last(failure), final is null ? options.MaxAttempts : 0, CancellationToken.None);
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
