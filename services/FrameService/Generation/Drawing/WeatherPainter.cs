using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>What falls or drifts between the lens and the scene.</summary>
internal static class WeatherPainter
{
    public static void Paint(Stage stage, Hand hand)
    {
        if (stage.Setting is Setting.Space or Setting.Underwater or Setting.Interior) return;
        switch (stage.Weather)
        {
            case Weather.Rain:
                Rain(stage, hand, 300, 0.2f);
                break;
            case Weather.Storm:
                Rain(stage, hand, 420, 0.25f);
                break;
            case Weather.Snow:
                Snow(stage, hand);
                break;
            case Weather.Fog:
                hand.Veil(stage.Horizon - (stage.Unit * 0.3f), stage.Horizon + (stage.Unit * 0.08f), stage.Palette.Haze.Alpha(0), stage.Palette.Haze.Alpha(0.6f));
                hand.Veil(stage.Height, stage.Horizon + (stage.Unit * 0.08f), stage.Palette.Haze.Alpha(0.12f), stage.Palette.Haze.Alpha(0.6f));
                break;
            default:
                break;
        }
    }

    private static void Rain(Stage stage, Hand hand, int count, float strength)
    {
        var dice = stage.Panel("rain");
        for (var plane = 0; plane < 2; plane++)
        {
            using var drops = new SKPath();
            for (var i = 0; i < count / (plane + 1); i++)
            {
                var length = stage.Unit * dice.Range(0.02f, 0.06f) * (plane + 1);
                var (x, y) = (dice.Range(-0.1f, 1.1f) * stage.Width, dice.Range(-0.1f, 1) * stage.Height);
                drops.MoveTo(x, y);
                drops.LineTo(x - (length * 0.26f), y + length);
            }

            hand.Line(drops, stage.Palette.SkyLow.Lighter(0.4f).Alpha(strength), stage.Unit * 0.001f * (plane + 1), 0);
        }
    }

    private static void Snow(Stage stage, Hand hand)
    {
        var dice = stage.Panel("snowfall");
        for (var plane = 0; plane < 3; plane++)
        {
            using var flakes = new SKPath();
            for (var i = 0; i < 130 / (plane + 1); i++)
                flakes.AddCircle(dice.Float() * stage.Width, dice.Float() * stage.Height, stage.Unit * dice.Range(0.0012f, 0.0026f) * (1 + (plane * 1.3f)));
            hand.Fill(flakes, SKColors.White.Alpha(0.8f - (plane * 0.2f)), 0, Surface.Light);
        }
    }
}
