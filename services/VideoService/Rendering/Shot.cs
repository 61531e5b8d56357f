using VideoService.Rendering.Foreign;
using System.Globalization;
using FrameVideo.Contracts;
using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>One frame's place in a film and how the camera moves over it. Nothing of its neighbours or of the transitions comes in, so that it stays as it is when they change.</summary>
/// <param name="Number">The frame's number.</param>
/// <param name="Sha256">Of its picture.</param>
/// <param name="Motion">The kind of move.</param>
/// <param name="Fit">How the picture fills the film; decided.</param>
/// <param name="Focus">What a crop keeps in view; null is the middle.</param>
/// <param name="PadColour">What is around a padded picture.</param>
/// <param name="StartFrame">Where its place begins, a film frame; it is seen sooner by half of the transition before it.</param>
/// <param name="FrameCount">How long its place is, 1 or more; it is seen longer by half of the transition after it.</param>
/// <param name="Path">The camera's move.</param>
internal sealed record Shot(int Number, string Sha256, Motion Motion, Fit Fit, FocusPoint? Focus, SKColor PadColour, int StartFrame, int FrameCount, MotionPath Path)
{
    /// <summary>What is written while it is seen; null for nothing.</summary>
    public Caption? Caption { get; init; }

    /// <summary>Everything that a burned-in caption's pixels hang on; null where none is burned in.</summary>
    public string? CaptionInputs { get; init; }

    /// <summary>The foreign clip that is seen in place of the picture; null for none.</summary>
    public Footage? Footage { get; init; }

    /// <summary>The first film frame in which anything of it is seen: that of the transition before it.</summary>
    public int SeenFrom { get; init; } = StartFrame;

    /// <summary>The film frame after the last one.</summary>
    public int SeenTo { get; init; } = StartFrame + FrameCount;

    /// <summary>What the camera sees at a film frame, taken at the middle of the time that the frame is shown.</summary>
    public View ViewAt(int filmFrame) => Path.At((filmFrame - StartFrame + 0.5) / FrameCount);

    /// <summary>The shot of a frame whose place is known.</summary>
    internal static Shot Of(FilmSettings film, FilmFrame frame, int start, int count)
    {
        var fit = film.Fit ?? PictureFit.Automatic(frame.Width, frame.Height, film.Width, film.Height);
        // A picture that is seen whole has nothing to choose.
        var focus = fit == Fit.Cover ? frame.Look?.Focus : null;
        var motion = frame.Look?.Motion ?? film.Motion;
        (double X, double Y)? aim = focus is null ? null : PictureFit.OnCanvas(focus, frame.Width, frame.Height, film.Width, film.Height);
        var path = MotionPath.For(motion, fit, aim, frame.Number, film.Seed, (double)count / film.Fps);
        return new Shot(frame.Number, frame.Sha256, motion, fit, focus, film.PadColour, start, count, path) { Caption = frame.Caption, CaptionInputs = frame.CaptionInputs, Footage = frame.Footage };
    }

    /// <summary>
    /// Everything of it that a piece's pixels hang on, from <paramref name="filmFrame"/> on. It counts from the shot's own beginning, so that a piece does not care where in the film it stands.
    /// A foreign clip's time begins where it is first seen, so its pieces do change with the transition before it.
    /// </summary>
    internal string Inputs(int filmFrame)
    {
        if (Footage is { } clip) return string.Create(CultureInfo.InvariantCulture, $"footage {clip.Inputs} {filmFrame - SeenFrom}/{SeenTo - SeenFrom}\n{CaptionInputs}");
        var (from, to) = Path;
        var crop = Focus is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {Focus.X:R},{Focus.Y:R}");
        var ground = Fit == Fit.Pad ? $" {PadColour}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Sha256} {Fit}{crop}{ground} {filmFrame - StartFrame}/{FrameCount} {from.Left:R} {from.Top:R} {from.Size:R} {to.Left:R} {to.Top:R} {to.Size:R}\n{CaptionInputs}");
    }
}
