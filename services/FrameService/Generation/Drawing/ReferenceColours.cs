using System.Collections.Concurrent;
using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>The colours of a picture that a person has given for the film: means of its upper, middle and lower third, and its brightest part.</summary>
internal sealed record ReferenceColours(SKColor Top, SKColor Middle, SKColor Low, SKColor Light)
{
    /// <summary>Larger ones are not decoded for a few colours.</summary>
    private const long MaxPixels = 30_000_000;
    private const int Remembered = 64;
    private const float Side = 48;

    private static readonly ConcurrentDictionary<string, ReferenceColours?> Known = new(StringComparer.Ordinal);

    /// <summary>Those of an anchor; null where it is none that a person has given, or cannot be decoded.</summary>
    public static ReferenceColours? Of(Anchor? anchor)
    {
        if (anchor is not { IsReference: true }) return null;
        if (Known.Count > Remembered) Known.Clear();
        return Known.GetOrAdd(anchor.Sha256, _ => Read(anchor.Bytes));
    }

    private static ReferenceColours? Read(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null) return null;
        // A JPEG is decoded to an eighth at once.
        var size = codec.GetScaledDimensions(Math.Min(1, Side / Math.Max(codec.Info.Width, codec.Info.Height)));
        if ((long)size.Width * size.Height > MaxPixels) return null;
        using var bitmap = new SKBitmap();
        if (!bitmap.TryAllocPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Opaque)) || codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success) return null;
        using var small = bitmap.Resize(new SKSizeI(12, 12), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        if (small is null) return null;
        var brightest = Enumerable.Range(0, 144).Select(i => small.GetPixel(i % 12, i / 12)).MaxBy(colour => colour.Red + colour.Green + colour.Blue);
        return new ReferenceColours(Mean(small, 0), Mean(small, 4), Mean(small, 8), brightest);
    }

    private static SKColor Mean(SKBitmap small, int from)
    {
        var (red, green, blue) = (0, 0, 0);
        for (var i = 0; i < 48; i++)
        {
            var colour = small.GetPixel(i % 12, from + (i / 12));
            (red, green, blue) = (red + colour.Red, green + colour.Green, blue + colour.Blue);
        }

        return new SKColor((byte)(red / 48), (byte)(green / 48), (byte)(blue / 48));
    }
}
