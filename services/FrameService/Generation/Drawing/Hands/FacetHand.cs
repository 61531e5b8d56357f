using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>The Abstract style: the scene is broken into facets of one colour each, fine where there is form and large where there is none, under a few drawn arcs.</summary>
internal sealed class FacetHand(Stage stage, SKCanvas canvas) : SoftHand(stage, canvas)
{
    private const int Step = 4;
    private const int Points = 2100;

    protected override float TextureStrength => 0;

    public override void Finish(SKSurface surface)
    {
        using var picture = surface.Snapshot();
        var (width, height) = (Stage.Width / Step, Stage.Height / Step);
        using var small = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var pixels = small.PeekPixels()) picture.ScalePixels(pixels, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        var colours = small.Pixels;
        var points = Scatter(colours, width, height);
        using var paint = new SKPaint { IsAntialias = false };
        using var facet = new SKPath();
        var dice = Stage.Panel("facets");
        foreach (var (a, b, c) in Triangulation.Of(points))
        {
            var (pa, pb, pc) = (points[a], points[b], points[c]);
            var colour = Average(colours, width, height, pa, pb, pc).Saturate(1.45f);
            // Each facet turns a little to or from the light.
            var turn = (((pb.X - pa.X) * (Stage.LightOnLeft ? -1 : 1)) + ((pc.Y - pa.Y) * -0.6f)) / (Stage.Unit * 0.2f);
            turn = Math.Clamp(turn, -1, 1) * 0.17f + dice.Range(-0.06f, 0.06f);
            paint.Color = turn > 0 ? colour.Lighter(turn) : colour.Darker(-turn);
            facet.Rewind();
            facet.AddPoly([At(pa), At(pb), At(pc)], true);
            Canvas.DrawPath(facet, paint);
        }

        Construction();
    }

    private SKPoint At(SKPoint p) => new(p.X * Stage.Width, p.Y * Stage.Height);

    private List<SKPoint> Scatter(SKColor[] colours, int width, int height)
    {
        var dice = Stage.Panel("points");
        var points = new List<SKPoint> { new(0, 0), new(1, 0), new(0, 1), new(1, 1) };
        for (var i = 1; i < 9; i++) points.AddRange([new(i / 9f, 0), new(i / 9f, 1), new(0, i / 9f), new(1, i / 9f)]);
        for (var tries = 0; points.Count < Points && tries < Points * 60; tries++)
        {
            var (x, y) = (1 + dice.Below(width - 2), 1 + dice.Below(height - 2));
            var slope = MathF.Abs(colours[(y * width) + x + 1].Luma() - colours[(y * width) + x - 1].Luma()) + MathF.Abs(colours[((y + 1) * width) + x].Luma() - colours[((y - 1) * width) + x].Luma());
            if (dice.Float() < 0.007f + MathF.Pow(Math.Min(1, slope / 70), 1.3f)) points.Add(new SKPoint((x + dice.Float()) / width, (y + dice.Float()) / height));
        }

        return points;
    }

    private static SKColor Average(SKColor[] colours, int width, int height, SKPoint a, SKPoint b, SKPoint c)
    {
        int red = 0, green = 0, blue = 0;
        var middle = new SKPoint((a.X + b.X + c.X) / 3, (a.Y + b.Y + c.Y) / 3);
        Span<SKPoint> samples = [middle, Towards(middle, a), Towards(middle, b), Towards(middle, c)];
        foreach (var s in samples)
        {
            var colour = colours[(Math.Clamp((int)(s.Y * height), 0, height - 1) * width) + Math.Clamp((int)(s.X * width), 0, width - 1)];
            (red, green, blue) = (red + colour.Red, green + colour.Green, blue + colour.Blue);
        }

        return new SKColor((byte)(red / 4), (byte)(green / 4), (byte)(blue / 4));

        static SKPoint Towards(SKPoint from, SKPoint to) => new((from.X + to.X) / 2, (from.Y + to.Y) / 2);
    }

    private void Construction()
    {
        using var line = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = Stage.Unit * 0.0018f, Color = Stage.Palette.Light.Alpha(0.4f) };
        using var disc = new SKPaint { IsAntialias = true, BlendMode = SKBlendMode.Overlay };
        for (var i = 1; i <= 4; i++)
        {
            var radius = Stage.Unit * (0.1f + (0.13f * i));
            disc.Color = (i % 2 == 0 ? Stage.Palette.Shadow : Stage.Palette.Light).Alpha(0.13f);
            Canvas.DrawCircle(Stage.Light, radius, disc);
            Canvas.DrawCircle(Stage.Light, radius, line);
        }

        line.Color = Stage.Palette.Light.Alpha(0.3f);
        Canvas.DrawLine(0, Stage.Horizon, Stage.Width, Stage.Horizon, line);
        Canvas.DrawLine(Stage.FocusX, 0, Stage.FocusX, Stage.Height, line);
        Canvas.DrawLine(Stage.Light.X, Stage.Light.Y, Stage.FocusX + ((Stage.FocusX - Stage.Light.X) * 2), Stage.Height, line);
    }
}
