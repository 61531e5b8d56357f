using FrameVideo.Contracts;
using FrameVideo.Hosting;
using SkiaSharp;

namespace FrameService.Frames;

/// <summary>What a picture's first bytes say: type by content, not by name, and size as seen upright (EXIF orientation applied).</summary>
/// <param name="ContentType">image/png, image/jpeg or image/webp.</param>
/// <param name="Extension">png, jpg or webp.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
internal sealed record PictureHeader(string ContentType, string Extension, int Width, int Height)
{
    /// <summary>100 megapixels decode to 400 MB; no storyboard needs more.</summary>
    private const long MaxPixels = 100_000_000;

    /// <summary>Reads the header alone; nothing is decoded, so a small file that claims a huge picture costs nothing.</summary>
    /// <exception cref="ProblemException">unsupported-image, image-unreadable or image-too-many-pixels.</exception>
    public static PictureHeader Read(string path)
    {
        using var codec = SKCodec.Create(path, out var result);
        if (codec is null)
        {
            throw result is SKCodecResult.Unimplemented or SKCodecResult.InvalidInput || !LooksLikePicture(path)
                ? new ProblemException(ErrorCodes.UnsupportedImage, "The bytes are no PNG, JPEG or WebP picture.")
                : new ProblemException(ErrorCodes.ImageUnreadable, "The picture's header is damaged.");
        }

        var (type, extension) = codec.EncodedFormat switch
        {
            SKEncodedImageFormat.Png => ("image/png", "png"),
            SKEncodedImageFormat.Jpeg => ("image/jpeg", "jpg"),
            SKEncodedImageFormat.Webp => ("image/webp", "webp"),
            _ => throw new ProblemException(ErrorCodes.UnsupportedImage, "The bytes are no PNG, JPEG or WebP picture."),
        };
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MaxPixels)
            throw new ProblemException(ErrorCodes.ImageTooManyPixels, $"The picture claims {width} x {height} pixels; at most {MaxPixels / 1_000_000} million are taken.");
        var turned = codec.EncodedOrigin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        return turned ? new PictureHeader(type, extension, height, width) : new PictureHeader(type, extension, width, height);
    }

    private static bool LooksLikePicture(string path)
    {
        Span<byte> start = stackalloc byte[12];
        using var file = File.OpenRead(path);
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        start = start[..read];
        return start is [0x89, 0x50, 0x4E, 0x47, ..] or [0xFF, 0xD8, 0xFF, ..]
            || (start.StartsWith("RIFF"u8) && read == 12 && start[8..].SequenceEqual("WEBP"u8));
    }
}
