using FrameService.Frames;
using SkiaSharp;

namespace FrameService.Generation.Providers;

/// <summary>Makes a frame's picture of one that a provider has drawn: cut around its middle to the frame's ratio, scaled to its pixels. One that has them already stays as it is.</summary>
internal static class FitPicture
{
    private const int Quality = 95;

    /// <summary>More than any model draws; what claims more is not decoded.</summary>
    private const long MaxPixels = 40_000_000;

    /// <summary>The picture; null where the bytes are none that can be decoded.</summary>
    public static DrawnFrame? Fit(byte[] bytes, int width, int height)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null || (long)codec.Info.Width * codec.Info.Height > MaxPixels) return null;
        var type = codec.EncodedFormat switch { SKEncodedImageFormat.Png => "image/png", SKEncodedImageFormat.Jpeg => "image/jpeg", SKEncodedImageFormat.Webp => "image/webp", _ => null };
        if (type is not null && codec.Info.Width == width && codec.Info.Height == height && bytes.Length <= PictureKeeper.MaxBytes) return new DrawnFrame(bytes, type, width, height);
        using var sRgb = SKColorSpace.CreateSrgb();
        using var drawn = new SKBitmap();
        if (!drawn.TryAllocPixels(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul, sRgb)) || codec.GetPixels(drawn.Info, drawn.GetPixels()) != SKCodecResult.Success) return null;
        using var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul, sRgb));
        if (surface is null) return null;
        // What is transparent lies on white, as it does on a page.
        surface.Canvas.Clear(SKColors.White);
        var scale = Math.Max((float)width / drawn.Width, (float)height / drawn.Height);
        var (cutWidth, cutHeight) = (width / scale, height / scale);
        var cut = SKRect.Create((drawn.Width - cutWidth) / 2, (drawn.Height - cutHeight) / 2, cutWidth, cutHeight);
        using var image = SKImage.FromBitmap(drawn);
        // Smaller: each point of the result is a mean of those that it stands for. Larger: Mitchell's curve, which neither rings nor blurs.
        var sampling = scale < 1 ? new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear) : new SKSamplingOptions(SKCubicResampler.Mitchell);
        surface.Canvas.DrawImage(image, cut, SKRect.Create(width, height), sampling);
        using var fitted = surface.Snapshot();
        using var pixels = fitted.PeekPixels();
        using var plain = new SKPixmap(pixels.Info.WithColorSpace(null), pixels.GetPixels(), pixels.RowBytes);
        using var encoded = plain.Encode(new SKJpegEncoderOptions(Quality, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore));
        return encoded is null ? null : new DrawnFrame(encoded.ToArray(), "image/jpeg", width, height);
    }
}
