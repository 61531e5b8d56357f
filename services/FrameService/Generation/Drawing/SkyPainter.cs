using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>The sky: its light, its stars, its clouds, and what hangs in it.</summary>
internal static class SkyPainter
{
    public static void Paint(Stage stage, Hand hand)
    {
        var palette = stage.Palette;
        hand.Backdrop(
            SKRect.Create(0, 0, stage.Width, stage.Height),
            [palette.SkyTop, palette.SkyMid, palette.SkyLow, palette.SkyLow.Mix(palette.Light, 0.3f * stage.Sunlight)],
            [0, 0.3f + (0.28f * stage.Horizon / stage.Height), stage.Horizon / stage.Height * 0.97f, 1]);
        if (stage.Time == TimeOfDay.Night && stage.Weather is Weather.Clear or Weather.Cloudy) Stars(stage, hand, stage.Horizon, 170);
        LightSource(stage, hand);
        var cover = stage.Weather switch
        {
            Weather.Storm => 1f,
            Weather.Rain => 0.85f,
            Weather.Snow => 0.6f,
            Weather.Fog => 0.3f,
            Weather.Cloudy => 0.55f,
            _ => 0.3f,
        };
        var lit = palette.SkyLow.Mix(palette.Light, 0.6f * stage.Sunlight);
        if (stage.Time == TimeOfDay.Night) lit = palette.SkyLow.Mix(palette.Light, 0.12f);
        var shade = palette.SkyMid.Mix(palette.SkyTop, stage.Weather is Weather.Storm or Weather.Rain ? 0.85f : 0.45f);
        hand.Clouds(cover, lit, shade);
        if (stage.Weather == Weather.Storm && stage.Panel("lightning").Chance(0.6f)) Lightning(stage, hand);
        hand.Glow(stage.Light, stage.Unit * 0.9f, palette.Light, 0.4f * stage.Sunlight * (stage.Time == TimeOfDay.Night ? 0.55f : 1));
    }

    public static void Stars(Stage stage, Hand hand, float downTo, int count)
    {
        var dice = stage.World("stars");
        using var dim = new SKPath();
        using var bright = new SKPath();
        for (var i = 0; i < count; i++)
        {
            var y = downTo * MathF.Pow(dice.Float(), 1.4f) * 0.92f;
            var big = dice.Chance(0.12f);
            (big ? bright : dim).AddCircle(dice.Float() * stage.Width, y, stage.Unit * (big ? dice.Range(0.0017f, 0.0028f) : dice.Range(0.0007f, 0.0015f)));
        }

        hand.Fill(dim, SKColors.White.Alpha(0.55f), 1, Surface.Light);
        hand.Fill(bright, SKColors.White.Alpha(0.92f), 1, Surface.Light);
    }

    private static void LightSource(Stage stage, Hand hand)
    {
        var palette = stage.Palette;
        var named = stage.Scene.Subjects.Any(s => s.Kind is SubjectKind.Moon or SubjectKind.Sun);
        var radius = stage.Unit * (stage.Time == TimeOfDay.Night ? 0.045f : stage.Time == TimeOfDay.Day ? 0.036f : 0.06f) * (named ? 1.9f : 1) * MathF.Sqrt(stage.Closeness);
        hand.Glow(stage.Light, stage.Unit * 1.25f, palette.Light.Mix(palette.SkyLow, 0.5f), 0.5f * stage.Sunlight);
        hand.Glow(stage.Light, radius * 5, palette.Light, 0.75f * stage.Sunlight);
        if (stage.Weather is Weather.Storm or Weather.Rain && !named) return;
        hand.Disc(stage.Light, radius, palette.Light.Mix(palette.SkyMid, stage.Weather == Weather.Fog ? 0.35f : 0));
        if (stage.Time != TimeOfDay.Night) return;
        var dice = stage.World("moon");
        using var seas = new SKPath();
        for (var i = 0; i < 6; i++)
        {
            var (angle, away) = (dice.Range(0, MathF.Tau), dice.Range(0.1f, 0.6f) * radius);
            seas.AddCircle(stage.Light.X + (MathF.Cos(angle) * away), stage.Light.Y + (MathF.Sin(angle) * away), radius * dice.Range(0.09f, 0.24f));
        }

        hand.Fill(seas, palette.SkyMid.Alpha(0.16f), 1, Surface.Light);
    }

    private static void Lightning(Stage stage, Hand hand)
    {
        var dice = stage.Panel("bolt");
        var x = stage.Width * (stage.LightOnLeft ? dice.Range(0.16f, 0.4f) : dice.Range(0.6f, 0.84f));
        using var bolt = new SKPath();
        var y = stage.Horizon * 0.12f;
        bolt.MoveTo(x, y);
        while (y < stage.Horizon * 0.94f)
        {
            y += stage.Horizon * dice.Range(0.04f, 0.1f);
            x += stage.Unit * dice.Range(-0.035f, 0.035f);
            bolt.LineTo(x, y);
        }

        hand.Glow(new SKPoint(x, stage.Horizon * 0.45f), stage.Unit * 0.55f, stage.Palette.Light.Lighter(0.5f), 0.5f);
        hand.Line(bolt, stage.Palette.Light.Lighter(0.6f).Alpha(0.25f), stage.Unit * 0.011f, 1);
        hand.Line(bolt, stage.Palette.Light.Lighter(0.8f), stage.Unit * 0.0028f, 1);
    }
}
