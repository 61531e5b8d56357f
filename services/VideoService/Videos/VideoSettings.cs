using System.Text.Json.Serialization;
using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Clips;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>
/// What a caller asked for, checked, with the defaults filled in; kept in the row and in the film's record, so that a film can be asked for again. What has come to be
/// settled later reads from older rows as it was then.
/// </summary>
internal sealed record VideoSettings
{
    public AspectRatio? AspectRatio { get; init; }

    public Resolution? Resolution { get; init; }

    public int Fps { get; init; }

    public VideoQuality Quality { get; init; }

    /// <summary>Films that were asked for before there was a choice are MP4.</summary>
    public VideoFormat Format { get; init; }

    public double? SecondsPerFrame { get; init; }

    public Motion Motion { get; init; }

    public Transition Transition { get; init; }

    public double TransitionSeconds { get; init; } = FilmSettings.UsualTransition;

    public Direction TransitionDirection { get; init; }

    /// <summary>Frames with wishes of their own, each number once.</summary>
    public IReadOnlyList<FrameSettings>? Frames { get; init; }

    /// <summary>Joints with wishes of their own, each number once.</summary>
    public IReadOnlyList<JointSettings>? Joints { get; init; }

    public Fit? Fit { get; init; }

    /// <summary>#rrggbb; null is black.</summary>
    public string? PadColor { get; init; }

    public OnFrameFailure OnFrameFailure { get; init; }

    /// <summary>Who makes the clips; null is the renderer.</summary>
    public ClipsRequest? Clips { get; init; }

    /// <summary>US dollars that its clips may cost; null for no limit of its own.</summary>
    public decimal? MaxCostUsd { get; init; }

    /// <summary>Whether any clip is to be made elsewhere.</summary>
    [JsonIgnore]
    public bool HasForeignClips => Clips?.Provider is not (null or ClipProviders.Renderer) || Frames?.Any(frame => frame.Clip?.Provider is not (null or ClipProviders.Renderer)) == true;

    /// <summary>The session's seed: the same session moves the same way in each of its films, so unchanged clips are found again.</summary>
    public long Seed { get; init; }

    /// <summary>The film's sound; null for none.</summary>
    public AudioSettings? Audio { get; init; }

    /// <summary>The film's captions; null for none.</summary>
    public CaptionSettings? Captions { get; init; }

    /// <summary>What the renderer is told of the film as a whole.</summary>
    public FilmSettings Film(double duration, int width, int height) => new()
    {
        DurationSeconds = duration,
        Fps = Fps,
        Width = width,
        Height = height,
        Motion = Motion,
        Transition = Transition,
        TransitionSeconds = TransitionSeconds,
        Direction = TransitionDirection,
        Fit = Fit,
        PadColour = PadColor is { } colour ? SKColor.Parse(colour) : SKColors.Black,
        Quality = Quality,
        Format = Format,
        Seed = Seed,
        BurnCaptions = Captions is { Burn: true },
    };
}

/// <summary>The pinned sound of a film: an object that never changes, and how it is used.</summary>
internal sealed record AudioSettings
{
    public ObjectKey ObjectKey { get; init; }

    /// <summary>Of its bytes; null where the store did not answer when the film was asked for, and the hash in the key is all that is known.</summary>
    public string? Sha256 { get; init; }

    public double Start { get; init; }

    public bool Loop { get; init; } = true;

    public double FadeIn { get; init; }

    public double? FadeOut { get; init; }

    public bool Normalize { get; init; } = true;

    public double Gain { get; init; }
}

/// <summary>How a film is captioned.</summary>
internal sealed record CaptionSettings
{
    public bool Burn { get; init; } = true;

    public bool Track { get; init; }

    /// <summary>What is written, by frame; null for each frame's description.</summary>
    public IReadOnlyList<CaptionLine>? Lines { get; init; }

    public string? Language { get; init; }

    /// <summary>What is written while a frame is seen; null for nothing.</summary>
    public Rendering.Caption? Of(int number, string? description) =>
        Rendering.Caption.Of(Lines is null ? description : Lines.FirstOrDefault(line => line.Frame == number)?.Text, Language);
}
