using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>How the camera moves over a picture. It moves evenly for as long as the picture is seen, and never past its edge.</summary>
[JsonConverter(typeof(SnakeCaseConverter<Motion>))]
public enum Motion
{
    /// <summary>A slow zoom with a pan, another for each frame.</summary>
    [JsonStringEnumMemberName("kenburns")]
    KenBurns,

    /// <summary>From the picture as it is to its focus.</summary>
    [JsonStringEnumMemberName("zoom-in")]
    ZoomIn,

    /// <summary>From its focus to the picture as it is.</summary>
    [JsonStringEnumMemberName("zoom-out")]
    ZoomOut,

    /// <summary>The camera goes from right to left, so what is seen moves to the right.</summary>
    [JsonStringEnumMemberName("pan-left")]
    PanLeft,

    /// <summary>The camera goes from left to right.</summary>
    [JsonStringEnumMemberName("pan-right")]
    PanRight,

    /// <summary>The camera goes from below to above.</summary>
    [JsonStringEnumMemberName("pan-up")]
    PanUp,

    /// <summary>The camera goes from above to below.</summary>
    [JsonStringEnumMemberName("pan-down")]
    PanDown,

    /// <summary>The picture stands still.</summary>
    None,
}

/// <summary>How one picture becomes the next.</summary>
[JsonConverter(typeof(SnakeCaseConverter<Transition>))]
public enum Transition
{
    /// <summary>A cross-fade: both pictures are seen through each other.</summary>
    Fade,

    /// <summary>From one frame of the film to the next.</summary>
    Cut,

    /// <summary>The picture goes dark, and the next comes out of the dark.</summary>
    [JsonStringEnumMemberName("fade-black")]
    FadeBlack,

    /// <summary>The next picture comes through in soft patches, like ink through paper; others for each joint, the same in every render.</summary>
    Dissolve,

    /// <summary>A soft edge goes over the picture and leaves the next behind it; both pictures stay where they are.</summary>
    Wipe,

    /// <summary>The next picture pushes the picture out.</summary>
    Slide,
}

/// <summary>Where a wipe's edge or a slide's pictures go.</summary>
[JsonConverter(typeof(SnakeCaseConverter<Direction>))]
public enum Direction
{
    /// <summary>From right to left: the next picture comes in on the right.</summary>
    Left,

    /// <summary>From left to right.</summary>
    Right,

    /// <summary>From below to above: the next picture comes in from below.</summary>
    Up,

    /// <summary>From above to below.</summary>
    Down,
}

/// <summary>How a picture of another ratio fills the film.</summary>
[JsonConverter(typeof(SnakeCaseConverter<Fit>))]
public enum Fit
{
    /// <summary>Filled; what stands over is cut off evenly, or so that the focus stays in view.</summary>
    Cover,

    /// <summary>Seen whole, over its own blurred ground.</summary>
    Contain,

    /// <summary>Seen whole, over one colour.</summary>
    Pad,
}

/// <summary>A film's shorter side in pixels; the longer one follows from the aspect ratio, to the nearest even number.</summary>
[JsonConverter(typeof(SnakeCaseConverter<Resolution>))]
public enum Resolution
{
    /// <summary>480 pixels.</summary>
    [JsonStringEnumMemberName("480p")]
    P480,

    /// <summary>720 pixels.</summary>
    [JsonStringEnumMemberName("720p")]
    P720,

    /// <summary>1080 pixels.</summary>
    [JsonStringEnumMemberName("1080p")]
    P1080,

    /// <summary>1440 pixels.</summary>
    [JsonStringEnumMemberName("1440p")]
    P1440,

    /// <summary>2160 pixels.</summary>
    [JsonStringEnumMemberName("2160p")]
    P2160,
}

/// <summary>How hard the encoder tries.</summary>
[JsonConverter(typeof(SnakeCaseConverter<VideoQuality>))]
public enum VideoQuality
{
    /// <summary>Fastest, larger file.</summary>
    Draft,

    /// <summary>x264 veryfast, crf 23.</summary>
    Standard,

    /// <summary>Slower, finer.</summary>
    High,
}

/// <summary>A point of a picture as it is seen upright.</summary>
public sealed record FocusPoint
{
    /// <summary>0 at the left edge, 1 at the right.</summary>
    [Range(0.0, 1.0)]
    public required double X { get; init; }

    /// <summary>0 at the upper edge, 1 at the lower.</summary>
    [Range(0.0, 1.0)]
    public required double Y { get; init; }
}

/// <summary>How one frame is filmed, where it differs from the others.</summary>
public sealed record FrameSettings
{
    /// <summary>The frame's number, 1-1,000. Each number once.</summary>
    [Range(1, WireLimits.MaxFrames)]
    public required int Number { get; init; }

    /// <summary>How the camera moves over it; the film's motion by default.</summary>
    public Motion? Motion { get; init; }

    /// <summary>
    /// How long it is seen, from the middle of one transition to the middle of the next, 0.5-60. Without <c>secondsPerFrame</c> the others share what is left of the session's duration.
    /// </summary>
    [Range(WireLimits.MinFrameSeconds, WireLimits.MaxFrameSeconds)]
    public double? Seconds { get; init; }

    /// <summary>What the camera looks at: a crop keeps it in view, a zoom goes to it, and a pan goes along it. A picture that is seen whole stays in the middle. The picture's middle by default.</summary>
    public FocusPoint? Focus { get; init; }

    /// <summary>Who makes its clip and of which words, where that differs from the film's <c>clips</c>.</summary>
    public ClipsRequest? Clip { get; init; }
}

/// <summary>Who makes moving clips of pictures.</summary>
public sealed record ClipsRequest
{
    /// <summary><c>renderer</c>, which moves the camera over the picture, or the name of an AI service that is set up; as the service is set up by default, which is <c>renderer</c> unless an operator says otherwise.</summary>
    [RegularExpression(WireLimits.ProviderName), StringLength(WireLimits.MaxProviderName, MinimumLength = 1)]
    public string? Provider { get; init; }

    /// <summary>What happens in the clip, 1-1,000 characters, for an AI service; each frame's own prompt by default. The renderer does not look at it.</summary>
    [RegularExpression(WireLimits.Words), StringLength(WireLimits.MaxClipPrompt, MinimumLength = 1)]
    public string? Prompt { get; init; }
}

/// <summary>How one frame becomes the next, where it differs from the others.</summary>
public sealed record JointSettings
{
    /// <summary>The number of the frame before it. Each number once; nothing comes after the last frame.</summary>
    [Range(1, WireLimits.MaxFrames)]
    public required int After { get; init; }

    /// <summary>The film's transition by default.</summary>
    public Transition? Transition { get; init; }

    /// <summary>How long it takes, 0.1-10; the film's <c>transitionSeconds</c> by default. At most half of the shorter neighbour; longer ones are shortened to that. A cut has none.</summary>
    [Range(WireLimits.MinTransitionSeconds, WireLimits.MaxTransitionSeconds)]
    public double? Seconds { get; init; }

    /// <summary>Where a wipe or a slide goes; the film's <c>transitionDirection</c> by default.</summary>
    public Direction? Direction { get; init; }
}
