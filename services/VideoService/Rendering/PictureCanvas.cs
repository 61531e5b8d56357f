using FrameVideo.Contracts;
using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>Where a picture stands on the canvas that the camera moves over.</summary>
/// <param name="Width">The canvas, even; its ratio is the film's to within two pixels.</param>
/// <param name="Height">The canvas, even.</param>
/// <param name="Area">The part of the picture that is shown.</param>
/// <param name="Target">Where it is shown.</param>
internal sealed record CanvasLayout(int Width, int Height, SourceArea Area, SKRectI Target)
{
    /// <summary>Canvas pixels for each pixel of the picture.</summary>
    public double Scale => Math.Max(Target.Width / Area.Width, Target.Height / Area.Height);

    /// <summary>
    /// Lays out a picture. The canvas is as fine as the camera's closest view needs, but not finer than the picture is: a picture between one and
    /// <paramref name="zoom"/> times the film's size is taken pixel by pixel and resampled once only, by the camera.
    /// </summary>
    public static CanvasLayout For(int width, int height, Fit fit, int filmWidth, int filmHeight, double zoom)
    {
        double across = (double)width / filmWidth, down = (double)height / filmHeight;
        var own = fit == Fit.Cover ? Math.Min(across, down) : zoom * Math.Max(across, down);
        var scale = Math.Clamp(own, 1, zoom);
        var pixelByPixel = own >= 1 && own <= zoom;
        var canvas = new SKSizeI(FloorEven(filmWidth * scale), FloorEven(filmHeight * scale));
        return fit == Fit.Cover ? Cover(width, height, canvas, pixelByPixel) : Whole(width, height, canvas, zoom, pixelByPixel);
    }

    private static CanvasLayout Cover(int width, int height, SKSizeI canvas, bool pixelByPixel)
    {
        var area = pixelByPixel
            ? new SourceArea((width - canvas.Width) / 2, (height - canvas.Height) / 2, canvas.Width, canvas.Height)
            : CoverArea(width, height, canvas.Width, canvas.Height);
        return new(canvas.Width, canvas.Height, area, SKRectI.Create(canvas.Width, canvas.Height));
    }

    // At the closest view the picture is still seen whole. Rounded up, since there a line of the ground would show, and even, to stand in the middle.
    private static CanvasLayout Whole(int width, int height, SKSizeI canvas, double zoom, bool pixelByPixel)
    {
        var scale = Math.Min(canvas.Width / (zoom * width), canvas.Height / (zoom * height));
        var (w, h) = pixelByPixel ? (width, height) : (CeilingEven(width * scale), CeilingEven(height * scale));
        (w, h) = (Math.Min(w, canvas.Width), Math.Min(h, canvas.Height));
        var corner = new SKPointI((canvas.Width - w) / 2, (canvas.Height - h) / 2);
        return new(canvas.Width, canvas.Height, new(0, 0, width, height), SKRectI.Create(corner, new SKSizeI(w, h)));
    }

    /// <summary>The middle of a picture that has the ratio of a canvas.</summary>
    public static SourceArea CoverArea(double width, double height, double canvasWidth, double canvasHeight)
    {
        var scale = Math.Max(canvasWidth / width, canvasHeight / height);
        var (w, h) = (Math.Min(width, canvasWidth / scale), Math.Min(height, canvasHeight / scale));
        return new SourceArea((width - w) / 2, (height - h) / 2, w, h);
    }

    private static int FloorEven(double side) => 2 * (int)Math.Floor(side / 2 + 1e-9);

    private static int CeilingEven(double side) => Math.Max(2, 2 * (int)Math.Ceiling(side / 2 - 1e-9));
}

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
            layout = CanvasLayout.For(read.Width, read.Height, shot.Fit, film.Width, film.Height, shot.Path.Zoom);
            return layout.Scale;
        });
        return Draw(pixels, header!, layout!, shot.Fit, cancellationToken);
    }

    private static PicturePlanes Draw(UprightPixels pixels, PictureHeader header, CanvasLayout layout, Fit fit, CancellationToken cancellationToken)
    {
        using var sRgb = SKColorSpace.CreateSrgb();
        using var canvas = new SKBitmap(new SKImageInfo(layout.Width, layout.Height, SKColorType.Rgba8888, SKAlphaType.Opaque, sRgb));
        canvas.Erase(SKColors.Black);
        if (fit == Fit.Contain) DrawGround(pixels, canvas, cancellationToken);

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
        PictureScaler.Scale(pixels, CanvasLayout.CoverArea(pixels.Width, pixels.Height, width, height), small, SKRectI.Create(width, height), cancellationToken);

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
