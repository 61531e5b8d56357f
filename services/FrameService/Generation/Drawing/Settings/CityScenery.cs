using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
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
        hand.Fill(towers, stage.Palette.Seen(0x4C5566, depth), depth, Surface.Rock);
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
        hand.Fill(parapet, stage.Palette.Seen(0x77767C, 0.05f), 0.1f, Surface.Rock);
        if (stage.Palette.IsDark) hand.Veil(top + (stage.Unit * 0.2f), top, stage.Palette.Lamp.Alpha(0), stage.Palette.Lamp.Alpha(0.12f));
    }
}

/// <summary>A street between two rows of houses, running to a vanishing point on the light's side.</summary>
internal sealed class StreetScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        CityScenery.Skyline(stage, hand, stage.Horizon + 2, 0.26f, 0.72f, "street end");
        var vanish = new SKPoint(stage.Light.X + ((stage.Width * 0.5f) - stage.Light.X) * 0.35f, stage.Horizon);
        var wet = stage.Weather is Weather.Rain or Weather.Storm;
        using var road = new SKPath();
        road.AddRect(SKRect.Create(-10, stage.Horizon, stage.Width + 20, stage.Height));
        hand.Fill(road, stage.Palette.Seen(wet ? 0x4A4F5Au : 0x7A756Eu, 0.12f), 0.2f, Surface.Ground);
        hand.Glow(new SKPoint(vanish.X, stage.Horizon), stage.Unit * 0.5f, stage.Palette.Light, 0.4f * stage.Sunlight);
        Row(stage, hand, vanish, -1);
        Row(stage, hand, vanish, 1);
        if (wet || stage.Palette.IsDark) hand.Veil(stage.Height, stage.Horizon, stage.Palette.Lamp.Alpha(0.02f), stage.Palette.Lamp.Alpha(0.22f));
    }

    private static void Row(Stage stage, Hand hand, SKPoint vanish, int side)
    {
        var dice = stage.World(side < 0 ? "left row" : "right row");
        for (var i = 6; i >= 0; i--)
        {
            float far = At(i + 1), near = At(i);
            var tall = stage.Unit * dice.Range(0.75f, 1.15f);
            var depth = 0.62f * i / 6;
            using var wall = Quad(vanish, stage, side, far, near, tall, -stage.Unit * 0.34f);
            var own = dice.Pick<uint>([0x9C7B68u, 0xB59A7Cu, 0x7F7A80u, 0xA86E58u, 0x8A8E86u]);
            hand.Fill(wall, stage.Palette.Seen(own, depth).Mix(stage.Palette.Shadow, side < 0 == stage.LightOnLeft ? 0.35f : 0.12f), depth, Surface.Rock);
            using var lit = new SKPath();
            using var dark = new SKPath();
            for (var row = 0; row < 5; row++)
            {
                for (var column = 0; column < 3; column++)
                {
                    var (a, b) = (near + ((far - near) * (0.14f + (column * 0.29f))), near + ((far - near) * (0.3f + (column * 0.29f))));
                    var up = tall * (0.06f + (row * 0.2f)) - (stage.Unit * 0.2f);
                    using var window = Quad(vanish, stage, side, b, a, up + (stage.Unit * 0.09f), up);
                    (dice.Chance(stage.Palette.IsDark ? 0.45f : 0.08f) ? lit : dark).AddPath(window);
                }
            }

            hand.Fill(dark, stage.Palette.Seen(0x2B2F38, depth).Alpha(0.7f), depth, Surface.Light);
            hand.Fill(lit, stage.Palette.Lamp.Mix(stage.Palette.Haze, depth * 0.4f), depth, Surface.Light);
        }
    }

    private static float At(int i) => 1 / (0.62f + (i * 0.55f));

    // A wall's piece from one distance to another, between two heights above eye level.
    private static SKPath Quad(SKPoint vanish, Stage stage, int side, float far, float near, float top, float bottom)
    {
        SKPoint P(float scale, float up) => new(vanish.X + (side * scale * stage.Width * 0.36f), vanish.Y - (up * scale));
        return Shapes.Polygon(P(far, bottom), P(far, top), P(near, top), P(near, bottom));
    }
}
