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
}
