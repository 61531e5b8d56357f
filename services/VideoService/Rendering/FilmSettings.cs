using FrameVideo.Contracts;
using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>What a film is to look like.</summary>
internal sealed record FilmSettings
{
    /// <summary>A transition's length in seconds, where nobody says.</summary>
    public const double UsualTransition = 0.8;

    /// <summary>0.5-60,000 s; the film has round(D x fps) pictures, halves upwards.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Pictures a second: 24, 25, 30, 50 or 60.</summary>
    public required int Fps { get; init; }

    /// <summary>Pixels across, even, 16-8192.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels down, even, 16-8192.</summary>
    public required int Height { get; init; }

    /// <summary>How the camera moves, where a frame does not say.</summary>
    public Motion Motion { get; init; } = Motion.KenBurns;

    /// <summary>How one picture becomes the next, where a frame does not say.</summary>
    public Transition Transition { get; init; } = Transition.Fade;

    /// <summary>How long a transition takes, where a frame does not say: 0.1-10 s. It is shortened to half of the shorter neighbour.</summary>
    public double TransitionSeconds { get; init; } = UsualTransition;

    /// <summary>Where wipes and slides go, where a frame does not say.</summary>
    public Direction Direction { get; init; } = Direction.Left;

    /// <summary>How pictures of another ratio are fitted; null decides for each picture.</summary>
    public Fit? Fit { get; init; }

    /// <summary>What is around a padded picture; opaque.</summary>
    public SKColor PadColour { get; init; } = SKColors.Black;

    /// <summary>Whether captions are drawn over the pictures.</summary>
    public bool BurnCaptions { get; init; }

    /// <summary>How hard the encoder tries.</summary>
    public VideoQuality Quality { get; init; } = VideoQuality.Standard;

    /// <summary>What it is stored as. The pieces of <see cref="VideoFormat.Hls"/> are those of <see cref="VideoFormat.Mp4"/>, save a first one with a <see cref="Piece.Head"/>.</summary>
    public VideoFormat Format { get; init; }

    /// <summary>How the names of its files end: mp4 or webm.</summary>
    public string Extension => Format == VideoFormat.WebM ? "webm" : "mp4";

    /// <summary>Varies the camera's moves and the patches of a dissolve.</summary>
    public long Seed { get; init; }
}
