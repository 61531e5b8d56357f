using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Contracts;

/// <summary>The <c>data</c> of <c>session.story_ready</c>: nothing is drawn yet.</summary>
/// <param name="RequestId">The session.</param>
/// <param name="Title">The story's.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record StoryReady(RequestId RequestId, [property: StringLength(WireLimits.MaxText)] string Title, UserId UserId);

/// <summary>The <c>data</c> of <c>session.frame_stored</c> and <c>session.frame_inline</c>: a frame has a picture.</summary>
/// <param name="RequestId">The session.</param>
/// <param name="Frame">The frame's number.</param>
/// <param name="ObjectKey">The picture's name in the object store; also while it is inline, where it will lie there.</param>
/// <param name="Sha256">The picture's SHA-256.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record FramePictured(
    RequestId RequestId, [property: Range(1, WireLimits.MaxFrames)] int Frame, ObjectKey ObjectKey, [property: RegularExpression(WireLimits.Sha256), StringLength(64, MinimumLength = 64)] string Sha256, UserId UserId);

/// <summary>The <c>data</c> of <c>session.frame_failed</c>: a frame could not be made, or not made again.</summary>
/// <param name="RequestId">The session.</param>
/// <param name="Frame">The frame's number.</param>
/// <param name="Error">Why.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record FrameFailed(RequestId RequestId, [property: Range(1, WireLimits.MaxFrames)] int Frame, ResourceError Error, UserId UserId);

/// <summary>The <c>data</c> of <c>session.awaiting_approval</c>.</summary>
/// <param name="RequestId">The session.</param>
/// <param name="Stage">What was made, and is to be approved.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record AwaitingApproval(RequestId RequestId, SessionStage Stage, UserId UserId);

/// <summary>The <c>data</c> of <c>session.completed</c>.</summary>
/// <param name="RequestId">The session.</param>
/// <param name="FrameCount">How many frames it has.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record SessionCompleted(RequestId RequestId, [property: Range(0, WireLimits.MaxFrames)] int FrameCount, UserId UserId);

/// <summary>The <c>data</c> of <c>session.failed</c>.</summary>
/// <param name="RequestId">The session.</param>
/// <param name="Error">Why.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record SessionFailed(RequestId RequestId, ResourceError Error, UserId UserId);

/// <summary>The <c>data</c> of <c>session.canceled</c>.</summary>
/// <param name="RequestId">The session.</param>
/// <param name="FrameCount">How many frames it was to have.</param>
/// <param name="FramesReady">How many of them have a picture.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record SessionCanceled(RequestId RequestId, [property: Range(0, WireLimits.MaxFrames)] int FrameCount, [property: Range(0, WireLimits.MaxFrames)] int FramesReady, UserId UserId);

/// <summary>The <c>data</c> of <c>video.clip_completed</c>.</summary>
/// <param name="VideoId">The film.</param>
/// <param name="RequestId">Its session.</param>
/// <param name="Number">The number of the frame that the clip shows.</param>
/// <param name="ObjectKey">The clip's name in the object store.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record ClipCompleted(VideoId VideoId, RequestId RequestId, [property: Range(1, WireLimits.MaxFrames)] int Number, ObjectKey ObjectKey, UserId UserId);

/// <summary>The <c>data</c> of <c>video.completed</c>.</summary>
/// <param name="VideoId">The film.</param>
/// <param name="RequestId">Its session.</param>
/// <param name="ObjectKey">The film's name in the object store.</param>
/// <param name="Sha256">The film's SHA-256.</param>
/// <param name="Bytes">The film's size.</param>
/// <param name="FrameFailures">Frames that the film goes without.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record VideoCompleted(
    VideoId VideoId, RequestId RequestId, ObjectKey ObjectKey, [property: RegularExpression(WireLimits.Sha256), StringLength(64, MinimumLength = 64)] string Sha256, long Bytes,
    [property: MaxLength(WireLimits.MaxFrames)] IReadOnlyList<FrameFailure> FrameFailures, UserId UserId);

/// <summary>The <c>data</c> of <c>video.failed</c>.</summary>
/// <param name="VideoId">The film.</param>
/// <param name="RequestId">Its session.</param>
/// <param name="Error">Why.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record VideoFailed(VideoId VideoId, RequestId RequestId, ResourceError Error, UserId UserId);

/// <summary>The <c>data</c> of <c>video.canceled</c>.</summary>
/// <param name="VideoId">The film.</param>
/// <param name="RequestId">Its session.</param>
/// <param name="UserId">Whose it is.</param>
public sealed record VideoCanceled(VideoId VideoId, RequestId RequestId, UserId UserId);

/// <summary>One type of event.</summary>
/// <param name="Name">The event's <c>type</c>.</param>
/// <param name="Data">What its <c>data</c> is.</param>
/// <param name="Summary">When it happens.</param>
/// <param name="IsSent">Whether it is sent to a <c>callbackUrl</c>.</param>
public sealed record EventType(string Name, Type Data, string Summary, bool IsSent = true);

/// <summary>Every type of event that the two logs have.</summary>
public static class EventTypes
{
    /// <summary>All of them, those of sessions first.</summary>
    public static IReadOnlyList<EventType> All { get; } =
    [
        new("session.story_ready", typeof(StoryReady), "The story is written.", IsSent: false),
        new("session.frame_stored", typeof(FramePictured), "A frame's picture is in the object store."),
        new("session.frame_inline", typeof(FramePictured), "The store refuses a frame's picture, and the service keeps it until it takes it.", IsSent: false),
        new("session.frame_failed", typeof(FrameFailed), "A frame could not be made.", IsSent: false),
        new("session.awaiting_approval", typeof(AwaitingApproval), "The session waits for an approval."),
        new("session.completed", typeof(SessionCompleted), "Every frame has a picture."),
        new("session.failed", typeof(SessionFailed), "The generation has ended without all frames."),
        new("session.canceled", typeof(SessionCanceled), "The generation was stopped."),
        new("video.clip_completed", typeof(ClipCompleted), "A clip is in the object store."),
        new("video.completed", typeof(VideoCompleted), "The film is in the object store."),
        new("video.failed", typeof(VideoFailed), "The film cannot be made."),
        new("video.canceled", typeof(VideoCanceled), "The film was stopped."),
    ];
}
