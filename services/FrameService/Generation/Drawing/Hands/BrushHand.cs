using SkiaSharp;

namespace FrameService.Generation.Drawing.Hands;

/// <summary>The Artistic style: the modelled picture is painted over in strokes, large ones first, each in the colour below it and along its forms.</summary>
internal sealed class BrushHand(Stage stage, SKCanvas canvas) : SoftHand(stage, canvas)
{
    private const int Step = 4;

    public override void Finish(SKSurface surface)
    {
        using var picture = surface.Snapshot();
        var (width, height) = (Stage.Width / Step, Stage.Height / Step);
        using var small = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var pixels = small.PeekPixels()) picture.ScalePixels(pixels, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        var colours = small.Pixels;
        var dice = Stage.Panel("strokes");
        Layer(colours, width, height, dice, Stage.Unit * 0.03f, 0, 0.9f);
        Layer(colours, width, height, dice, Stage.Unit * 0.015f, 9, 0.9f);
        Layer(colours, width, height, dice, Stage.Unit * 0.0065f, 24, 0.95f);
        Edges(picture);
        Linen();
    }

    // Each layer works only where the picture asks for that much detail.
    private void Layer(SKColor[] colours, int width, int height, Dice dice, float size, float detail, float alpha)
    {
        using var paint = new SKPaint { IsAntialias = true, IsStroke = true, StrokeCap = SKStrokeCap.Round };
        using var bristle = new SKPaint { IsAntialias = true, IsStroke = true, StrokeCap = SKStrokeCap.Round, StrokeWidth = Math.Max(0.8f, size * 0.12f) };
        var gap = size * 0.9f;
        for (var gy = 0f; gy < Stage.Height + gap; gy += gap)
        {
            for (var gx = 0f; gx < Stage.Width + gap; gx += gap)
            {
                var (x, y) = (gx + (dice.Range(-0.6f, 0.6f) * gap), gy + (dice.Range(-0.6f, 0.6f) * gap));
                var (px, py) = (Math.Clamp((int)(x / Step), 1, width - 2), Math.Clamp((int)(y / Step), 1, height - 2));
                float Luma(int dx, int dy) => colours[((py + dy) * width) + px + dx].Luma();
                var (across, down) = (Luma(1, 0) - Luma(-1, 0), Luma(0, 1) - Luma(0, -1));
                var slope = MathF.Abs(across) + MathF.Abs(down);
                if (slope < detail) continue;
                var angle = slope > 5 ? MathF.Atan2(down, across) + (MathF.PI / 2) : Noise.Value(x / Stage.Unit * 3, y / Stage.Unit * 4, 3) * 0.8f;
                angle += dice.Range(-0.22f, 0.22f);
                var colour = colours[(py * width) + px];
                var length = Reach(colours, width, height, x, y, angle, colour, size * dice.Range(0.9f, 1.9f));
                var (dx, dy) = (MathF.Cos(angle) * length, MathF.Sin(angle) * length);
                var value = dice.Range(-0.09f, 0.09f);
                colour = (value > 0 ? colour.Lighter(value) : colour.Darker(-value)).Saturate(1.16f);
                paint.StrokeWidth = size * dice.Range(0.7f, 1.05f);
                paint.Color = colour.Alpha(alpha);
                Canvas.DrawLine(x - dx, y - dy, x + dx, y + dy, paint);
                if (size < Stage.Unit * 0.01f) continue;
                bristle.Color = (dice.Chance(0.5f) ? colour.Lighter(0.14f) : colour.Darker(0.14f)).Alpha(0.5f);
                var offset = paint.StrokeWidth * dice.Range(-0.35f, 0.35f);
                var (ox, oy) = (-MathF.Sin(angle) * offset, MathF.Cos(angle) * offset);
                Canvas.DrawLine(x - (dx * 0.9f) + ox, y - (dy * 0.9f) + oy, x + (dx * 0.9f) + ox, y + (dy * 0.9f) + oy, bristle);
            }
        }
    }

    // A stroke ends where it would run into another colour.
    private static float Reach(SKColor[] colours, int width, int height, float x, float y, float angle, SKColor colour, float length)
    {
        for (var share = 1f; share > 0.2f; share *= 0.55f)
        {
            var (ends, dx, dy) = (true, MathF.Cos(angle) * length * share, MathF.Sin(angle) * length * share);
            for (var side = -1; side <= 1; side += 2)
            {
                var at = colours[(Math.Clamp((int)((y + (side * dy)) / Step), 0, height - 1) * width) + Math.Clamp((int)((x + (side * dx)) / Step), 0, width - 1)];
                ends &= Math.Abs(at.Red - colour.Red) + Math.Abs(at.Green - colour.Green) + Math.Abs(at.Blue - colour.Blue) < 60;
            }

            if (ends) return length * share;
        }

        return length * 0.2f;
    }

    // The drawing shows through the paint, so that small things keep their form.
    private void Edges(SKImage picture)
    {
        using var paint = new SKPaint { Color = SKColors.White.Alpha(0.34f) };
        Canvas.DrawImage(picture, 0, 0, new SKSamplingOptions(SKFilterMode.Nearest), paint);
    }

    private void Linen()
    {
        using var shader = Textures.Shader(0.5f, 1, 0.2f);
        using var paint = new SKPaint { Shader = shader, BlendMode = SKBlendMode.Overlay };
        Canvas.DrawRect(0, 0, Stage.Width, Stage.Height, paint);
        Finishing.Vignette(Canvas, Stage, 0.25f);
    }
}
