using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>How pictures of another ratio than the film's are fitted.</summary>
internal static class PictureFit
{
    /// <summary>Cover, unless that would lose more than two fifths of the picture; then contain. An unknown size (0) is taken to fit.</summary>
    public static Fit Automatic(int width, int height, int filmWidth, int filmHeight)
    {
        if (width <= 0 || height <= 0) return Fit.Cover;
        var across = (double)width * filmHeight;
        var down = (double)height * filmWidth;
        var kept = Math.Min(across, down) / Math.Max(across, down);
        return kept >= 0.6 ? Fit.Cover : Fit.Contain;
    }

    /// <summary>The part of a picture that has a film's ratio and the picture's own size on one side: around the focus, as near as the edges allow.</summary>
    public static SourceArea Crop(double width, double height, double filmWidth, double filmHeight, FocusPoint? focus)
    {
        var scale = Math.Max(filmWidth / width, filmHeight / height);
        var (w, h) = (Math.Min(width, filmWidth / scale), Math.Min(height, filmHeight / scale));
        return new SourceArea(Start(focus?.X, width, w), Start(focus?.Y, height, h), w, h);
    }

    /// <summary>Where a part of a side begins that has a point in its middle, as near as the ends allow; without a point it is the side's own middle.</summary>
    /// <param name="point">0 to 1.</param>
    /// <param name="side">The whole.</param>
    /// <param name="part">At most the whole.</param>
    public static double Start(double? point, double side, double part) => point is { } at ? Math.Clamp(at * side - part / 2, 0, side - part) : (side - part) / 2;

    /// <summary>Where a point of a picture lies in its <see cref="Crop"/>, 0 to 1 on both sides. Of an unknown size (0) the whole is taken to be seen.</summary>
    public static (double X, double Y) OnCanvas(FocusPoint focus, int width, int height, int filmWidth, int filmHeight)
    {
        if (width <= 0 || height <= 0) return (focus.X, focus.Y);
        var area = Crop(width, height, filmWidth, filmHeight, focus);
        return (Math.Clamp((focus.X * width - area.Left) / area.Width, 0, 1), Math.Clamp((focus.Y * height - area.Top) / area.Height, 0, 1));
    }
}
