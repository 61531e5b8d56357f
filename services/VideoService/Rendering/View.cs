namespace VideoService.Rendering;

/// <summary>The part of a canvas that is seen, in fractions of its width and height: both sides have the same fraction, since the ratio is the film's.</summary>
/// <param name="Left">0 to 1 - <paramref name="Size"/>.</param>
/// <param name="Top">0 to 1 - <paramref name="Size"/>.</param>
/// <param name="Size">1 / zoom, above 0, at most 1.</param>
internal readonly record struct View(double Left, double Top, double Size)
{
    /// <summary>The whole canvas.</summary>
    public static View Whole { get; } = new(0, 0, 1);

    /// <summary>A view at a zoom of 1 or more; the anchors, -1 to 1, say how far it stands towards left/right and top/bottom.</summary>
    public static View At(double zoom, double anchorX, double anchorY)
    {
        var size = 1 / zoom;
        return new View((1 - size) * (0.5 + anchorX / 2), (1 - size) * (0.5 + anchorY / 2), size);
    }

    /// <summary>A view at a zoom of 1 or more with a point of the canvas as near to its middle as the edges allow.</summary>
    public static View Around(double zoom, double x, double y)
    {
        var size = 1 / zoom;
        return new View(Math.Clamp(x - size / 2, 0, 1 - size), Math.Clamp(y - size / 2, 0, 1 - size), size);
    }

    /// <summary>This view, moved no farther than is needed to have a point of the canvas in it, a tenth of its side away from its edge where the canvas allows.</summary>
    public View Holding(double x, double y)
    {
        double size = Size, room = Size / 10;
        return this with { Left = Hold(Left, x), Top = Hold(Top, y) };

        double Hold(double edge, double point) => Math.Clamp(Math.Clamp(edge, point - size + room, point - room), 0, 1 - size);
    }
}
