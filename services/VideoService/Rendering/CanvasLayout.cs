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
    /// the path's zoom times the film's size is taken pixel by pixel and resampled once only, by the camera.
    /// </summary>
    /// <param name="width">The picture's pixels across, as seen upright.</param>
    /// <param name="height">The picture's pixels down, likewise.</param>
    /// <param name="shot">Fit, focus and path.</param>
    /// <param name="film">The film's size.</param>
    public static CanvasLayout For(int width, int height, Shot shot, FilmSettings film)
    {
        var (path, zoom) = (shot.Path, shot.Path.Zoom);
        double across = (double)width / film.Width, down = (double)height / film.Height;
        var own = shot.Fit == Fit.Cover ? Math.Min(across, down) : Math.Max(across / path.SeenAcross, down / path.SeenDown);
        var scale = Math.Clamp(own, 1, zoom);
        var pixelByPixel = own >= 1 && own <= zoom;
        var canvas = new SKSizeI(FloorEven(film.Width * scale), FloorEven(film.Height * scale));
        return shot.Fit == Fit.Cover ? Cover(width, height, canvas, shot.Focus, pixelByPixel) : Whole(width, height, canvas, path, pixelByPixel);
    }

    private static CanvasLayout Cover(int width, int height, SKSizeI canvas, FocusPoint? focus, bool pixelByPixel)
    {
        var area = pixelByPixel
            ? new SourceArea(Math.Floor(PictureFit.Start(focus?.X, width, canvas.Width)), Math.Floor(PictureFit.Start(focus?.Y, height, canvas.Height)), canvas.Width, canvas.Height)
            : PictureFit.Crop(width, height, canvas.Width, canvas.Height, focus);
        return new(canvas.Width, canvas.Height, area, SKRectI.Create(canvas.Width, canvas.Height));
    }

    // What every view sees holds the whole picture. Rounded up, since at the closest view a line of the ground would show, and even, to stand in the middle.
    private static CanvasLayout Whole(int width, int height, SKSizeI canvas, MotionPath path, bool pixelByPixel)
    {
        var scale = Math.Min(canvas.Width * path.SeenAcross / width, canvas.Height * path.SeenDown / height);
        var (w, h) = pixelByPixel ? (width, height) : (CeilingEven(width * scale), CeilingEven(height * scale));
        (w, h) = (Math.Min(w, canvas.Width), Math.Min(h, canvas.Height));
        var corner = new SKPointI((canvas.Width - w) / 2, (canvas.Height - h) / 2);
        return new(canvas.Width, canvas.Height, new(0, 0, width, height), SKRectI.Create(corner, new SKSizeI(w, h)));
    }

    private static int FloorEven(double side) => 2 * (int)Math.Floor(side / 2 + 1e-9);

    private static int CeilingEven(double side) => Math.Max(2, 2 * (int)Math.Ceiling(side / 2 - 1e-9));
}
