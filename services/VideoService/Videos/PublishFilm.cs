using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using VideoService.Clips;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>Merges the pieces and puts film, poster and record into the video's own folder of the store. Nobody sees them before the row shows them.</summary>
internal sealed partial class PublishFilm(FilmRenderer renderer, EncoderGate gate, IObjectStore store, AttemptTable attempts, SegmentTable segments, RenderMetrics metrics, TimeProvider clock, ILogger<PublishFilm> logger)
{
    /// <summary>Makes the poster, beside the pieces: the first picture is decoded for them anyway.</summary>
    public async Task MakePosterAsync(PlannedFilm planned, PictureCache pictures, FootageFiles footage, RenderFolder folder, Ownership owner)
    {
        await footage.FetchAsync(planned.Plan.Pieces[0], owner.Token);
        await gate.RunAsync(() => metrics.TimeAsync("poster", number: null, () => renderer.RenderPosterAsync(planned.Plan, pictures, folder.Poster, owner.Token, footage.PathOf)), owner.Token);
    }

    /// <summary>The film as it lies in the store, whole.</summary>
    /// <exception cref="ObjectStoreException">The store does not take it now.</exception>
    public async Task<PublishedFilm> RunAsync(VideoRow row, PlannedFilm planned, IReadOnlyList<string> pieces, string? sound, RenderFolder folder, Ownership owner)
    {
        var plan = planned.Plan;
        owner.Stage = VideoStage.Merging;
        if (row.Asked.Captions is not null) await File.WriteAllTextAsync(folder.Captions, WebVtt.Write(plan), owner.Token);
        var tracks = new FilmTracks(sound, row.Asked.Captions is { Track: true } && plan.Shots.Any(shot => shot.Caption is not null) ? folder.Captions : null, row.Asked.Captions?.Language);
        await gate.RunAsync(() => metrics.TimeAsync("merge", number: null, () => renderer.MergeAsync(plan, pieces, tracks, folder.Film, owner.Token)), owner.Token);
        return await metrics.TimeAsync("publish", number: null, () => PublishAsync(row, planned, folder, owner));
    }

    private async Task<PublishedFilm> PublishAsync(VideoRow row, PlannedFilm planned, RenderFolder folder, Ownership owner)
    {
        var film = await FinishedFile.SpoolAsync(folder.Film, owner.Token);
        var poster = await FinishedFile.SpoolAsync(folder.Poster, owner.Token);
        var published = new PublishedFilm(
            ObjectKeys.Film(row.UserId, row.RequestId, row.VideoId, planned.Plan.Settings.Extension), ObjectKeys.Poster(row.UserId, row.RequestId, row.VideoId), film.Sha256, film.Length, clock.GetRowTime());
        owner.IsPublishing = true;
        await PutAsync(row, published.Key, film, owner);
        await PutAsync(row, published.Poster, poster, owner);
        if (row.Asked.Captions is not null) await PutAsync(row, ObjectKeys.Captions(row.UserId, row.RequestId, row.VideoId), await FinishedFile.SpoolAsync(folder.Captions, owner.Token), owner);
        var record = JsonSerializer.SerializeToUtf8Bytes(VideoRecord.Of(row, planned, published, await segments.ListAsync(row.VideoId, owner.Token)), WireJson.Options);
        var key = ObjectKeys.VideoRecord(row.UserId, row.RequestId, row.VideoId);
        if (!await attempts.WhileOwnedAsync(row, token => store.ReplaceAsync(key, record, token), owner.Token)) owner.Lose();
        return published;
    }

    private async Task PutAsync(VideoRow row, ObjectKey key, SpooledFile file, Ownership owner)
    {
        if (await store.PutAsync(key, file, owner.Token) != PutOutcome.Conflict) return;
        // An earlier attempt, with another encoder or other frames, was stopped between this put and its commit. No row shows that film, so nobody has seen it. But if it is
        // this attempt that was followed by another, what lies there is the film: only the owner removes it.
        Replaced(key);
        if (!await attempts.WhileOwnedAsync(row, token => store.DeleteAsync(key, token), owner.Token)) owner.Lose();
        if (await store.PutAsync(key, file, owner.Token) == PutOutcome.Conflict) throw new IOException($"{key} is written by two at a time.");
    }

    [LoggerMessage(LogLevel.Warning, "{Key} lay there from an earlier attempt with other bytes, which nobody has seen; it is replaced")]
    private partial void Replaced(ObjectKey key);
}

/// <summary>The portable record beside a film: what it was made of, enough to make its rows again.</summary>
internal sealed record VideoRecord(
    string Object, VideoId Id, RequestId RequestId, UserId UserId, long FramesRevision, VideoSettings Settings, double Duration, int Fps, int Width, int Height, int FrameCount,
    DateTimeOffset CreatedAt, IReadOnlyDictionary<string, string>? Metadata, PublishedFilm Film, IReadOnlyList<RecordedFrame> Frames, IReadOnlyList<RecordedPiece> Pieces,
    DateTimeOffset? StartedAt = null, IReadOnlyList<FrameFailure>? FrameFailures = null, IReadOnlyList<RecordedSegment>? Segments = null, IReadOnlyList<RecordedFootage>? Footage = null)
{
    public static VideoRecord Of(VideoRow row, PlannedFilm planned, PublishedFilm film, IReadOnlyList<VideoSegmentRow> segments) => new(
        "video_record", row.VideoId, row.RequestId, row.UserId, row.FramesRevision, row.Asked, row.Duration, row.Fps, row.Width, row.Height, planned.Plan.FrameCount, row.CreatedAt,
        row.Metadata is { } notes ? JsonSerializer.Deserialize<Dictionary<string, string>>(notes, WireJson.Options) : null,
        film,
        [.. planned.Frames.Select(frame => new RecordedFrame(frame.Number, frame.ObjectKey, frame.Sha256, frame.Width, frame.Height, frame.Timestamp, frame.Description, frame.Prompt, frame.SceneStory))],
        [.. planned.Plan.Pieces.Select(piece => new RecordedPiece(VideoPieceRow.KindOf(piece.Kind), piece.Number, piece.StartFrame, piece.FrameCount, piece.Key(row.UserId, row.RequestId, planned.Plan.Settings.Extension)))],
        row.StartedAt,
        planned.Failures(row.Asked.OnFrameFailure),
        segments.Count == 0 ? null : [.. segments.Select(segment => new RecordedSegment(segment.Track, segment.Position, segment.Part, segment.Seconds, segment.ObjectKey, segment.InitKey))],
        planned.Footage.Count == 0 ? null : [.. planned.Footage.OrderBy(clip => clip.Key).Select(clip => RecordedFootage.Of(clip.Key, clip.Value))]);
}

/// <summary>One pinned frame of a record.</summary>
internal sealed record RecordedFrame(
    int Number, ObjectKey ObjectKey, string Sha256, int Width, int Height, string? Timestamp, string? Description, string? Prompt, string? SceneStory);

/// <summary>One segment of an HLS film's record; older records, and films of other formats, have none.</summary>
internal sealed record RecordedSegment(string Track, int Position, int Part, double Seconds, ObjectKey ObjectKey, ObjectKey InitKey);

/// <summary>One clip of an AI service, of a record: who made it and of what, so that nobody pays for it again.</summary>
internal sealed record RecordedFootage(int Number, string InputHash, ObjectKey ObjectKey, string Provider, string Model, AskedClip Asked, Rendering.Foreign.Footage Clip)
{
    public static RecordedFootage Of(int number, ClipTaskRow task) =>
        new(number, task.InputHash, task.ObjectKey!.Value, task.Provider, task.Model, JsonSerializer.Deserialize<AskedClip>(task.Asked, WireJson.Options)!, task.Clip!);
}

/// <summary>One clip or joint of a record.</summary>
internal sealed record RecordedPiece(string Kind, int Number, int StartFrame, int FrameCount, ObjectKey ObjectKey);
