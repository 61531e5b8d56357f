using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>What a painter does with colours.</summary>
internal static class Colours
{
    public static SKColor Rgb(uint rgb) => new(0xFF000000 | rgb);

    public static SKColor Mix(this SKColor from, SKColor to, float share)
    {
        share = Math.Clamp(share, 0, 1);
        return new SKColor(Channel(from.Red, to.Red), Channel(from.Green, to.Green), Channel(from.Blue, to.Blue), Channel(from.Alpha, to.Alpha));

        byte Channel(byte a, byte b) => (byte)(a + ((b - a) * share) + 0.5f);
    }

    public static SKColor Alpha(this SKColor colour, float alpha) => colour.WithAlpha((byte)((255 * Math.Clamp(alpha, 0, 1)) + 0.5f));

    public static SKColor Lighter(this SKColor colour, float share) => colour.Mix(SKColors.White.WithAlpha(colour.Alpha), share);

    public static SKColor Darker(this SKColor colour, float share) => colour.Mix(SKColors.Black.WithAlpha(colour.Alpha), share);

    /// <summary>Multiplies by another colour, as a coloured light does.</summary>
    public static SKColor Under(this SKColor colour, SKColor light) =>
        new((byte)(colour.Red * light.Red / 255), (byte)(colour.Green * light.Green / 255), (byte)(colour.Blue * light.Blue / 255), colour.Alpha);

    /// <summary>1 leaves the colour, 0 makes it grey, more than 1 makes it stronger.</summary>
    public static SKColor Saturate(this SKColor colour, float by)
    {
        var grey = Luma(colour);
        return new SKColor(Channel(colour.Red), Channel(colour.Green), Channel(colour.Blue), colour.Alpha);

        byte Channel(byte c) => (byte)Math.Clamp(grey + ((c - grey) * by), 0, 255);
    }

    public static float Luma(this SKColor colour) => (0.2126f * colour.Red) + (0.7152f * colour.Green) + (0.0722f * colour.Blue);
}
