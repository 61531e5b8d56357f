using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>The Cartoon style: flat colours in few steps, one hard shadow, outlines in ink that are bolder the nearer the thing is.</summary>
internal sealed class InkHand(Stage stage, SKCanvas canvas) : Hand(stage, canvas)
{
    private SKColor Ink => Stage.Palette.Shadow.Darker(0.45f);

    public override void Backdrop(SKRect area, SKColor[] colours, float[] positions)
    {
        const int bands = 7;
        using var paint = new SKPaint { IsAntialias = true };
        for (var i = 0; i < bands; i++)
        {
            var top = area.Top + (area.Height * i / bands);
            paint.Color = At(colours, positions, (i + 0.5f) / bands).Saturate(1.22f);
            using var band = new SKPath();
            band.MoveTo(area.Left, area.Bottom);
            band.LineTo(area.Left, top);
            for (var x = 0; x <= 8; x++)
                band.LineTo(area.Left + (area.Width * x / 8), i == 0 ? top : top + (Noise.Value(x * 0.9f, i * 3, 17) * area.Height * 0.022f));
            band.LineTo(area.Right, area.Bottom);
            band.Close();
            Canvas.DrawPath(band, paint);
        }
    }

    public override void Fill(SKPath form, SKColor colour, float depth, Surface surface = Surface.Body)
    {
        var box = form.Bounds;
        if (box.Width <= 0 || box.Height <= 0) return;
        var flat = surface == Surface.Light ? colour : colour.Saturate(1.35f).Lighter(0.05f);
        using var paint = new SKPaint { Color = flat, IsAntialias = true };
        // Ink goes on first, so that lobes which overlap share one outline.
        if (surface != Surface.Light && (depth <= 0.7f || surface == Surface.Body)) Outline(form, box, depth);
        Canvas.DrawPath(form, paint);
        if (surface is Surface.Body or Surface.Foliage or Surface.Cloud && Math.Min(box.Width, box.Height) > 14) Shadow(form, box, flat);
    }

    public override void Line(SKPath path, SKColor colour, float width, float depth)
    {
        using var paint = new SKPaint { Color = colour.Saturate(1.2f), IsAntialias = true, IsStroke = true, StrokeWidth = width * 1.1f, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
        Canvas.DrawPath(path, paint);
    }

    // Light in a cartoon is two flat rings.
    public override void Glow(SKPoint centre, float radius, SKColor colour, float strength)
    {
        using var paint = new SKPaint { IsAntialias = true, BlendMode = SKBlendMode.Screen, Color = colour.Alpha(Math.Max(0, strength - 0.1f) * 0.18f) };
        Canvas.DrawCircle(centre, radius * 0.52f, paint);
        Canvas.DrawCircle(centre, radius * 0.3f, paint);
    }

    public override void Disc(SKPoint centre, float radius, SKColor colour)
    {
        using var paint = new SKPaint { IsAntialias = true, Color = colour.Saturate(1.3f) };
        Canvas.DrawCircle(centre, radius * 1.1f, paint);
        using var ink = new SKPaint { IsAntialias = true, IsStroke = true, StrokeWidth = Stage.Unit * 0.003f, Color = Ink.Alpha(0.55f) };
        Canvas.DrawCircle(centre, radius * 1.1f, ink);
    }

    public override void Clouds(float cover, SKColor lit, SKColor shade)
    {
        var dice = Stage.World("cartoon clouds");
        var count = (int)(3 + (cover * 7));
        for (var i = 0; i < count; i++)
        {
            var far = i / (float)count;
            var size = Stage.Unit * dice.Range(0.05f, 0.085f) * (1.3f - (far * 0.7f));
            var (x, y) = ((dice.Range(-0.05f, 1.05f) + (Stage.Drift * 0.08f)) * Stage.Width, Stage.Horizon * (0.1f + (0.72f * far) + dice.Range(-0.05f, 0.05f)));
            using var cloud = new SKPath();
            using var puff = new SKPath();
            for (var k = -2; k <= 2; k++)
            {
                puff.Rewind();
                puff.AddCircle(x + (k * size * 0.75f), y - (size * (k == 0 ? 0.4f : 0.1f)), size * (k == 0 ? 0.8f : Math.Abs(k) == 1 ? 0.62f : 0.4f));
                cloud.Op(puff, SKPathOp.Union, cloud);
            }

            puff.Rewind();
            puff.AddRoundRect(SKRect.Create(x - (size * 1.9f), y - (size * 0.1f), size * 3.8f, size * 0.42f), size * 0.2f, size * 0.2f);
            cloud.Op(puff, SKPathOp.Union, cloud);
            Fill(cloud, lit.Mix(shade, 0.12f + (cover * 0.45f)), 0.45f + (far * 0.35f), Surface.Cloud);
        }
    }

    public override void Veil(float fromY, float toY, SKColor from, SKColor to)
    {
        using var shader = SKShader.CreateLinearGradient(new(0, fromY), new(0, toY), [from.Alpha(from.Alpha / 510f), to.Alpha(to.Alpha / 510f)], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsDither = true };
        Canvas.DrawRect(SKRect.Create(0, Math.Min(fromY, toY), Stage.Width, Math.Abs(toY - fromY)), paint);
    }

    public override void Beam(SKPoint from, SKPoint left, SKPoint right, SKColor colour, float strength)
    {
        using var path = Shapes.Polygon(from, left, right);
        using var paint = new SKPaint { IsAntialias = true, BlendMode = SKBlendMode.Screen, Color = colour.Alpha(strength * 0.55f) };
        Canvas.DrawPath(path, paint);
    }

    public override void Finish(SKSurface surface)
    {
    }

    private void Outline(SKPath form, SKRect box, float depth)
    {
        using var ink = new SKPaint
        {
            Color = Ink.Mix(Stage.Palette.Haze, depth * 0.7f),
            IsAntialias = true,
            IsStroke = true,
            StrokeJoin = SKStrokeJoin.Round,
            StrokeWidth = Math.Max(1.6f, Stage.Unit * 0.0085f * (1 - (depth * 0.8f)) * (box.Height < Stage.Unit * 0.05f ? 0.5f : 1)),
        };
        Canvas.DrawPath(form, ink);
    }

    private void Shadow(SKPath form, SKRect box, SKColor flat)
    {
        var away = Stage.LightOnLeft ? -1 : 1;
        using var lit = new SKPath(form);
        lit.Transform(SKMatrix.CreateTranslation(away * Math.Min(box.Width * 0.16f, Stage.Unit * 0.05f), -Math.Min(box.Height * 0.09f, Stage.Unit * 0.03f)));
        Canvas.Save();
        Canvas.ClipPath(form, SKClipOperation.Intersect, true);
        Canvas.ClipPath(lit, SKClipOperation.Difference, true);
        using var paint = new SKPaint { Color = flat.Mix(Stage.Palette.Shadow.WithAlpha(flat.Alpha), 0.36f) };
        Canvas.DrawRect(box, paint);
        Canvas.Restore();
    }

    private static SKColor At(SKColor[] colours, float[] positions, float t)
    {
        for (var i = 1; i < positions.Length; i++)
        {
            if (t <= positions[i]) return colours[i - 1].Mix(colours[i], (t - positions[i - 1]) / Math.Max(0.001f, positions[i] - positions[i - 1]));
        }

        return colours[^1];
    }
}
