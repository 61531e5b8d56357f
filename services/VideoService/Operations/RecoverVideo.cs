using System.Data.Common;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using VideoService.Clips;
using VideoService.Videos;

namespace VideoService.Operations;

/// <summary>Makes the rows of one film again, from the record that lies beside it.</summary>
internal sealed class RecoverVideo(DbDataSource database, PinTable pins, IObjectStore store, TimeProvider clock)
{
    /// <summary>A thousand frames with texts at their longest stay below.</summary>
    private const long MaxRecordBytes = 64L * 1024 * 1024;

    /// <summary>Reads the record.</summary>
    /// <param name="film">The record's key.</param>
    /// <param name="there">The objects of its session: what is not among them is told as missing.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="CommandFailedException">The record tells of no whole film; the message says why.</exception>
    public async Task<RebuiltVideo> ReadAsync(ObjectKey film, IReadOnlyDictionary<ObjectKey, ObjectEntry> there, CancellationToken cancellationToken)
    {
        await using var found = await store.GetAsync(film, null, cancellationToken) ?? throw new CommandFailedException("video.json has just been removed");
        if (found.TotalLength > MaxRecordBytes) throw new CommandFailedException("video.json is too large to be ours");
        VideoRecord record;
        try
        {
            record = await JsonSerializer.DeserializeAsync<VideoRecord>(found.Content, WireJson.Options, cancellationToken) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new CommandFailedException("video.json cannot be read", exception);
        }

        Check(record, film);
        if (!there.TryGetValue(record.Film.Key, out var whole)) throw new CommandFailedException($"{record.Film.Key.FileName} is not in the store");
        if (whole.Length != record.Film.Bytes) throw new CommandFailedException($"{record.Film.Key.FileName} has {whole.Length} bytes, and video.json tells of {record.Film.Bytes}");
        return new RebuiltVideo(RowOf(record, film.VideoId, found.LastModified), [.. record.Frames.Select(frame => Pin(film.VideoId, frame))], [.. record.Pieces.Select((piece, position) => PieceOf(film.VideoId, piece, position, there))],
            [.. (record.FrameFailures ?? []).Select(failure => VideoFrameFailureRow.Of(film.VideoId, failure.Number, failure.Error))],
            Footage(record, film, there),
            [.. (record.Segments ?? []).Where(segment => there.ContainsKey(segment.ObjectKey) && there.ContainsKey(segment.InitKey)).Select(segment => SegmentOf(film.VideoId, segment))]);
    }

    /// <summary>Writes the rows; false where the film has rows by now, a tombstone too.</summary>
    public Task<bool> WriteAsync(RebuiltVideo rebuilt, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (!await OperatorTable.InsertCompletedAsync(transaction, rebuilt.Video)) return false;
            foreach (var frame in rebuilt.Frames) await pins.InsertAsync(transaction, frame, inline: null);
            await pins.InsertAsync(transaction, rebuilt.Pieces);
            await pins.InsertAsync(transaction, rebuilt.Failures);
            await SegmentTable.InsertAsync(transaction, rebuilt.Segments);
            foreach (var (task, want) in rebuilt.Footage) await ClipTaskTable.RecoverAsync(transaction, task, want);
            return true;
        },
        cancellationToken);

    /// <summary>Keys inside are as untrusted as the file: only this film's and this session's own are taken.</summary>
    private static void Check(VideoRecord record, ObjectKey film)
    {
        var isOurs = record.Id == film.VideoId && record.UserId == film.UserId && record.RequestId == film.RequestId
            && record.Film is { Sha256.Length: 64 } && record.Film.Key.VideoId == film.VideoId && record.Film.Key.Kind == ObjectKind.Film && record.Film.Poster.VideoId == film.VideoId
            && record.Frames.All(frame => frame is not null && IsOfSession(frame.ObjectKey)) && record.Pieces.All(piece => piece is not null && IsOfSession(piece.ObjectKey))
            && (record.Segments ?? []).All(segment => segment is not null && IsOfFilm(segment.ObjectKey, ObjectKind.Segment) && (IsOfFilm(segment.InitKey, ObjectKind.Init) || segment.InitKey == segment.ObjectKey))
            && (record.Footage ?? []).All(clip => clip is { InputHash.Length: 64 } && clip.ObjectKey.Kind == ObjectKind.Footage && IsOfSession(clip.ObjectKey))
            && (record.Settings.Audio is not { } audio || (audio.ObjectKey.IsSound && IsOfSession(audio.ObjectKey)));
        if (!isOurs) throw new CommandFailedException("video.json is of another film");

        bool IsOfFilm(ObjectKey key, ObjectKind kind) => IsOfSession(key) && key.VideoId == film.VideoId && key.Kind == kind;

        bool IsOfSession(ObjectKey key) => key.UserId == film.UserId && key.RequestId == film.RequestId;
    }

    private VideoRow RowOf(VideoRecord record, VideoId id, DateTimeOffset written) => new()
    {
        VideoId = id,
        UserId = record.UserId,
        RequestId = record.RequestId,
        Status = WireText.Of(VideoStatus.Completed),
        Progress = 100,
        // Readers may hold an ETag of a former revision: this one is larger than any that counting has reached.
        Revision = clock.GetUtcNow().ToUnixTimeSeconds(),
        Settings = JsonSerializer.Serialize(record.Settings, WireJson.Options),
        FramesRevision = record.FramesRevision,
        Duration = record.Duration,
        Fps = record.Fps,
        Width = record.Width,
        Height = record.Height,
        Metadata = record.Metadata is null ? null : JsonSerializer.Serialize(record.Metadata, WireJson.Options),
        FilmKey = record.Film.Key,
        PosterKey = record.Film.Poster,
        Sha256 = record.Film.Sha256,
        Bytes = record.Film.Bytes,
        CreatedAt = record.CreatedAt,
        StartedAt = record.StartedAt ?? record.CreatedAt,
        CompletedAt = record.Film.CompletedAt ?? written,
    };

    private static VideoFrameRow Pin(VideoId id, RecordedFrame frame) => new()
    {
        VideoId = id,
        Number = frame.Number,
        Status = WireText.Of(FrameStatus.Stored),
        ObjectKey = frame.ObjectKey,
        Sha256 = frame.Sha256,
        Width = frame.Width,
        Height = frame.Height,
        Timestamp = frame.Timestamp,
        Description = frame.Description,
        Prompt = frame.Prompt,
        SceneStory = frame.SceneStory,
    };

    private static VideoSegmentRow SegmentOf(VideoId id, RecordedSegment segment) =>
        new() { VideoId = id, Track = segment.Track, Position = segment.Position, Part = segment.Part, Seconds = segment.Seconds, ObjectKey = segment.ObjectKey, InitKey = segment.InitKey };

    private static List<(ClipTaskRow Task, ClipWantRow Want)> Footage(VideoRecord record, ObjectKey film, IReadOnlyDictionary<ObjectKey, ObjectEntry> there) =>
    [
        .. (record.Footage ?? []).Where(clip => there.ContainsKey(clip.ObjectKey)).Select(clip => (
            new ClipTaskRow
            {
                UserId = record.UserId, RequestId = record.RequestId, InputHash = clip.InputHash, Number = clip.ObjectKey.Number, Provider = clip.Provider, Model = clip.Model, Asked = JsonSerializer.Serialize(clip.Asked, WireJson.Options),
                Status = ClipTaskRow.Stored, ObjectKey = clip.ObjectKey, Footage = JsonSerializer.Serialize(clip.Clip, WireJson.Options), CreatedAt = record.CreatedAt,
            },
            new ClipWantRow { VideoId = film.VideoId, Number = clip.Number, UserId = record.UserId, RequestId = record.RequestId, InputHash = clip.InputHash })),
    ];

    private static VideoPieceRow PieceOf(VideoId id, RecordedPiece piece, int position, IReadOnlyDictionary<ObjectKey, ObjectEntry> there) => new()
    {
        VideoId = id,
        Position = position,
        Kind = piece.Kind,
        Number = piece.Number,
        StartFrame = piece.StartFrame,
        FrameCount = piece.FrameCount,
        ObjectKey = piece.ObjectKey,
        Status = there.ContainsKey(piece.ObjectKey) ? VideoPieceRow.Completed : VideoPieceRow.Pending,
    };
}

/// <summary>The rows of a film as its record tells of them; nothing is written yet.</summary>
internal sealed record RebuiltVideo(VideoRow Video, IReadOnlyList<VideoFrameRow> Frames, IReadOnlyList<VideoPieceRow> Pieces, IReadOnlyList<VideoFrameFailureRow> Failures, IReadOnlyList<(ClipTaskRow Task, ClipWantRow Want)> Footage, IReadOnlyList<VideoSegmentRow> Segments);
