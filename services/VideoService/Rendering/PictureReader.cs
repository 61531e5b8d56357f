using FrameVideo.Contracts;
using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>What a picture's header says; nothing has been decoded.</summary>
/// <param name="Width">Pixels across, as seen upright.</param>
/// <param name="Height">Pixels down, as seen upright.</param>
/// <param name="ContentType">image/png, image/jpeg or image/webp, by the bytes.</param>
/// <param name="Turned">Whether the stored rows run down the upright picture.</param>
internal sealed record PictureHeader(int Width, int Height, string ContentType, bool Turned);

/// <summary>Reads PNG, JPEG and WebP pictures: the header first, then the pixels, upright and in sRGB.</summary>
/// <remarks>
/// Skia's codecs apply colour profiles and turn grey, palette, 16-bit and CMYK samples into RGBA; transparency comes multiplied in, which is the picture over black.
/// Of an animation the first picture is taken.
/// </remarks>
internal static class PictureReader
{
    /// <summary>Reads the header alone.</summary>
    /// <exception cref="PictureException">No picture of the three kinds, a broken header, or more than <paramref name="maxPixels"/> pixels.</exception>
    public static PictureHeader Inspect(byte[] picture, long maxPixels)
    {
        using var codec = Open(picture, maxPixels);
        return HeaderOf(codec);
    }

    /// <summary>Decodes a picture.</summary>
    /// <param name="picture">Its bytes.</param>
    /// <param name="maxPixels">More are refused before anything is decoded.</param>
    /// <param name="scale">Told the header, answers the smallest scale (above 0) that the pixels are needed at; about twice as many are then kept, so that memory follows the film and not the picture.</param>
    /// <exception cref="PictureException">As <see cref="Inspect"/>, or the pixels cannot be decoded whole.</exception>
    public static UprightPixels Read(byte[] picture, long maxPixels, Func<PictureHeader, double> scale)
    {
        using var codec = Open(picture, maxPixels);
        var needed = scale(HeaderOf(codec));
        var times = TimesSmaller(codec, needed);
        var size = times > 1 ? new SKSizeI(codec.Info.Width / times, codec.Info.Height / times) : SizeFor(codec, needed);
        using var sRgb = SKColorSpace.CreateSrgb();
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul, sRgb);
        var bitmap = new SKBitmap();
        try
        {
            if (!bitmap.TryAllocPixels(info)) throw new PictureException(ErrorCodes.ImageTooManyPixels, "There is not enough memory for the picture's pixels.");
            var result = times > 1 ? ReducedPixels.Read(codec, bitmap, times) : codec.GetPixels(info, bitmap.GetPixels());
            if (result != SKCodecResult.Success) throw Corrupt(result);
            return UprightPixels.Of(bitmap, codec.EncodedOrigin);
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    private static SKCodec Open(byte[] picture, long maxPixels)
    {
        if (ContentTypeOf(picture) is null) throw new PictureException(ErrorCodes.UnsupportedImage, "The picture is no PNG, JPEG or WebP.");
        using var data = SKData.CreateCopy(picture);
        var codec = SKCodec.Create(data) ?? throw Corrupt(SKCodecResult.InvalidInput);
        var info = codec.Info;
        if ((long)info.Width * info.Height <= maxPixels) return codec;
        codec.Dispose();
        throw new PictureException(
            ErrorCodes.ImageTooManyPixels, $"The picture has {info.Width} x {info.Height} pixels; at most {maxPixels / 1_000_000.0:0.#} million are taken.");
    }

    private static PictureHeader HeaderOf(SKCodec codec)
    {
        var turned = codec.EncodedOrigin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        var (width, height) = turned ? (codec.Info.Height, codec.Info.Width) : (codec.Info.Width, codec.Info.Height);
        var type = codec.EncodedFormat switch
        {
            SKEncodedImageFormat.Png => "image/png",
            SKEncodedImageFormat.Jpeg => "image/jpeg",
            _ => "image/webp",
        };
        return new PictureHeader(width, height, type, turned);
    }

    // Half of what the codec could leave out is kept, for the scaler's wider kernel to work on.
    private static SKSizeI SizeFor(SKCodec codec, double scale)
    {
        var full = codec.Info.Size;
        if (scale >= 0.5) return full;
        var scaled = codec.GetScaledDimensions((float)(2 * scale));
        return scaled.Width >= scale * full.Width && scaled.Height >= scale * full.Height ? scaled : full;
    }

    // Likewise, of a PNG whose pixels would take much memory. An interlaced one has its rows in no order.
    private static int TimesSmaller(SKCodec codec, double scale) =>
        codec.EncodedFormat == SKEncodedImageFormat.Png && scale < 0.5 && 4L * codec.Info.Width * codec.Info.Height > ReducedPixels.MaxStrip && codec.ScanlineOrder == SKCodecScanlineOrder.TopDown
            ? (int)Math.Min(0.5 / scale, Math.Min(codec.Info.Width, codec.Info.Height))
            : 1;

    private static string? ContentTypeOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])) return "image/png";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])) return "image/jpeg";
        return bytes.Length >= 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "image/webp" : null;
    }

    private static PictureException Corrupt(SKCodecResult result) => new(
        ErrorCodes.FrameCorrupt,
        result == SKCodecResult.IncompleteInput ? "The picture's bytes end too early." : "The picture cannot be decoded.");
}
