namespace FrameVideo.Contracts;

/// <summary>A body that may name the user for whom something is asked.</summary>
public interface INamesUser
{
    /// <summary>For whom, where the caller may act for others or nobody is authenticated.</summary>
    string? UserId { get; }
}

/// <summary>
/// The body of <c>POST /v1/sessions</c>. With <see cref="Frames"/> it saves frames made elsewhere, else it generates and needs <see cref="Prompt"/>.
/// </summary>
public sealed record CreateSessionRequest : INamesUser
{
    /// <summary>The generation's ID, where the client has made one. Else it is found in the frames' URLs, else made.</summary>
    public string? RequestId { get; init; }

    /// <summary>The former name of <see cref="RequestId"/>; where both are given they must be equal.</summary>
    public string? SessionId { get; init; }

    /// <summary>For whom, where the caller may act for others or nobody is authenticated.</summary>
    public string? UserId { get; init; }

    /// <summary>What the film is about, 1-4,000 characters.</summary>
    public string? Prompt { get; init; }

    /// <summary>The hand; Realistic by default.</summary>
    public Style? Style { get; init; }

    /// <summary>The palette; Vibrant by default.</summary>
    public Mood? Mood { get; init; }

    /// <summary>The film's length in seconds, 2-600; five for each frame by default.</summary>
    public double? VideoDuration { get; init; }

    /// <summary>1-1,000; max(2, ceil(duration / 5)) by default.</summary>
    public int? FrameCount { get; init; }

    /// <summary>One of the eight sizes; 1280:720 by default.</summary>
    public AspectRatio? AspectRatio { get; init; }

    /// <summary>Same seed, same pictures; chosen for you by default.</summary>
    public long? Seed { get; init; }

    /// <summary>The caller's own notes: at most 20, keys of 1-64 and values of at most 500 characters.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Frames made elsewhere; saving again replaces.</summary>
    public IReadOnlyList<SaveFrame>? Frames { get; init; }
}

/// <summary>One frame made elsewhere.</summary>
public sealed record SaveFrame
{
    /// <summary>Its place, 1-1,000.</summary>
    public required int Number { get; init; }

    /// <summary>When it appears in the film, <c>m:ss</c>; spread evenly by default.</summary>
    public string? Timestamp { get; init; }

    /// <summary>A link of ours, a link that anybody can read, or a data URL. Null keeps the picture that this frame has.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>What is seen, at most 4,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>What the artist was asked for, at most 4,000 characters.</summary>
    public string? Prompt { get; init; }

    /// <summary>The part of the story that it shows, at most 4,000 characters.</summary>
    public string? SceneStory { get; init; }
}

/// <summary>The body of <c>PATCH /v1/sessions/{requestId}/frames/{n}</c>: what is absent or null stays, an empty text empties.</summary>
public sealed record PatchFrameRequest
{
    /// <summary>What is seen, at most 4,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>What the artist was asked for, at most 4,000 characters.</summary>
    public string? Prompt { get; init; }

    /// <summary>The part of the story that it shows, at most 4,000 characters.</summary>
    public string? SceneStory { get; init; }
}

/// <summary>The body of <c>POST /v1/videos</c>.</summary>
public sealed record CreateVideoRequest : INamesUser
{
    /// <summary>The generation whose frames are filmed.</summary>
    public string? RequestId { get; init; }

    /// <summary>For whom, where the caller may act for others or nobody is authenticated.</summary>
    public string? UserId { get; init; }

    /// <summary>The film's size; the session's by default.</summary>
    public AspectRatio? AspectRatio { get; init; }

    /// <summary>Pictures a second: 24, 25, 30, 50 or 60; 30 by default.</summary>
    public int? Fps { get; init; }

    /// <summary>How hard the encoder tries; standard by default.</summary>
    public VideoQuality? Quality { get; init; }

    /// <summary>0.5-60. By default the session's duration is divided evenly.</summary>
    public double? SecondsPerFrame { get; init; }

    /// <summary>How the camera moves over each picture; kenburns by default.</summary>
    public Motion? Motion { get; init; }

    /// <summary>How one picture becomes the next; fade by default.</summary>
    public Transition? Transition { get; init; }

    /// <summary>How pictures of another ratio are fitted. By default cover, and contain where cover would lose more than two fifths of the picture.</summary>
    public Fit? Fit { get; init; }

    /// <summary>What becomes of a frame without a usable picture; fail by default.</summary>
    public OnFrameFailure? OnFrameFailure { get; init; }

    /// <summary>The session's revision that the caller has seen; another one is refused with 409.</summary>
    public long? FramesRevision { get; init; }

    /// <summary>The caller's own notes: at most 20, keys of 1-64 and values of at most 500 characters.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Find the frames and answer with the plan alone; nothing is kept.</summary>
    public bool DryRun { get; init; }
}
