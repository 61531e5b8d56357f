using FrameService.Generation.Drawing.Hands;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

internal sealed class CityScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        Skyline(stage, hand, stage.GroundAt(0.12f), 0.42f, 0.78f, "far city");
        hand.Veil(stage.GroundAt(-0.5f), stage.GroundAt(0.14f), stage.Palette.Haze.Alpha(0), stage.Palette.Haze.Alpha(0.5f));
        Skyline(stage, hand, stage.GroundAt(0.26f), 0.34f, 0.5f, "city");
        hand.Veil(stage.GroundAt(-0.3f), stage.GroundAt(0.3f), stage.Palette.Haze.Alpha(0), stage.Palette.Haze.Alpha(0.42f));
        Roof(stage, hand);
    }

    /// <summary>Towers side by side, their windows lit when it is dark.</summary>
    public static void Skyline(Stage stage, Hand hand, float foot, float height, float depth, string name)
    {
        var dice = stage.World(name);
        var shift = stage.Drift * stage.Unit * 0.12f * (1 - depth);
        using var towers = new SKPath { FillType = SKPathFillType.Winding };
        using var lit = new SKPath();
        using var dark = new SKPath();
        using var sides = new SKPath();
        var x = -stage.Unit * 0.2f;
        while (x < stage.Width * 1.15f)
        {
            var wide = stage.Unit * dice.Range(0.05f, 0.11f) * stage.Closeness;
            var middle = 1 - (0.6f * MathF.Abs(((x + (wide / 2)) / stage.Width) - (stage.LightOnLeft ? 0.4f : 0.6f)));
            var tall = stage.Unit * height * dice.Range(0.35f, 1f) * middle * stage.Closeness;
            Tower(stage, dice, towers, sides, lit, dark, x + shift, foot, wide, tall, depth);
            x += wide * dice.Range(0.82f, 1.15f);
        }

        towers.AddRect(SKRect.Create(-10, foot - 2, stage.Width + 20, stage.Height - foot + 20));
        hand.BeginPlane(depth);
        hand.Fill(towers, stage.Palette.Seen(0x4C5566, depth), depth, Surface.Wall);
        hand.Fill(sides, stage.Palette.Shadow.Alpha(0.24f * (1 - (depth * 0.5f))), depth, Surface.Light);
        hand.Fill(dark, stage.Palette.Seen(0x2E3644, depth).Alpha(0.45f), depth, Surface.Light);
        hand.Fill(lit, stage.Palette.IsDark ? stage.Palette.Lamp.Mix(stage.Palette.Haze, depth * 0.45f) : stage.Palette.Light.Alpha(0.4f), depth, Surface.Light);
        hand.EndPlane();
    }

    private static void Tower(Stage stage, Dice dice, SKPath towers, SKPath sides, SKPath lit, SKPath dark, float x, float foot, float wide, float tall, float depth)
    {
        towers.AddRect(SKRect.Create(x, foot - tall, wide, tall + 4));
        var side = wide * 0.3f;
        sides.AddRect(SKRect.Create(stage.LightOnLeft ? x + wide - side : x, foot - tall, side, tall));
        switch (dice.Below(5))
        {
            case 0:
                towers.AddRect(SKRect.Create(x + (wide * 0.2f), foot - tall - (wide * 0.4f), wide * 0.6f, wide * 0.42f));
                towers.AddRect(SKRect.Create(x + (wide * 0.48f), foot - tall - (wide * 1.3f), wide * 0.04f, wide));
                break;
            case 1:
                towers.AddPoly([new(x, foot - tall), new(x + (wide * 0.5f), foot - tall - (wide * 0.7f)), new(x + wide, foot - tall)], true);
                break;
            case 2:
                towers.AddPoly([new(x, foot - tall), new(x + wide, foot - tall - (wide * 0.5f)), new(x + wide, foot - tall)], true);
                break;
            default:
                break;
        }

        var cell = stage.Unit * 0.0135f * stage.Closeness * (1.2f - (depth * 0.5f));
        var share = stage.Palette.IsDark ? 0.4f : 0.07f;
        for (var y = foot - tall + cell; y < foot - cell; y += cell * 1.5f)
        {
            for (var at = x + (cell * 0.7f); at < x + wide - cell; at += cell * 1.25f)
                (dice.Chance(share) ? lit : dark).AddRect(SKRect.Create(at, y, cell * 0.62f, cell * 0.8f));
        }
    }

    private static void Roof(Stage stage, Hand hand)
    {
        using var terrace = new SKPath();
        var top = stage.GroundAt(0.42f);
        terrace.AddRect(SKRect.Create(-10, top, stage.Width + 20, stage.Height));
        hand.Fill(terrace, stage.Palette.Seen(0x5A5A62, 0.04f).Mix(stage.Palette.Shadow, 0.25f), 0.12f, Surface.Ground);
        using var parapet = new SKPath();
        parapet.AddRect(SKRect.Create(-10, top - (stage.Unit * 0.022f), stage.Width + 20, stage.Unit * 0.03f));
        hand.Fill(parapet, stage.Palette.Seen(0x77767C, 0.05f), 0.1f, Surface.Wall);
        if (stage.Palette.IsDark) hand.Veil(top + (stage.Unit * 0.2f), top, stage.Palette.Lamp.Alpha(0), stage.Palette.Lamp.Alpha(0.12f));
    }
}
