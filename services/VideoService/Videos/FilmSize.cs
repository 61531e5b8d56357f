using FrameVideo.Contracts;

namespace VideoService.Videos;

/// <summary>How large a film is.</summary>
internal static class FilmSize
{
    /// <summary>The ratio's own size; or with the shorter side that is asked for and the longer one to the nearest even number.</summary>
    public static (int Width, int Height) Of(AspectRatio ratio, Resolution? resolution)
    {
        if (resolution is not { } wanted) return (ratio.Width, ratio.Height);
        var shorter = ShorterSide(wanted);
        var longer = 2 * (int)Math.Round(shorter * (double)Math.Max(ratio.Width, ratio.Height) / Math.Min(ratio.Width, ratio.Height) / 2, MidpointRounding.AwayFromZero);
        return ratio.Width >= ratio.Height ? (longer, shorter) : (shorter, longer);
    }

    private static int ShorterSide(Resolution resolution) => resolution switch
    {
        Resolution.P480 => 480,
        Resolution.P720 => 720,
        Resolution.P1080 => 1080,
        Resolution.P1440 => 1440,
        _ => 2160,
    };
}
