using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Contracts;

/// <summary>A body that may name the user for whom something is asked.</summary>
public interface INamesUser
{
    /// <summary>For whom, where the caller may act for others or nobody is authenticated.</summary>
    string? UserId { get; }
}

/// <summary>
/// The body of <c>POST /v1/sessions</c>. With <c>frames</c> it saves frames made elsewhere, else it generates and needs <c>prompt</c>.
/// </summary>
public sealed record CreateSessionRequest : INamesUser
{
    /// <summary>The generation's ID, where the client has made one. Else it is found in the frames' URLs, else made.</summary>
    [RegularExpression(Contracts.RequestId.Pattern), StringLength(Contracts.RequestId.MaxLength)]
    public string? RequestId { get; init; }

    /// <summary>The former name of <see cref="RequestId"/>; where both are given they must be equal.</summary>
    [RegularExpression(Contracts.RequestId.Pattern), StringLength(Contracts.RequestId.MaxLength)]
    public string? SessionId { get; init; }

    /// <summary>For whom, where the caller may act for others or nobody is authenticated.</summary>
    [RegularExpression(Contracts.UserId.Pattern), StringLength(Contracts.UserId.MaxLength)]
    public string? UserId { get; init; }

    /// <summary>What the film is about, 1-4,000 characters.</summary>
    [StringLength(WireLimits.MaxText, MinimumLength = 1)]
    public string? Prompt { get; init; }

    /// <summary>The hand; Realistic by default.</summary>
    public Style? Style { get; init; }

    /// <summary>The palette; Vibrant by default.</summary>
    public Mood? Mood { get; init; }

    /// <summary>The film's length in seconds, 2-600; five for each frame by default.</summary>
    [Range(WireLimits.MinDuration, WireLimits.MaxDuration)]
    public double? VideoDuration { get; init; }

    /// <summary>1-1,000; max(2, ceil(duration / 5)) by default.</summary>
    [Range(1, WireLimits.MaxFrames)]
    public int? FrameCount { get; init; }

    /// <summary>One of the eight sizes; 1280:720 by default.</summary>
    public AspectRatio? AspectRatio { get; init; }

    /// <summary>Same seed, same pictures; chosen for you by default.</summary>
    [Range(0, (double)WireLimits.MaxSeed)]
    public long? Seed { get; init; }

    /// <summary>
    /// When generating: a picture to which the frames are to keep, so that people and places look as they do in it. A link of ours to a picture of the caller's, a link that anybody can read, or a data URL; it is stored
    /// with the session. Image models are given it with each frame; the local artist takes its colours.
    /// </summary>
    [StringLength(WireLimits.MaxDataUrl)]
    public string? ReferenceImage { get; init; }

    /// <summary>
    /// US dollars that may be spent at providers for this session, tries again and frames made again included; 0-1,000,000. An operator's own limit holds besides. What would pass it is refused with 402, or ends before
    /// the call that would.
    /// </summary>
    [Range(0, WireLimits.MaxCostUsd)]
    public decimal? MaxCostUsd { get; init; }

    /// <summary>When generating: where to wait for an approval. After the story nothing is drawn yet and the story can be edited; after the frames each can be made again or replaced.</summary>
    public SessionStage? PauseAfter { get; init; }

    /// <summary>The caller's own notes: at most 20, keys of 1-64 and values of at most 500 characters.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Where events are sent to as they happen, signed by Standard Webhooks: an http or https URL of at most 2,048 characters. Saving again without one keeps the former.</summary>
    [Url, StringLength(WireLimits.MaxUrl)]
    public string? CallbackUrl { get; init; }

    /// <summary>Frames made elsewhere; saving again replaces.</summary>
    [Length(1, WireLimits.MaxFrames)]
    public IReadOnlyList<SaveFrame>? Frames { get; init; }

    /// <summary>Answer as <c>POST /v1/sessions/plan</c> does. Not in the documents: generated clients know one answer for each operation.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool DryRun { get; init; }
}

/// <summary>One frame made elsewhere.</summary>
public sealed record SaveFrame
{
    /// <summary>Its place, 1-1,000.</summary>
    [Range(1, WireLimits.MaxFrames)]
    public required int Number { get; init; }

    /// <summary>When it appears in the film, <c>m:ss</c>; spread evenly by default.</summary>
    [RegularExpression(WireLimits.Timestamp), StringLength(WireLimits.MaxTimestamp, MinimumLength = 1)]
    public string? Timestamp { get; init; }

    /// <summary>A link of ours, a link that anybody can read, or a data URL. Null keeps the picture that this frame has.</summary>
    [StringLength(WireLimits.MaxDataUrl)]
    public string? ImageUrl { get; init; }

    /// <summary>What is seen, at most 4,000 characters.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? Description { get; init; }

    /// <summary>What the artist was asked for, at most 4,000 characters.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? Prompt { get; init; }

    /// <summary>The part of the story that it shows, at most 4,000 characters.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? SceneStory { get; init; }
}

/// <summary>The body of <c>PATCH /v1/sessions/{requestId}/frames/{n}</c>: what is absent or null stays, an empty text empties.</summary>
public sealed record PatchFrameRequest
{
    /// <summary>What is seen, at most 4,000 characters.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? Description { get; init; }

    /// <summary>What the artist was asked for, at most 4,000 characters.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? Prompt { get; init; }

    /// <summary>The part of the story that it shows, at most 4,000 characters.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? SceneStory { get; init; }
}

/// <summary>The body of <c>POST /v1/sessions/{requestId}/frames/{n}/regenerate</c>; none at all asks for another picture of the same words.</summary>
public sealed record RegenerateFrameRequest
{
    /// <summary>What the artist is asked for, at most 4,000 characters; the frame's own by default, or one made of <see cref="Description"/> where that is given.</summary>
    [StringLength(WireLimits.MaxText, MinimumLength = 1)]
    public string? Prompt { get; init; }

    /// <summary>What is seen, at most 4,000 characters; becomes the frame's description and its part of the story.</summary>
    [StringLength(WireLimits.MaxText, MinimumLength = 1)]
    public string? Description { get; init; }

    /// <summary>Same seed and words, same picture; another one than before by default. 0 to 2^53 - 1.</summary>
    [Range(0, (double)WireLimits.MaxSeed)]
    public long? Seed { get; init; }
}

/// <summary>The body of <c>POST /v1/sessions/{requestId}/approve</c>; none at all approves what is there.</summary>
public sealed record ApproveSessionRequest
{
    /// <summary>The story as it is to be drawn, where it is the story that is approved.</summary>
    public EditedStory? Story { get; init; }
}

/// <summary>A story that a person has edited: what is absent or null stays as it is.</summary>
public sealed record EditedStory
{
    /// <summary>A few words, 1-4,000 characters.</summary>
    [StringLength(WireLimits.MaxText, MinimumLength = 1)]
    public string? Title { get; init; }

    /// <summary>The whole in a few sentences, at most 20,000 characters.</summary>
    [StringLength(WireLimits.MaxStory)]
    public string? OverallStory { get; init; }

    /// <summary>What is the same in every frame. The prompts of all frames that have the former one in them get this in its place; scenes whose prompts are made anew have it, too.</summary>
    public EditedProfile? Profile { get; init; }

    /// <summary>All scenes in order, 1-1,000. As many frames are made, each of the same share of the film; another number than before only while no frame has a picture.</summary>
    [Length(1, WireLimits.MaxFrames)]
    public IReadOnlyList<EditedScene>? Scenes { get; init; }
}

/// <summary>An edited profile: what is absent or null stays as it is, an empty text empties.</summary>
public sealed record EditedProfile
{
    /// <summary>Everybody and everything that is seen more than once, and how they look; at most 1,200 characters.</summary>
    [StringLength(WireLimits.MaxProfile)]
    public string? Characters { get; init; }

    /// <summary>Technique, palette, light and lens; at most 1,200 characters.</summary>
    [StringLength(WireLimits.MaxProfile)]
    public string? Style { get; init; }
}

/// <summary>One scene of an edited story.</summary>
public sealed record EditedScene
{
    /// <summary>What it was numbered. Scenes are numbered anew in the order in which they stand; numbers that do not ascend are refused.</summary>
    public int? SceneNumber { get; init; }

    /// <summary>When it played; worked out anew.</summary>
    [StringLength(WireLimits.MaxText)]
    public string? Timeframe { get; init; }

    /// <summary>What happens, 1-4,000 characters. A scene whose description is as it was keeps its frame's prompt; for another one a prompt is made.</summary>
    [Required, StringLength(WireLimits.MaxText, MinimumLength = 1)]
    public string? Description { get; init; }
}

/// <summary>The body of <c>POST /v1/videos</c>.</summary>
public sealed record CreateVideoRequest : INamesUser
{
    /// <summary>The generation whose frames are filmed.</summary>
    [Required]
    [RegularExpression(Contracts.RequestId.Pattern), StringLength(Contracts.RequestId.MaxLength)]
    public string? RequestId { get; init; }

    /// <summary>For whom, where the caller may act for others or nobody is authenticated.</summary>
    [RegularExpression(Contracts.UserId.Pattern), StringLength(Contracts.UserId.MaxLength)]
    public string? UserId { get; init; }

    /// <summary>The film's ratio, and its size where no resolution is given; the session's by default.</summary>
    public AspectRatio? AspectRatio { get; init; }

    /// <summary>The film's shorter side; the ratio's own size by default.</summary>
    public Resolution? Resolution { get; init; }

    /// <summary>Pictures a second: 24, 25, 30, 50 or 60; 30 by default.</summary>
    [AllowedValues(24, 25, 30, 50, 60)]
    public int? Fps { get; init; }

    /// <summary>How hard the encoder tries; standard by default.</summary>
    public VideoQuality? Quality { get; init; }

    /// <summary>What the film is stored as; mp4 by default.</summary>
    public VideoFormat? Format { get; init; }

    /// <summary>How long each frame is seen, 0.5-60; the film then lasts as long as they do together. By default it lasts as long as the session says, and frames without seconds of their own share that evenly.</summary>
    [Range(WireLimits.MinFrameSeconds, WireLimits.MaxFrameSeconds)]
    public double? SecondsPerFrame { get; init; }

    /// <summary>How the camera moves over each picture; kenburns by default.</summary>
    public Motion? Motion { get; init; }

    /// <summary>Who makes the clips: the renderer, or an AI service that makes moving ones of the pictures. What it makes is fitted to its time: longer ones end with it; shorter ones are slowed to at most 1.25 times their length, and then hold their last picture.</summary>
    public ClipsRequest? Clips { get; init; }

    /// <summary>US dollars that the film's clips may cost in all, tries again included; 0-1,000,000. An operator's own limit is lower at most. A film that would pass it is refused with 402, or fails before the call that would.</summary>
    [Range(0, WireLimits.MaxCostUsd)]
    public decimal? MaxCostUsd { get; init; }

    /// <summary>How one picture becomes the next; fade by default.</summary>
    public Transition? Transition { get; init; }

    /// <summary>How long each transition takes, 0.1-10; 0.8 by default. At most half of the shorter neighbour. It takes its time from both neighbours evenly, so the film's length does not change.</summary>
    [Range(WireLimits.MinTransitionSeconds, WireLimits.MaxTransitionSeconds)]
    public double? TransitionSeconds { get; init; }

    /// <summary>Where wipes and slides go; left by default.</summary>
    public Direction? TransitionDirection { get; init; }

    /// <summary>Frames that are filmed in a way of their own; at most one entry for each.</summary>
    [Length(0, WireLimits.MaxFrames)]
    public IReadOnlyList<FrameSettings>? Frames { get; init; }

    /// <summary>Transitions that differ from the others; at most one entry for each.</summary>
    [Length(0, WireLimits.MaxFrames)]
    public IReadOnlyList<JointSettings>? Joints { get; init; }

    /// <summary>How pictures of another ratio are fitted. By default cover, and contain where cover would lose more than two fifths of the picture.</summary>
    public Fit? Fit { get; init; }

    /// <summary>The colour around pictures with fit pad, #rrggbb; #000000 by default.</summary>
    [RegularExpression(WireLimits.Colour), StringLength(7)]
    public string? PadColor { get; init; }

    /// <summary>The film's sound, of one that was brought to its request ID; none by default.</summary>
    public AudioRequest? Audio { get; init; }

    /// <summary>What is written while each frame is seen; nothing by default.</summary>
    public CaptionsRequest? Captions { get; init; }

    /// <summary>What becomes of a frame without a usable picture; fail by default.</summary>
    public OnFrameFailure? OnFrameFailure { get; init; }

    /// <summary>The session's revision that the caller has seen; another one is refused with 409.</summary>
    [Range(0, (double)WireLimits.MaxSeed)]
    public long? FramesRevision { get; init; }

    /// <summary>The caller's own notes: at most 20, keys of 1-64 and values of at most 500 characters.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Where events are sent to as they happen, signed by Standard Webhooks: an http or https URL of at most 2,048 characters. A rerender has the same.</summary>
    [Url, StringLength(WireLimits.MaxUrl)]
    public string? CallbackUrl { get; init; }

    /// <summary>Answer as <c>POST /v1/videos/plan</c> does. Not in the documents: generated clients know one answer for each operation.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public bool DryRun { get; init; }
}

/// <summary>A sound for a film: one that <c>PUT /v1/sessions/{requestId}/uploads/{name}</c> has stored under the film's own request ID, named by its key or by a link to it.</summary>
public sealed record AudioRequest
{
    /// <summary>The sound's <c>objectKey</c>; this or <see cref="Url"/> is needed.</summary>
    [StringLength(Contracts.ObjectKey.MaxLength)]
    public string? ObjectKey { get; init; }

    /// <summary>A link of ours to it, in place of <see cref="ObjectKey"/>.</summary>
    [StringLength(WireLimits.MaxUrl)]
    public string? Url { get; init; }

    /// <summary>Seconds of it that are passed over, 0-36,000; 0 by default.</summary>
    [Range(0, WireLimits.MaxSoundStart)]
    public double? Start { get; init; }

    /// <summary>Whether it begins again where it ends before the film, as by default; else there is silence after it.</summary>
    public bool? Loop { get; init; }

    /// <summary>Seconds in which it rises at the beginning, 0-60; 0 by default.</summary>
    [Range(0, WireLimits.MaxFade)]
    public double? FadeIn { get; init; }

    /// <summary>Seconds in which it falls at its end, 0-60; by default 1 where the end of the film cuts it off, and 0 where it ends by itself.</summary>
    [Range(0, WireLimits.MaxFade)]
    public double? FadeOut { get; init; }

    /// <summary>Whether it is brought to -14 LUFS, which is how loud the large platforms play films; true by default.</summary>
    public bool? Normalize { get; init; }

    /// <summary>Decibels by which it is made louder or, below 0, softer, after that; -60 to 20, 0 by default.</summary>
    [Range(WireLimits.MinGain, WireLimits.MaxGain)]
    public double? Gain { get; init; }
}

/// <summary>Captions of a film: drawn into its pictures, as a text track in it, or both; a WebVTT file lies beside it in any case.</summary>
public sealed record CaptionsRequest
{
    /// <summary>Whether they are drawn into the pictures; true by default. Changing one renders its clip and joints anew, and no others.</summary>
    public bool? Burn { get; init; }

    /// <summary>Whether the film has them as a text track, which players show or hide; false by default.</summary>
    public bool? Track { get; init; }

    /// <summary>What is written, by frame; frames that are not named have none. By default each frame's description.</summary>
    [Length(1, WireLimits.MaxFrames)]
    public IReadOnlyList<CaptionLine>? Lines { get; init; }

    /// <summary>The language, such as en or zh-Hant: it chooses among the forms of characters that Chinese, Japanese and Korean share.</summary>
    [RegularExpression(WireLimits.Language), StringLength(WireLimits.MaxLanguage)]
    public string? Language { get; init; }
}

/// <summary>What is written while one frame is seen.</summary>
public sealed record CaptionLine
{
    /// <summary>The frame's number.</summary>
    [Range(1, WireLimits.MaxFrames)]
    public required int Frame { get; init; }

    /// <summary>At most 500 characters, without control characters other than line breaks and tabs, which become spaces. Drawn into pictures, what does not fit in three lines ends with an ellipsis.</summary>
    [StringLength(WireLimits.MaxCaption)]
    public required string Text { get; init; }
}
