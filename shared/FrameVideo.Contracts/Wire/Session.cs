using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>Where a session stands.</summary>
[JsonConverter(typeof(SnakeCaseConverter<SessionStatus>))]
public enum SessionStatus
{
    /// <summary>Pictures were uploaded under the request ID; nothing has been saved or asked for yet.</summary>
    Draft,

    /// <summary>Generation is asked for and waits for a worker.</summary>
    Queued,

    /// <summary>A worker is at it.</summary>
    InProgress,

    /// <summary>Paused until somebody approves; the stage says what was made last.</summary>
    AwaitingApproval,

    /// <summary>Every frame is stored or inline.</summary>
    Completed,

    /// <summary>Generation ended without all frames; see <c>error</c>.</summary>
    Failed,

    /// <summary>Stopped on request; frames that were made stay.</summary>
    Canceled,
}

/// <summary>What generation is doing.</summary>
[JsonConverter(typeof(SnakeCaseConverter<SessionStage>))]
public enum SessionStage
{
    /// <summary>The story is being written.</summary>
    Story,

    /// <summary>Frames are being made.</summary>
    Frames,
}

/// <summary>Where a frame stands.</summary>
[JsonConverter(typeof(SnakeCaseConverter<FrameStatus>))]
public enum FrameStatus
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Being made, or made again; the former picture is seen until the new one is safe.</summary>
    Generating,

    /// <summary>In the object store.</summary>
    Stored,

    /// <summary>Parked with the service, since the store refused it; moves to the store later.</summary>
    Inline,

    /// <summary>Not made; see <c>error</c>.</summary>
    Failed,
}

/// <summary>One generation: its prompt, its story and its frames.</summary>
public sealed record Session
{
    /// <summary>The request ID.</summary>
    public required RequestId Id { get; init; }

    /// <summary>The request ID again, by its own name.</summary>
    public required RequestId RequestId { get; init; }

    /// <summary>The request ID again, by the name that browsers use.</summary>
    public required RequestId SessionId { get; init; }

    /// <summary>Always <c>session</c>.</summary>
    [AllowedValues("session")]
    public string Object { get; init; } = "session";

    /// <summary>Whose session it is.</summary>
    public required UserId UserId { get; init; }

    /// <summary>Where it stands.</summary>
    public required SessionStatus Status { get; init; }

    /// <summary>What generation is doing, while it runs; what is to be approved, while it waits.</summary>
    public SessionStage? Stage { get; init; }

    /// <summary>0 to 100.</summary>
    [Range(0, 100)]
    public required int Progress { get; init; }

    /// <summary>Counts up whenever a frame's picture changes; a precondition for videos.</summary>
    public required long FramesRevision { get; init; }

    /// <summary>What was asked for.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? OriginalPrompt { get; init; }

    /// <summary>The hand.</summary>
    public Style? Style { get; init; }

    /// <summary>The palette.</summary>
    public Mood? Mood { get; init; }

    /// <summary>The film's length in seconds, 2-600.</summary>
    [Range(0, WireLimits.MaxDuration)]
    public double? VideoDuration { get; init; }

    /// <summary>How many frames there are or will be.</summary>
    [Range(0, WireLimits.MaxFrames)]
    public required int FrameCount { get; init; }

    /// <summary>The frames' size.</summary>
    public required AspectRatio AspectRatio { get; init; }

    /// <summary>The seed from which the same session can be made again.</summary>
    public long? Seed { get; init; }

    /// <summary>The story, once written.</summary>
    public Story? Story { get; init; }

    /// <summary>The frames by number; null in lists.</summary>
    [MaxLength(WireLimits.MaxFrames)]
    public IReadOnlyList<Frame>? Frames { get; init; }

    /// <summary>How many frames have a picture; null in lists.</summary>
    [Range(0, WireLimits.MaxFrames)]
    public int? FramesReady { get; init; }

    /// <summary>After what it waits for an approval, as it was asked for; also once that was given.</summary>
    public SessionStage? PauseAfter { get; init; }

    /// <summary>What was used to make it.</summary>
    public required Usage Usage { get; init; }

    /// <summary>The caller's own notes.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it is deleted, with its films, if nothing changes any more; null for never, and while it is being generated.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why it failed.</summary>
    public ResourceError? Error { get; init; }

    /// <summary>Where to go from here.</summary>
    public required SessionLinks Links { get; init; }
}

/// <summary>Addresses around a session; clients never build one.</summary>
/// <param name="Self">The session.</param>
/// <param name="Events">Its event log.</param>
/// <param name="Cancel">POST here to stop it; null when there is nothing to stop.</param>
/// <param name="Approve">POST here to let it go on; null unless it awaits that.</param>
/// <param name="Retry">POST here to make what is missing; null unless it has failed or was canceled.</param>
public sealed record SessionLinks(
    [property: Url] string Self, [property: Url] string Events, [property: Url] string? Cancel, [property: Url] string? Approve = null, [property: Url] string? Retry = null);

/// <summary>One picture of a storyboard.</summary>
public sealed record Frame
{
    /// <summary>Always <c>frame</c>.</summary>
    [AllowedValues("frame")]
    public string Object { get; init; } = "frame";

    /// <summary>The request ID of its session.</summary>
    public required RequestId RequestId { get; init; }

    /// <summary>Its place, from 1.</summary>
    [Range(1, WireLimits.MaxFrames)]
    public required int Number { get; init; }

    /// <summary>When it appears in the film, <c>m:ss</c>.</summary>
    [StringLength(WireLimits.MaxTimestamp)]
    public string? Timestamp { get; init; }

    /// <summary>A link that works without headers; null until there is a picture.</summary>
    [Url, StringLength(WireLimits.MaxDataUrl)]
    public string? ImageUrl { get; init; }

    /// <summary>Where it stands.</summary>
    public required FrameStatus Status { get; init; }

    /// <summary>What is seen, for people.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? Description { get; init; }

    /// <summary>What the artist was asked for.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? Prompt { get; init; }

    /// <summary>The part of the story that it shows.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? SceneStory { get; init; }

    /// <summary>Pixels across, as seen upright.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels down, as seen upright.</summary>
    public int? Height { get; init; }

    /// <summary>image/png, image/jpeg or image/webp.</summary>
    [AllowedValues("image/png", "image/jpeg", "image/webp", null)]
    public string? ContentType { get; init; }

    /// <summary>The picture's size in bytes.</summary>
    public long? Bytes { get; init; }

    /// <summary>SHA-256 of the picture, 64 lower-case hex digits.</summary>
    [RegularExpression(WireLimits.Sha256), StringLength(64, MinimumLength = 64)]
    public string? Sha256 { get; init; }

    /// <summary>Its name in the object store; also while it is inline, where it will lie there.</summary>
    public ObjectKey? ObjectKey { get; init; }

    /// <summary>Who made it: <c>draft</c> for the local artist, <c>upload</c> for a person's picture, else an AI service.</summary>
    [StringLength(WireLimits.MaxName)]
    public string? Provider { get; init; }

    /// <summary>The seed from which the picture was made; with the same texts it gives the same picture again. Null for a picture that a person brought.</summary>
    public long? Seed { get; init; }

    /// <summary>Why it was not made, or not made again; in the latter case the former picture is still there.</summary>
    public ResourceError? Error { get; init; }

    /// <summary>Where to go from here.</summary>
    public FrameLinks? Links { get; init; }
}

/// <summary>Addresses around a frame; clients never build one.</summary>
/// <param name="Self">The frame.</param>
/// <param name="Image">Its picture, for callers with a credential; <c>imageUrl</c> works without one.</param>
/// <param name="Regenerate">POST here to have the picture made again.</param>
public sealed record FrameLinks([property: Url] string Self, [property: Url] string Image, [property: Url] string Regenerate);

/// <summary>What a film tells, scene by scene.</summary>
/// <param name="Title">A few words.</param>
/// <param name="OverallStory">The whole in a few sentences.</param>
/// <param name="Scenes">One for each frame, in order.</param>
/// <param name="Profile">What is the same in every frame and goes with every frame's prompt; null where the local writer wrote, or a person.</param>
/// <param name="Provider">Who wrote it: <c>draft</c> for the local writer, else an AI service; null for a person's own.</param>
/// <param name="Model">Which of its models.</param>
public sealed record Story(
    [property: StringLength(WireLimits.MaxText)] string Title, [property: StringLength(WireLimits.MaxStory)] string OverallStory, [property: MaxLength(WireLimits.MaxFrames)] IReadOnlyList<Scene> Scenes,
    StoryProfile? Profile = null, [property: StringLength(WireLimits.MaxName)] string? Provider = null, [property: StringLength(WireLimits.MaxName)] string? Model = null);

/// <summary>What is the same in every frame of a film, so that people and places stay what they are.</summary>
/// <param name="Characters">Everybody and everything that is seen more than once, and how they look.</param>
/// <param name="Style">Technique, palette, light and lens.</param>
public sealed record StoryProfile([property: StringLength(WireLimits.MaxProfile)] string Characters, [property: StringLength(WireLimits.MaxProfile)] string Style);

/// <summary>One scene of a story.</summary>
/// <param name="SceneNumber">Its place, from 1.</param>
/// <param name="Timeframe">When it plays, <c>0:00-0:05</c>.</param>
/// <param name="Description">What happens.</param>
public sealed record Scene(
    [property: Range(1, WireLimits.MaxFrames)] int SceneNumber, [property: StringLength(WireLimits.MaxTimestamp)] string Timeframe, [property: StringLength(WireLimits.MaxText)] string Description);

/// <summary>Why a session, a frame or a video failed.</summary>
/// <param name="Code">From the table of <see cref="ErrorCodes"/>.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Frame">The frame that it is about.</param>
/// <param name="Retryable">Whether another try can help.</param>
/// <param name="Field">What it is about: the frame's or the session's <c>prompt</c>, or its <c>image</c> where a picture went along. Told where an AI service has refused its content.</param>
public sealed record ResourceError(
    [property: RegularExpression(ErrorCode.Pattern), StringLength(ErrorCode.MaxLength)] string Code, [property: StringLength(WireLimits.MaxText)] string Message, [property: Range(1, WireLimits.MaxFrames)] int? Frame = null, bool Retryable = false,
    [property: StringLength(WireLimits.MaxName)] string? Field = null);
