using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>Merges the pieces and puts film, poster and record into the video's own folder of the store. Nobody sees them before the row shows them.</summary>
internal sealed partial class PublishFilm(FilmRenderer renderer, IObjectStore store, VideoTable videos, TimeProvider clock, ILogger<PublishFilm> logger)
{
    /// <summary>The film as it lies in the store, whole.</summary>
    public async Task<PublishedFilm> RunAsync(
        VideoRow row, FilmPlan plan, IReadOnlyList<VideoFrameRow> frames, IReadOnlyList<string> pieces, PictureCache pictures, RenderFolder folder, Ownership owner)
    {
        owner.Stage = VideoStage.Merging;
        await renderer.MergeAsync(plan, pieces, folder.Film, owner.Token);
        await renderer.RenderPosterAsync(plan, pictures, folder.Poster, owner.Token);
        var film = await FinishedFile.SpoolAsync(folder.Film, owner.Token);
        var poster = await FinishedFile.SpoolAsync(folder.Poster, owner.Token);
        var published = new PublishedFilm(
            ObjectKeys.Film(row.UserId, row.RequestId, row.VideoId, "mp4"), ObjectKeys.Poster(row.UserId, row.RequestId, row.VideoId), film.Sha256, film.Length, clock.GetRowTime());
        await owner.PatientlyAsync(token => PutAsync(published.Key, film, token));
        await owner.PatientlyAsync(token => PutAsync(published.Poster, poster, token));
        var record = JsonSerializer.SerializeToUtf8Bytes(VideoRecord.Of(row, plan, frames, published), WireJson.Options);
        await owner.PatientlyAsync(async token =>
        {
            await store.ReplaceAsync(ObjectKeys.VideoRecord(row.UserId, row.RequestId, row.VideoId), record, token);
            return true;
        });
        return published;
    }

    /// <summary>Takes back what no row shows, because the video was canceled or deleted at the last moment; not where another attempt is at it.</summary>
    public async Task WithdrawAsync(VideoRow row, CancellationToken cancellationToken)
    {
        var now = await videos.FindAsync(row.UserId, row.VideoId, cancellationToken);
        if (now is not null && now.Attempt != row.Attempt) return;
        try
        {
            await store.DeleteAsync(ObjectKeys.VideoPrefix(row.UserId, row.RequestId, row.VideoId), cancellationToken);
        }
        catch (Exception outage) when (Ownership.IsOutage(outage))
        {
            // It goes with the video, or a retry finds it again.
            LeftBehind(outage.Message);
        }
    }

    private async Task<bool> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken)
    {
        if (await store.PutAsync(key, file, cancellationToken) != PutOutcome.Conflict) return true;
        // An earlier attempt, with another encoder, was stopped between this put and its commit. No row shows that film, so nobody has seen it.
        Replaced(key);
        await store.DeleteAsync(key, cancellationToken);
        if (await store.PutAsync(key, file, cancellationToken) == PutOutcome.Conflict) throw new IOException($"{key} is written by two at a time.");
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "{Key} lay there from an earlier attempt with other bytes, which nobody has seen; it is replaced")]
    private partial void Replaced(ObjectKey key);

    [LoggerMessage(LogLevel.Warning, "An unseen film stays in the store for now. {Reason}")]
    private partial void LeftBehind(string reason);
}

/// <summary>The portable record beside a film: what it was made of, enough to make its rows again.</summary>
internal sealed record VideoRecord(
    string Object, VideoId Id, RequestId RequestId, UserId UserId, long FramesRevision, VideoSettings Settings, double Duration, int Fps, int Width, int Height, int FrameCount,
    DateTimeOffset CreatedAt, IReadOnlyDictionary<string, string>? Metadata, PublishedFilm Film, IReadOnlyList<RecordedFrame> Frames, IReadOnlyList<RecordedPiece> Pieces,
    DateTimeOffset? StartedAt = null)
{
    public static VideoRecord Of(VideoRow row, FilmPlan plan, IReadOnlyList<VideoFrameRow> frames, PublishedFilm film) => new(
        "video_record", row.VideoId, row.RequestId, row.UserId, row.FramesRevision, row.Asked, row.Duration, row.Fps, row.Width, row.Height, plan.FrameCount, row.CreatedAt,
        row.Metadata is { } notes ? JsonSerializer.Deserialize<Dictionary<string, string>>(notes, WireJson.Options) : null,
        film,
        [.. frames.Select(frame => new RecordedFrame(frame.Number, frame.ObjectKey, frame.Sha256, frame.Width, frame.Height, frame.Timestamp, frame.Description, frame.Prompt, frame.SceneStory))],
        [.. plan.Pieces.Select(piece => new RecordedPiece(VideoPieceRow.KindOf(piece.Kind), piece.Number, piece.StartFrame, piece.FrameCount, piece.Key(row.UserId, row.RequestId)))],
        row.StartedAt);
}

/// <summary>One pinned frame of a record.</summary>
internal sealed record RecordedFrame(
    int Number, ObjectKey ObjectKey, string Sha256, int Width, int Height, string? Timestamp, string? Description, string? Prompt, string? SceneStory);

/// <summary>One clip or joint of a record.</summary>
internal sealed record RecordedPiece(string Kind, int Number, int StartFrame, int FrameCount, ObjectKey ObjectKey);
