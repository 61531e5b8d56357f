using System.Runtime.InteropServices;
using SkiaSharp;

namespace FrameService.Frames.Cleaning;

/// <summary>
/// A picture painted anew: upright, and in sRGB. It is decoded line by line into the place where each point belongs, so that one copy of it is in memory and not two; a WebP and an interlaced PNG, which come
/// whole, need a second one for being turned.
/// </summary>
internal static class Repaint
{
    /// <summary>Up to so many pixels a JPEG has as much colour as light; beyond, as those of cameras, a quarter, since its encoder holds all of it until the end.</summary>
    public const long Fine = 16_000_000;

    /// <summary>As in the encoders' own scales.</summary>
    private const int Quality = 95;
    private const int Lines = 16;

    /// <summary>The pixels; null where the picture cannot be decoded to its end.</summary>
    public static SKBitmap? Decode(string path, int orientation)
    {
        using var codec = SKCodec.Create(path);
        if (codec is null) return null;
        // Without a colour space of its own a picture is taken for sRGB, and no profile is written into it.
        using var sRgb = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul, sRgb);
        var (width, height) = orientation >= 5 ? (info.Height, info.Width) : (info.Width, info.Height);
        var upright = new SKBitmap();
        if (!upright.TryAllocPixels(info.WithSize(width, height)))
        {
            upright.Dispose();
            return null;
        }

        if (orientation == 1 ? codec.GetPixels(info, upright.GetPixels()) == SKCodecResult.Success : Turn(codec, info, upright, orientation)) return upright;
        upright.Dispose();
        return null;
    }

    /// <summary>Writes a picture; false where the encoder cannot.</summary>
    public static bool Encode(SKBitmap bitmap, string contentType, bool isLossless, Stream target)
    {
        using var plain = new SKPixmap(bitmap.Info.WithColorSpace(null), bitmap.GetPixels(), bitmap.RowBytes);
        using var stream = new SKManagedWStream(target);
        return contentType switch
        {
            "image/png" => plain.Encode(stream, SKPngEncoderOptions.Default),
            "image/jpeg" => plain.Encode(stream, new SKJpegEncoderOptions(Quality, (long)bitmap.Width * bitmap.Height > Fine ? SKJpegEncoderDownsample.Downsample420 : SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore)),
            _ => plain.Encode(stream, new SKWebpEncoderOptions(isLossless ? SKWebpEncoderCompression.Lossless : SKWebpEncoderCompression.Lossy, isLossless ? 70 : Quality)),
        };
    }

    private static bool Turn(SKCodec codec, SKImageInfo info, SKBitmap upright, int orientation)
    {
        var target = MemoryMarshal.Cast<byte, uint>(upright.GetPixelSpan());
        var (w, h) = (info.Width, info.Height);
        // Where the first point goes, and how far each step to the right and each step down leads.
        var (start, right, down) = orientation switch
        {
            2 => (w - 1, -1, w),
            3 => ((w * h) - 1, -1, -w),
            4 => (w * (h - 1), 1, -w),
            5 => (0, h, 1),
            6 => (h - 1, h, -1),
            7 => ((w * h) - 1, -h, -1),
            _ => (h * (w - 1), -h, 1),
        };
        if (codec.StartScanlineDecode(info) == SKCodecResult.Success && codec.ScanlineOrder == SKCodecScanlineOrder.TopDown)
        {
            using var strip = new SKBitmap();
            if (!strip.TryAllocPixels(info.WithSize(w, Lines))) return false;
            var source = MemoryMarshal.Cast<byte, uint>(strip.GetPixelSpan());
            for (var y = 0; y < h; y += Lines)
            {
                var lines = Math.Min(Lines, h - y);
                if (codec.GetScanlines(strip.GetPixels(), lines, strip.RowBytes) != lines) return false;
                Scatter(source, w, lines, target, start + (y * down), right, down);
            }

            return true;
        }

        using var whole = new SKBitmap();
        if (!whole.TryAllocPixels(info) || codec.GetPixels(info, whole.GetPixels()) != SKCodecResult.Success) return false;
        Scatter(MemoryMarshal.Cast<byte, uint>(whole.GetPixelSpan()), w, h, target, start, right, down);
        return true;
    }

    private static void Scatter(ReadOnlySpan<uint> source, int width, int height, Span<uint> target, int start, int right, int down)
    {
        // Down first: the lines of a strip lie beside each other where the picture is turned by a quarter.
        for (var x = 0; x < width; x++)
        {
            var to = start + (x * right);
            for (var y = 0; y < height; y++, to += down) target[to] = source[(y * width) + x];
        }
    }
}
