using FrameService.Generation.Drawing.Lettering;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>
/// What a storyboard panel says about itself: its number, its shot size, the camera's move, and the line below. All of it stays inside the area
/// that a film which zooms and pans over the frame by 15 % still shows.
/// </summary>
internal static class Annotations
{
    // A camera at its closest, leaning to a side, leaves 13 % of that side unseen.
    private const float SafeSide = 0.155f;
    private const float SafeBottom = 0.125f;

    public static void Set(SKCanvas canvas, Stage stage, FrameBrief brief)
    {
        var portrait = stage.Height > stage.Width;
        var size = stage.Unit * (portrait ? 0.034f : 0.0315f);
        var (left, right) = (stage.Width * SafeSide, stage.Width * (1 - SafeSide));
        var bottom = stage.Height * (1 - SafeBottom);
        using var setter = new Typesetter(size);
        var lines = setter.Set(brief.Line, Math.Min(right - left, stage.Unit * 1.25f), portrait ? 3 : 2);
        var leading = size * 1.34f;
        var top = bottom - (leading * Math.Max(0, lines.Count - 1)) - size;

        Scrim(canvas, stage, top - (size * 2.6f));
        using var shadow = SKImageFilter.CreateDropShadow(0, size * 0.04f, size * 0.14f, size * 0.14f, SKColors.Black.Alpha(0.7f));
        using var paint = new SKPaint { Color = Colours.Rgb(0xFFFBF2).Alpha(0.95f), IsAntialias = true, ImageFilter = shadow };
        for (var i = 0; i < lines.Count; i++)
            setter.Draw(canvas, lines[i], lines[i].RightToLeft ? right - lines[i].Width : left, bottom - (leading * (lines.Count - 1 - i)), paint);
        Slug(canvas, stage, brief, left, top - (size * (lines.Count > 0 ? 0.62f : -0.4f)), size * 0.6f);
    }

    private static void Scrim(SKCanvas canvas, Stage stage, float top)
    {
        var dark = stage.Palette.Shadow.Darker(0.4f);
        using var shader = SKShader.CreateLinearGradient(new(0, top), new(0, stage.Height), [dark.Alpha(0), dark.Alpha(0.4f), dark.Alpha(0.66f)], [0, 0.4f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsDither = true };
        canvas.DrawRect(0, top, stage.Width, stage.Height - top, paint);
    }

    // Number, shot and move in small letters, then the arrow.
    private static void Slug(SKCanvas canvas, Stage stage, FrameBrief brief, float x, float baseline, float size)
    {
        using var font = new SKFont(Typefaces.SemiBold, size) { Subpixel = true, Hinting = SKFontHinting.None };
        using var paint = new SKPaint { Color = Colours.Rgb(0xFFFBF2).Alpha(0.72f), IsAntialias = true };
        foreach (var text in new[] { $"{brief.Number:00}", ShotPlan.Abbreviation(stage.Shot) })
        {
            foreach (var c in text)
            {
                var letter = c.ToString();
                canvas.DrawText(letter, x, baseline, SKTextAlign.Left, font, paint);
                x += font.MeasureText(letter) + (size * 0.12f);
            }

            x += size * 0.75f;
        }

        Arrow(canvas, stage.Camera, new SKPoint(x + (size * 0.7f), baseline - (size * 0.34f)), size, paint.Color);
    }

    private static void Arrow(SKCanvas canvas, CameraMove move, SKPoint centre, float size, SKColor colour)
    {
        if (move == CameraMove.Hold) return;
        using var paint = new SKPaint { Color = colour, IsAntialias = true, IsStroke = true, StrokeWidth = size * 0.11f, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
        using var path = new SKPath();
        var (reach, head) = (size * 0.66f, size * 0.24f);
        if (move is CameraMove.PushIn or CameraMove.PullBack)
        {
            // Corners of a frame that closes in or opens.
            var (w, h) = (size * 0.62f, size * 0.4f);
            path.AddRect(new SKRect(centre.X - w, centre.Y - h, centre.X + w, centre.Y + h));
            var k = move == CameraMove.PushIn ? 0.42f : 0.7f;
            path.AddRect(new SKRect(centre.X - (w * k), centre.Y - (h * k), centre.X + (w * k), centre.Y + (h * k)));
        }
        else
        {
            path.MoveTo(-reach, 0);
            path.LineTo(reach, 0);
            path.MoveTo(reach - head, -head);
            path.LineTo(reach, 0);
            path.LineTo(reach - head, head);
            var turn = move switch
            {
                CameraMove.PanLeft => 180,
                CameraMove.TiltUp => -90,
                CameraMove.TiltDown => 90,
                _ => 0,
            };
            path.Transform(SKMatrix.CreateRotationDegrees(turn).PostConcat(SKMatrix.CreateTranslation(centre.X, centre.Y)));
        }

        canvas.DrawPath(path, paint);
    }
}
