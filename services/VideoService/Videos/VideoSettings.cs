using FrameVideo.Contracts;

namespace VideoService.Videos;

/// <summary>What a caller asked for, checked, with the defaults filled in; kept in the row, so that a film can be asked for again.</summary>
internal sealed record VideoSettings
{
    public AspectRatio? AspectRatio { get; init; }

    public int Fps { get; init; }

    public VideoQuality Quality { get; init; }

    public double? SecondsPerFrame { get; init; }

    public Motion Motion { get; init; }

    public Transition Transition { get; init; }

    public Fit? Fit { get; init; }

    public OnFrameFailure OnFrameFailure { get; init; }

    /// <summary>The session's seed: the same session moves the same way in each of its films, so unchanged clips are found again.</summary>
    public long Seed { get; init; }
}
