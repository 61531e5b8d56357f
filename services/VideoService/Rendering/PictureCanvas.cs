using FrameVideo.Contracts;
using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>Makes planes of a stored picture: decoded, fitted and converted once.</summary>
internal static class PictureCanvas
{
    // The ground is drawn at an eighth of the size: it is blurred anyway.
    private const int GroundPart = 8;
    private const float GroundBlur = 1 / 30f;
    private const float GroundLight = 0.5f;

    /// <summary>Decodes, fits and converts a picture for a shot.</summary>
    /// <exception cref="PictureException">The picture cannot be decoded, or is too large.</exception>
    public static PicturePlanes Compose(byte[] picture, Shot shot, FilmSettings film, long maxPixels, CancellationToken cancellationToken)
    {
        CanvasLayout? layout = null;
        PictureHeader? header = null;
        using var pixels = PictureReader.Read(picture, maxPixels, read =>
        {
            header = read;
            layout = CanvasLayout.For(read.Width, read.Height, shot, film);
            return layout.Scale;
        });
        return Draw(pixels, header!, layout!, shot, cancellationToken);
    }

    private static PicturePlanes Draw(UprightPixels pixels, PictureHeader header, CanvasLayout layout, Shot shot, CancellationToken cancellationToken)
    {
        using var sRgb = SKColorSpace.CreateSrgb();
        using var canvas = new SKBitmap(new SKImageInfo(layout.Width, layout.Height, SKColorType.Rgba8888, SKAlphaType.Opaque, sRgb));
        canvas.Erase(shot.Fit == Fit.Pad ? shot.PadColour : SKColors.Black);
        if (shot.Fit == Fit.Contain) DrawGround(pixels, canvas, cancellationToken);

        // The codec may have decoded fewer pixels than the header names.
        double x = (double)pixels.Width / header.Width, y = (double)pixels.Height / header.Height;
        var area = new SourceArea(layout.Area.Left * x, layout.Area.Top * y, layout.Area.Width * x, layout.Area.Height * y);
        PictureScaler.Scale(pixels, area, canvas, layout.Target, cancellationToken);
        return ColourMatrix.ToPlanes(canvas);
    }

    private static void DrawGround(UprightPixels pixels, SKBitmap canvas, CancellationToken cancellationToken)
    {
        int width = Math.Max(2, canvas.Width / GroundPart), height = Math.Max(2, canvas.Height / GroundPart);
        using var small = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque, canvas.ColorSpace));
        PictureScaler.Scale(pixels, PictureFit.Crop(pixels.Width, pixels.Height, width, height, focus: null), small, SKRectI.Create(width, height), cancellationToken);

        var blur = GroundBlur * Math.Max(canvas.Width, canvas.Height);
        using var dark = SKColorFilter.CreateColorMatrix(
        [
            GroundLight, 0, 0, 0, 0,
            0, GroundLight, 0, 0, 0,
            0, 0, GroundLight, 0, 0,
            0, 0, 0, 1, 0,
        ]);
        using var image = SKImage.FromBitmap(small);
        using var shader = image.ToShader(
            SKShaderTileMode.Clamp, SKShaderTileMode.Clamp, new SKSamplingOptions(SKCubicResampler.Mitchell),
            SKMatrix.CreateScale((float)canvas.Width / width, (float)canvas.Height / height));
        using var filter = SKImageFilter.CreateBlur(blur, blur);
        using var paint = new SKPaint { Shader = shader, ImageFilter = filter, ColorFilter = dark, IsDither = true };
        using var surface = new SKCanvas(canvas);

        // Drawn past all sides by more than the blur reaches: what is blurred in from outside is the picture's own edge, not black.
        var room = 3 * blur;
        surface.DrawRect(new SKRect(-room, -room, canvas.Width + room, canvas.Height + room), paint);
    }
}
