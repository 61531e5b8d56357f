using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>Where a video stands.</summary>
[JsonConverter(typeof(SnakeCaseConverter<VideoStatus>))]
public enum VideoStatus
{
    /// <summary>Its frames are pinned; it waits for a worker.</summary>
    Queued,

    /// <summary>A worker is at it.</summary>
    InProgress,

    /// <summary>The film is in the store.</summary>
    Completed,

    /// <summary>Ended without a film; see <c>error</c>.</summary>
    Failed,

    /// <summary>Stopped on request.</summary>
    Canceled,
}

/// <summary>What a render is doing.</summary>
[JsonConverter(typeof(SnakeCaseConverter<VideoStage>))]
public enum VideoStage
{
    /// <summary>Pictures are read from the store, checked and decoded.</summary>
    Loading,

    /// <summary>Clips and joints are encoded.</summary>
    Rendering,

    /// <summary>They are joined and published.</summary>
    Merging,

    /// <summary>All is rendered; the store does not answer yet.</summary>
    WaitingForStore,

    /// <summary>An AI service makes clips, or takes no more at present. No worker waits with it.</summary>
    WaitingForProvider,
}

/// <summary>What becomes of a frame without a usable picture: one that an ended session never made, or whose picture is missing or damaged when the film is rendered.</summary>
[JsonConverter(typeof(SnakeCaseConverter<OnFrameFailure>))]
public enum OnFrameFailure
{
    /// <summary>There is no film: the request is refused, or the video fails and names the frame.</summary>
    Fail,

    /// <summary>The film goes on without the frame; the others share its time. The film's length stays.</summary>
    Skip,

    /// <summary>The picture before it (for the first ones: after it) stays for its time, too, in one move of the camera and without a transition. The film's length stays.</summary>
    Hold,
}

/// <summary>How a film goes without a frame's picture, or without its clip.</summary>
[JsonConverter(typeof(SnakeCaseConverter<FrameOutcome>))]
public enum FrameOutcome
{
    /// <summary>It is left out.</summary>
    Skipped,

    /// <summary>A neighbour's picture is seen in its time.</summary>
    Held,

    /// <summary>The camera moves over its picture in place of the clip that an AI service should have made of it.</summary>
    Rendered,
}

/// <summary>A frame whose picture, or whose clip, a film goes without.</summary>
/// <param name="Number">The frame's number.</param>
/// <param name="Outcome">What was done about it.</param>
/// <param name="ShownFrame">Of one that is held: the frame whose picture is seen instead.</param>
/// <param name="Error">Why it has no usable picture.</param>
public sealed record FrameFailure([property: Range(1, WireLimits.MaxFrames)] int Number, FrameOutcome Outcome, [property: Range(1, WireLimits.MaxFrames)] int? ShownFrame, ResourceError Error);

/// <summary>One film of one session.</summary>
public sealed record Video
{
    /// <summary>The film's ID.</summary>
    public required VideoId Id { get; init; }

    /// <summary>Always <c>video</c>.</summary>
    [AllowedValues("video")]
    public string Object { get; init; } = "video";

    /// <summary>The generation whose frames it shows.</summary>
    public required RequestId RequestId { get; init; }

    /// <summary>Whose film it is.</summary>
    public required UserId UserId { get; init; }

    /// <summary>Where it stands.</summary>
    public required VideoStatus Status { get; init; }

    /// <summary>What the render is doing, while it runs.</summary>
    public VideoStage? Stage { get; init; }

    /// <summary>0 to 100.</summary>
    [Range(0, 100)]
    public required int Progress { get; init; }

    /// <summary>The film's length in seconds.</summary>
    [Range(0, 60_000)]
    public required double Duration { get; init; }

    /// <summary>Pictures a second.</summary>
    [AllowedValues(24, 25, 30, 50, 60)]
    public required int Fps { get; init; }

    /// <summary>Pixels across.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels down.</summary>
    public required int Height { get; init; }

    /// <summary>What it is stored as.</summary>
    public required VideoFormat Format { get; init; }

    /// <summary>The parts in which one frame alone is seen, in order.</summary>
    [MaxLength(WireLimits.MaxFrames)]
    public required IReadOnlyList<Clip> Clips { get; init; }

    /// <summary>The session's revision that was pinned.</summary>
    public required long FramesRevision { get; init; }

    /// <summary>Whether the session's frames have moved on from the revision that was pinned; null where that is not known, since FrameService does not answer in time or has deleted the session.</summary>
    public bool? Stale { get; init; }

    /// <summary>Frames that the film goes without, by number; empty unless <c>onFrameFailure</c> is skip or hold.</summary>
    [MaxLength(WireLimits.MaxFrames)]
    public IReadOnlyList<FrameFailure> FrameFailures { get; init; } = [];

    /// <summary>The film's SHA-256, once there is one.</summary>
    [RegularExpression(WireLimits.Sha256), StringLength(64, MinimumLength = 64)]
    public string? Sha256 { get; init; }

    /// <summary>The film's size in bytes, once there is one.</summary>
    public long? Bytes { get; init; }

    /// <summary>The film's name in the object store, once it is there.</summary>
    public ObjectKey? ObjectKey { get; init; }

    /// <summary>What was used to make it.</summary>
    public required Usage Usage { get; init; }

    /// <summary>The caller's own notes.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a worker first took it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended, whichever way.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When it is deleted, unless its session is before; null for never, and while it is being made.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why it failed.</summary>
    public ResourceError? Error { get; init; }

    /// <summary>Where to go from here.</summary>
    public required VideoLinks Links { get; init; }
}

/// <summary>One part of a film, in which one frame alone is seen.</summary>
/// <param name="Number">The frame's number.</param>
/// <param name="Status"><c>pending</c> or <c>completed</c>.</param>
/// <param name="StartFrame">Its first picture in the film, from 0.</param>
/// <param name="FrameCount">How many pictures it has.</param>
/// <param name="Url">A link that works without headers, once it is completed.</param>
public sealed record Clip(
    [property: Range(1, WireLimits.MaxFrames)] int Number, [property: AllowedValues("pending", "completed")] string Status, int StartFrame, int FrameCount, [property: Url] string? Url);

/// <summary>Addresses around a video; clients never build one.</summary>
/// <param name="Self">The video.</param>
/// <param name="Events">Its event log.</param>
/// <param name="Cancel">POST here to stop it; null when there is nothing to stop.</param>
/// <param name="Content">The film, by a link that works without headers; null until there is one.</param>
/// <param name="Poster">Its poster, likewise.</param>
/// <param name="Retry">POST here to go on with it; null unless it failed or was canceled.</param>
/// <param name="Playlist">The HLS playlist, by a link that works without headers: there at once, and it grows while the film is rendered. Null unless the format is hls.</param>
/// <param name="Captions">The film's captions as WebVTT, by a link that works without headers; null until there is a film, and where it has no captions.</param>
/// <param name="Rerender">POST here for a new film of the session's present frames; null unless it is stale.</param>
public sealed record VideoLinks(
    [property: Url] string Self, [property: Url] string Events, [property: Url] string? Cancel, [property: Url] string? Content, [property: Url] string? Poster, [property: Url] string? Retry = null,
    [property: Url] string? Rerender = null, [property: Url] string? Playlist = null, [property: Url] string? Captions = null);
