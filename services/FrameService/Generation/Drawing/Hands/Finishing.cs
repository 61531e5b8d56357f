using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>What lies over a whole picture.</summary>
internal static class Finishing
{
    public static void Vignette(SKCanvas canvas, Stage stage, float strength)
    {
        var centre = new SKPoint(stage.Width * 0.5f, stage.Height * 0.47f);
        var scale = SKMatrix.CreateScale(stage.Width / (float)stage.Height, 1, centre.X, centre.Y);
        var dark = stage.Palette.Shadow;
        using var shader = SKShader.CreateRadialGradient(
            centre, stage.Height * 0.78f, [dark.Alpha(0), dark.Alpha(0), dark.Alpha(strength)], [0, 0.55f, 1], SKShaderTileMode.Clamp, scale);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(0, 0, stage.Width, stage.Height, paint);
    }

    public static void Grain(SKCanvas canvas, Stage stage, float strength)
    {
        using var shader = Textures.Grain(1);
        using var paint = new SKPaint { Shader = shader, BlendMode = SKBlendMode.Overlay, Color = SKColors.White.Alpha(strength) };
        canvas.DrawRect(0, 0, stage.Width, stage.Height, paint);
    }
}
