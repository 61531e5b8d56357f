using System.Text.Json;
using FrameVideo.Contracts;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>A row of <c>videos</c>.</summary>
internal sealed record VideoRow
{
    public VideoId VideoId { get; init; }

    public UserId UserId { get; init; }

    public RequestId RequestId { get; init; }

    public string Status { get; init; } = WireText.Of(VideoStatus.Queued);

    public string? Stage { get; init; }

    public int Progress { get; init; }

    public long Revision { get; init; } = 1;

    public long EventNumber { get; init; }

    /// <summary>Which attempt works on it or did last; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>Attempts since the last piece that was finished.</summary>
    public int IdleAttempts { get; init; }

    public string Settings { get; init; } = "{}";

    public long FramesRevision { get; init; }

    public double Duration { get; init; }

    public int Fps { get; init; }

    public int Width { get; init; }

    public int Height { get; init; }

    public string? Metadata { get; init; }

    public string? Error { get; init; }

    public ObjectKey? FilmKey { get; init; }

    public ObjectKey? PosterKey { get; init; }

    public string? Sha256 { get; init; }

    public long? Bytes { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public VideoStatus State => WireText.Parse<VideoStatus>(Status);

    /// <summary>Whether a worker is at it or will be.</summary>
    public bool IsOpen => DeletedAt is null && State is VideoStatus.Queued or VideoStatus.InProgress;

    /// <summary>Whether it ended without a film.</summary>
    public bool IsRetryable => State is VideoStatus.Failed or VideoStatus.Canceled;

    /// <summary>What the caller asked for.</summary>
    public VideoSettings Asked => JsonSerializer.Deserialize<VideoSettings>(Settings, WireJson.Options)!;

    /// <summary>Whether its playlists have a track of captions.</summary>
    public bool HasCaptionTrack => Asked is { Format: VideoFormat.Hls, Captions.Track: true };

    /// <summary>What the renderer is told.</summary>
    public FilmSettings Film => (Asked with { Fps = Fps }).Film(Duration, Width, Height);
}

/// <summary>A row of <c>video_frames</c>; the bytes of inline ones are read one by one.</summary>
internal sealed record VideoFrameRow
{
    public VideoId VideoId { get; init; }

    public int Number { get; init; }

    public string Status { get; init; } = "";

    public ObjectKey ObjectKey { get; init; }

    public string Sha256 { get; init; } = "";

    public int Width { get; init; }

    public int Height { get; init; }

    public string? Timestamp { get; init; }

    public string? Description { get; init; }

    public string? Prompt { get; init; }

    public string? SceneStory { get; init; }

    public FilmFrame Film => new(Number, Sha256, Width, Height);
}

/// <summary>A row of <c>video_frame_failures</c>.</summary>
internal sealed record VideoFrameFailureRow
{
    public VideoId VideoId { get; init; }

    public int Number { get; init; }

    public string Error { get; init; } = "{}";

    public ResourceError Why => JsonSerializer.Deserialize<ResourceError>(Error, WireJson.Options)!;

    public static VideoFrameFailureRow Of(VideoId videoId, int number, ResourceError error) =>
        new() { VideoId = videoId, Number = number, Error = JsonSerializer.Serialize(error, WireJson.Options) };
}

/// <summary>A row of <c>video_segments</c>.</summary>
internal sealed record VideoSegmentRow
{
    public const string Video = "video";
    public const string Sound = "sound";
    public const string Captions = "captions";

    public VideoId VideoId { get; init; }

    /// <summary>video, sound or captions.</summary>
    public string Track { get; init; } = Video;

    /// <summary>That of its piece; 0 for others than pictures.</summary>
    public int Position { get; init; }

    /// <summary>Its place among those of its piece, from 0.</summary>
    public int Part { get; init; }

    public double Seconds { get; init; }

    public ObjectKey ObjectKey { get; init; }

    /// <summary>What comes before it; captions have nothing, and name themselves.</summary>
    public ObjectKey InitKey { get; init; }
}

/// <summary>A row of <c>video_pieces</c>.</summary>
internal sealed record VideoPieceRow
{
    public const string Pending = "pending";
    public const string Completed = "completed";

    public VideoId VideoId { get; init; }

    public int Position { get; init; }

    public string Kind { get; init; } = "";

    public int Number { get; init; }

    public int StartFrame { get; init; }

    public int FrameCount { get; init; }

    public ObjectKey? ObjectKey { get; init; }

    public string Status { get; init; } = Pending;

    public bool IsClip => Kind == KindOf(PieceKind.Clip);

    public static string KindOf(PieceKind kind) => kind == PieceKind.Clip ? "clip" : "joint";
}
