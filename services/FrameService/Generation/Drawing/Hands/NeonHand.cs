using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>The Digital Art style: clean gradients between two hues, glowing edges, and a bloom over all.</summary>
internal sealed class NeonHand(Stage stage, SKCanvas canvas) : SoftHand(stage, canvas)
{
    protected override float TextureStrength => 0;

    protected override float RimStrength => 1;

    private SKColor Edge => Colours.Rgb(0x5CF2FF).Mix(Stage.Palette.SkyLow.Saturate(1.6f), 0.35f);

    private SKColor Second => Colours.Rgb(0xFF4FD8).Mix(Stage.Palette.SkyMid.Saturate(1.6f), 0.35f);

    public override void Backdrop(SKRect area, SKColor[] colours, float[] positions) =>
        base.Backdrop(area, [.. colours.Select((c, i) => c.Mix(i == 0 ? Colours.Rgb(0x14083C) : i == colours.Length - 1 ? Edge : Second, i == 0 ? 0.6f : 0.26f).Saturate(1.25f))], positions);

    public override void Line(SKPath path, SKColor colour, float width, float depth) => base.Line(path, colour.Mix(Edge, 0.25f), width, depth);

    public override void Disc(SKPoint centre, float radius, SKColor colour)
    {
        base.Disc(centre, radius * 1.25f, colour);
        using var ring = new SKPaint { IsAntialias = true, IsStroke = true, BlendMode = SKBlendMode.Screen };
        for (var i = 1; i <= 3; i++)
        {
            ring.StrokeWidth = Stage.Unit * 0.0022f;
            ring.Color = Edge.Alpha(0.5f / i);
            Canvas.DrawCircle(centre, radius * (1.25f + (i * 0.55f)), ring);
        }
    }

    public override void Fill(SKPath form, SKColor colour, float depth, Surface surface = Surface.Body)
    {
        base.Fill(form, surface == Surface.Light ? colour : colour.Saturate(1.3f).Mix(Colours.Rgb(0x1A0E4A).WithAlpha(colour.Alpha), 0.3f), depth, surface);
        if (surface is Surface.Light or Surface.Cloud || depth > 0.8f) return;
        using var edge = new SKPaint
        {
            IsAntialias = true,
            IsStroke = true,
            StrokeWidth = Stage.Unit * 0.0022f * (1.2f - depth),
            BlendMode = SKBlendMode.Screen,
            Color = Edge.Alpha((surface == Surface.Body ? 0.75f : 0.5f) * (1 - (depth * 0.7f))),
        };
        Canvas.DrawPath(form, edge);
        if (surface != Surface.Body && surface != Surface.Ground) return;
        edge.StrokeWidth = Stage.Unit * 0.011f * (1.2f - depth);
        edge.Color = Second.Alpha(0.2f * (1 - depth));
        Canvas.DrawPath(form, edge);
    }

    public override void Finish(SKSurface surface)
    {
        Ribbons();
        using (var picture = surface.Snapshot())
        {
            using var blur = SKImageFilter.CreateBlur(3.2f, 3.2f);
            using var half = SKSurface.Create(new SKImageInfo(Stage.Width / 6, Stage.Height / 6));
            using var soft = new SKPaint { ImageFilter = blur };
            half.Canvas.DrawImage(picture, SKRect.Create(0, 0, Stage.Width / 6f, Stage.Height / 6f), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear), soft);
            using var bloom = half.Snapshot();
            using var over = new SKPaint { BlendMode = SKBlendMode.Screen, Color = SKColors.White.Alpha(0.3f) };
            Canvas.DrawImage(bloom, SKRect.Create(0, 0, Stage.Width, Stage.Height), new SKSamplingOptions(SKFilterMode.Linear), over);
        }

        using var shader = SKShader.CreateLinearGradient(
            new(0, 0), new(Stage.Width, Stage.Height), [Stage.Palette.SkyTop.Saturate(1.8f).Alpha(0.3f), SKColors.Transparent, Stage.Palette.SkyMid.Saturate(1.8f).Alpha(0.26f)],
            [0, 0.5f, 1], SKShaderTileMode.Clamp);
        using var tint = new SKPaint { Shader = shader, BlendMode = SKBlendMode.Overlay };
        Canvas.DrawRect(0, 0, Stage.Width, Stage.Height, tint);
        Finishing.Vignette(Canvas, Stage, 0.4f);
    }

    // Currents of light from the source across the picture, and motes along them.
    private void Ribbons()
    {
        var dice = Stage.World("ribbons");
        using var paint = new SKPaint { IsAntialias = true, IsStroke = true, BlendMode = SKBlendMode.Screen, StrokeCap = SKStrokeCap.Round };
        for (var i = 0; i < 5; i++)
        {
            using var ribbon = new SKPath();
            var y = Stage.Horizon * dice.Range(0.25f, 1.1f);
            ribbon.MoveTo(-10, y);
            ribbon.CubicTo(Stage.Width * 0.3f, y - (Stage.Unit * dice.Range(-0.3f, 0.3f)), Stage.Width * 0.65f, y + (Stage.Unit * dice.Range(-0.3f, 0.3f)), Stage.Width + 10, y + (Stage.Unit * dice.Range(-0.25f, 0.15f)));
            paint.StrokeWidth = Stage.Unit * 0.014f;
            paint.Color = Edge.Alpha(0.035f);
            Canvas.DrawPath(ribbon, paint);
            paint.StrokeWidth = Stage.Unit * 0.0016f;
            paint.Color = Edge.Alpha(0.28f);
            Canvas.DrawPath(ribbon, paint);
        }

        using var mote = new SKPaint { IsAntialias = true, BlendMode = SKBlendMode.Screen };
        for (var i = 0; i < 60; i++)
        {
            mote.Color = Edge.Lighter(0.4f).Alpha(dice.Range(0.15f, 0.7f));
            Canvas.DrawCircle(dice.Float() * Stage.Width, dice.Range(0.1f, 0.95f) * Stage.Height, Stage.Unit * dice.Range(0.0008f, 0.0028f), mote);
        }
    }
}
