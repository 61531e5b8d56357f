using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>The Photographic style: what is far or very near is out of focus, lights spread, and the film has grain.</summary>
internal sealed class LensHand(Stage stage, SKCanvas canvas) : SoftHand(stage, canvas)
{
    private const float Focus = 0.14f;

    protected override float TextureStrength => 0.62f;

    public override void BeginPlane(float depth)
    {
        var blur = MathF.Max(0, MathF.Abs(depth - Focus) - 0.1f) * Stage.Unit * 0.0095f * (depth < Focus ? 8 : Stage.Closeness * Stage.Closeness);
        using var filter = blur < 0.6f ? null : SKImageFilter.CreateBlur(blur, blur);
        using var paint = new SKPaint { ImageFilter = filter };
        if (filter is null) Canvas.Save();
        else Canvas.SaveLayer(paint);
    }

    public override void EndPlane() => Canvas.Restore();

    public override void Finish(SKSurface surface)
    {
        Bokeh();
        Tone();
        Finishing.Vignette(Canvas, Stage, 0.62f);
        Finishing.Grain(Canvas, Stage, 0.13f);
    }

    private void Bokeh()
    {
        var dice = Stage.Panel("bokeh");
        using var paint = new SKPaint { IsAntialias = true, BlendMode = SKBlendMode.Screen };
        var count = Stage.Palette.IsDark ? 16 : 8;
        for (var i = 0; i < count; i++)
        {
            var radius = Stage.Unit * dice.Range(0.012f, 0.05f);
            var (x, y) = (Stage.Light.X + (dice.Range(-0.5f, 0.5f) * Stage.Width), Stage.Horizon + (dice.Range(-0.35f, 0.3f) * Stage.Unit));
            paint.Color = (Stage.Palette.IsDark ? Stage.Palette.Lamp : Stage.Palette.Light).Alpha(dice.Range(0.03f, 0.12f) * (0.4f + (0.6f * Stage.Sunlight)));
            Canvas.DrawCircle(x, y, radius, paint);
        }

        // Ghosts of the light on the way through the middle of the lens.
        if (Stage.Sunlight < 0.7f) return;
        var (cx, cy) = (Stage.Width / 2f, Stage.Height / 2f);
        for (var i = 1; i <= 4; i++)
        {
            var t = 0.55f * i;
            paint.Color = Stage.Palette.Light.Mix(Stage.Palette.SkyTop, 0.2f * i).Alpha(0.05f);
            Canvas.DrawCircle(Stage.Light.X + ((cx - Stage.Light.X) * t), Stage.Light.Y + ((cy - Stage.Light.Y) * t), Stage.Unit * (0.015f + (0.013f * (i % 3))), paint);
        }
    }

    // Blue in the shadows, warm in the lights, more contrast between them, and the streak that an anamorphic lens draws through a light.
    private void Tone()
    {
        using var contrast = new SKPaint { BlendMode = SKBlendMode.Overlay, Color = Stage.Palette.Light.Mix(Colours.Rgb(0x808080), 0.55f).Alpha(0.3f) };
        Canvas.DrawRect(0, 0, Stage.Width, Stage.Height, contrast);
        using var lift = new SKPaint { BlendMode = SKBlendMode.Screen, Color = Colours.Rgb(0x0A1622) };
        Canvas.DrawRect(0, 0, Stage.Width, Stage.Height, lift);
        if (Stage.Sunlight < 0.5f) return;
        var (x, y, reach) = (Stage.Light.X, Stage.Light.Y, Stage.Unit * 0.75f);
        using var shader = SKShader.CreateLinearGradient(
            new(x - reach, y), new(x + reach, y), [Stage.Palette.Light.Alpha(0), Stage.Palette.Light.Alpha(0.4f), Stage.Palette.Light.Alpha(0)], SKShaderTileMode.Clamp);
        using var soft = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, Stage.Unit * 0.0035f);
        using var streak = new SKPaint { Shader = shader, BlendMode = SKBlendMode.Screen, MaskFilter = soft };
        Canvas.DrawRect(SKRect.Create(x - reach, y - (Stage.Unit * 0.0025f), reach * 2, Stage.Unit * 0.005f), streak);
    }
}
