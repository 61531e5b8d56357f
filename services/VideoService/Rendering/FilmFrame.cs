using VideoService.Rendering.Foreign;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>One picture of the storyboard, and what is wished for it.</summary>
/// <param name="Number">Its place, from 1; unique in a film, gaps are allowed.</param>
/// <param name="Sha256">Of its bytes, 64 lower-case hex digits; empty where there is no picture, and such a frame is in no film.</param>
/// <param name="Width">Pixels across, as seen upright; 0 where nobody knows: the picture is then taken to have the film's ratio.</param>
/// <param name="Height">Pixels down, likewise.</param>
internal sealed record FilmFrame(int Number, string Sha256, int Width, int Height)
{
    /// <summary>Its part of the film's time, above 0, in any unit that all frames share. One that stands in for neighbours without a picture has theirs, too.</summary>
    public double Share { get; init; } = 1;

    /// <summary>How it is filmed, where it differs from the film.</summary>
    public FrameSettings? Look { get; init; }

    /// <summary>How it becomes the next, where that differs from the film.</summary>
    public JointSettings? Joint { get; init; }

    /// <summary>What is written while it is seen; null for nothing.</summary>
    public Caption? Caption { get; init; }

    /// <summary>Everything that a burned-in caption's pixels hang on; null where none is burned in.</summary>
    public string? CaptionInputs { get; init; }

    /// <summary>The foreign clip that is seen in place of the picture; null for none.</summary>
    public Footage? Footage { get; init; }

    /// <summary>A frame of the storyboard that has no picture.</summary>
    public static FilmFrame WithoutPicture(int number) => new(number, "", 0, 0);
}
