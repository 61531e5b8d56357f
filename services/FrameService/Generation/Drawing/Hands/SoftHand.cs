using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>Modelled light: forms turn from a lit side to a shaded one, take texture near by, and carry a rim towards the light. The Realistic style.</summary>
internal class SoftHand(Stage stage, SKCanvas canvas) : Hand(stage, canvas)
{
    protected virtual float TextureStrength => 0.5f;

    protected virtual float RimStrength => 0.75f;

    public override void Backdrop(SKRect area, SKColor[] colours, float[] positions)
    {
        using var shader = SKShader.CreateLinearGradient(new(0, area.Top), new(0, area.Bottom), colours, positions, SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsDither = true };
        Canvas.DrawRect(area, paint);
    }

    public override void Fill(SKPath form, SKColor colour, float depth, Surface surface = Surface.Body)
    {
        var box = form.Bounds;
        if (box.Width <= 0 || box.Height <= 0) return;
        if (surface == Surface.Light)
        {
            using var plain = new SKPaint { Color = colour, IsAntialias = true };
            Canvas.DrawPath(form, plain);
            return;
        }

        var near = 1 - (depth * 0.85f);
        var lit = colour.Mix(Stage.Palette.Light.WithAlpha(colour.Alpha), 0.2f * near * Stage.Sunlight);
        var shade = colour.Mix(Stage.Palette.Shadow.WithAlpha(colour.Alpha), 0.42f * near);
        using var modelled = Modelled(box, lit, colour, shade, surface);
        using var textured = colour.Alpha == 255 && near > 0.35f && box.Width * box.Height > 900 && TextureStrength > 0 ? Textured(modelled, near, surface) : null;
        using var paint = new SKPaint { Shader = textured ?? modelled, IsAntialias = true };
        Canvas.DrawPath(form, paint);
        if (surface == Surface.Body && near > 0.55f && RimStrength > 0 && Math.Min(box.Width, box.Height) > 6) Rim(form, box, near);
    }

    public override void Line(SKPath path, SKColor colour, float width, float depth)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true, IsStroke = true, StrokeWidth = width, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
        Canvas.DrawPath(path, paint);
    }

    public override void Glow(SKPoint centre, float radius, SKColor colour, float strength)
    {
        SKColor[] colours = [colour.Alpha(strength), colour.Alpha(strength * 0.38f), colour.Alpha(strength * 0.1f), colour.Alpha(0)];
        using var shader = SKShader.CreateRadialGradient(centre, radius, colours, [0, 0.22f, 0.55f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, BlendMode = SKBlendMode.Screen };
        Canvas.DrawRect(SKRect.Create(centre.X - radius, centre.Y - radius, radius * 2, radius * 2), paint);
    }

    public override void Disc(SKPoint centre, float radius, SKColor colour)
    {
        using var shader = SKShader.CreateRadialGradient(
            centre, radius, [colour.Lighter(0.35f), colour.Lighter(0.2f), colour], [0, 0.75f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        Canvas.DrawCircle(centre, radius, paint);
    }

    public override void Clouds(float cover, SKColor lit, SKColor shade)
    {
        using var clouds = CloudField.Draw(Stage, cover, lit, shade);
        using var paint = new SKPaint();
        Canvas.DrawImage(clouds, SKRect.Create(0, 0, Stage.Width, Stage.Horizon + (Stage.Height * 0.02f)), new SKSamplingOptions(SKFilterMode.Linear), paint);
    }

    public override void Veil(float fromY, float toY, SKColor from, SKColor to)
    {
        var top = Math.Min(fromY, toY);
        using var shader = SKShader.CreateLinearGradient(new(0, fromY), new(0, toY), [from, to], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        Canvas.DrawRect(SKRect.Create(0, top, Stage.Width, Math.Abs(toY - fromY)), paint);
    }

    public override void Beam(SKPoint from, SKPoint left, SKPoint right, SKColor colour, float strength)
    {
        using var path = new SKPath();
        path.AddPoly([from, left, right], true);
        var end = new SKPoint((left.X + right.X) / 2, (left.Y + right.Y) / 2);
        using var shader = SKShader.CreateLinearGradient(from, end, [colour.Alpha(strength), colour.Alpha(0)], SKShaderTileMode.Clamp);
        using var soft = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, Stage.Unit * 0.008f);
        using var paint = new SKPaint { Shader = shader, BlendMode = SKBlendMode.Screen, MaskFilter = soft, IsAntialias = true };
        Canvas.DrawPath(path, paint);
    }

    public override void Finish(SKSurface surface)
    {
        Finishing.Vignette(Canvas, Stage, 0.34f);
        Finishing.Grain(Canvas, Stage, 0.05f);
    }

    private SKShader Modelled(SKRect box, SKColor lit, SKColor colour, SKColor shade, Surface surface)
    {
        var (from, to) = surface switch
        {
            Surface.Ground or Surface.Water => (new SKPoint(box.MidX, box.Top), new SKPoint(box.MidX, Math.Min(box.Bottom, Stage.Height))),
            Surface.Cloud => (new SKPoint(box.MidX, box.Top), new SKPoint(box.MidX, box.Top + (Stage.Unit * 0.2f))),
            Surface.Rock or Surface.Wall => (new SKPoint(box.MidX, box.Top), new SKPoint(box.MidX, box.Bottom)),
            _ when Stage.LightOnLeft => (new SKPoint(box.Left, box.Top), new SKPoint(box.Left + (box.Width * 0.85f), box.Bottom)),
            _ => (new SKPoint(box.Right, box.Top), new SKPoint(box.Right - (box.Width * 0.85f), box.Bottom)),
        };
        return SKShader.CreateLinearGradient(from, to, [lit, colour, shade], [0, 0.42f, 1], SKShaderTileMode.Clamp);
    }

    private SKShader Textured(SKShader modelled, float near, Surface surface)
    {
        var (grain, stretch, strength) = surface switch
        {
            Surface.Ground => (2.2f, 5f, 0.5f),
            Surface.Rock => (1.7f, 0.7f, 0.55f),
            Surface.Wall => (2.4f, 1f, 0.16f),
            Surface.Foliage => (0.8f, 1f, 0.6f),
            Surface.Water => (1.6f, 7f, 0.22f),
            _ => (1.1f, 1f, 0.12f),
        };
        using var texture = Textures.Shader(Stage.Unit / 720f * grain, stretch, strength * near * TextureStrength * 1.3f);
        return SKShader.CreateCompose(modelled, texture, SKBlendMode.Overlay);
    }

    // The crescent between the form and the form moved away from the light.
    private void Rim(SKPath form, SKRect box, float near)
    {
        var width = Math.Clamp(Math.Min(box.Width, box.Height) * 0.07f, 1f, Stage.Unit * 0.008f);
        Canvas.Save();
        Canvas.ClipPath(form, SKClipOperation.Intersect, true);
        using var moved = new SKPath(form);
        moved.Transform(SKMatrix.CreateTranslation(Stage.LightOnLeft ? width : -width, width * 0.7f));
        Canvas.ClipPath(moved, SKClipOperation.Difference, true);
        using var paint = new SKPaint { Color = Stage.Palette.Light.Alpha(RimStrength * near * Stage.Sunlight), BlendMode = SKBlendMode.Screen };
        Canvas.DrawRect(box, paint);
        Canvas.Restore();
    }
}
