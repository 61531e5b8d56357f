using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

/// <summary>Parts that open country is made of.</summary>
internal static class Land
{
    /// <summary>Mountain ranges behind one another, each paler than the one before it.</summary>
    public static void Ranges(Stage stage, Hand hand, float foot, int count, float height, uint own = 0x4A5A68, float snow = 0)
    {
        for (var i = 0; i < count; i++)
        {
            var near = (i + 1f) / count;
            var depth = 0.9f - (0.38f * near);
            var range = new MountainRange(stage, i, foot, stage.Unit * height * stage.Closeness * (1.25f - (0.5f * near)), stage.Drift * 0.15f * near);
            hand.BeginPlane(depth);
            range.Draw(hand, own, depth, snow);
            hand.EndPlane();
            hand.Veil(foot - (range.Height * 0.75f), foot, stage.Palette.Haze.Alpha(0), stage.Palette.Haze.Alpha(0.6f * (1.1f - near)));
        }
    }

    public static void Hill(Stage stage, Hand hand, float share, float amplitude, uint own, float depth, string name, Surface surface = Surface.Ground)
    {
        var seed = (uint)stage.World(name).Below(100_000);
        using var hill = Shapes.Land(stage, stage.GroundAt(share), stage.Unit * amplitude, 0, seed, stage.Drift * 0.3f * (1 - depth), 0.9f);
        var seen = stage.Palette.Seen(own, depth * 0.85f);
        if (stage.Weather == Weather.Snow) seen = seen.Mix(stage.Palette.Seen(0xECF1F7, depth * 0.85f), 0.82f);
        hand.Fill(hill, seen, depth, surface);
    }

    /// <summary>The top of that hill at one place.</summary>
    public static float HillTop(Stage stage, float x, float share, float amplitude, float depth, string name) =>
        Shapes.Outline(stage, x, stage.GroundAt(share), stage.Unit * amplitude, 0, (uint)stage.World(name).Below(100_000), stage.Drift * 0.3f * (1 - depth), 0.9f);

    public static void TreeLine(Stage stage, Hand hand, float foot, float height, float depth, string name, bool pines = true, uint own = 0x2E4A38)
    {
        var dice = stage.World(name);
        using var trees = new SKPath { FillType = SKPathFillType.Winding };
        var size = stage.Unit * height * stage.Closeness;
        for (var x = -size; x < stage.Width + size; x += size * dice.Range(0.18f, 0.5f))
        {
            var tall = size * dice.Range(0.5f, 1.15f);
            if (pines) Shapes.Pine(trees, dice, x, foot + (size * 0.08f), tall);
            else Shapes.Crown(trees, dice, x, foot - (tall * 0.25f), tall * 0.55f, 7);
        }

        trees.AddRect(SKRect.Create(0, foot - (size * 0.12f), stage.Width, size * 0.2f));
        hand.Fill(trees, stage.Palette.Seen(own, depth), depth, Surface.Foliage);
    }

    /// <summary>Grass before the lens, from one share of the width to another.</summary>
    public static void Grass(Stage stage, Hand hand, uint own, float height, int count, float from, float to, uint? flowers = null)
    {
        if (stage.Weather == Weather.Snow) return;
        var dice = stage.Panel("grass");
        for (var layer = 0; layer < 2; layer++)
        {
            using var blades = new SKPath { FillType = SKPathFillType.Winding };
            using var heads = new SKPath { FillType = SKPathFillType.Winding };
            for (var i = 0; i < count; i++)
            {
                var at = dice.Float();
                var x = stage.Width * (from + ((to - from) * at));
                var edge = MathF.Min(1, MathF.Min(from <= 0.01f ? 1 : at * 5, to >= 0.99f ? 1 : (1 - at) * 5));
                var tall = stage.Unit * height * dice.Range(0.35f, 1) * edge * (layer == 0 ? 1 : 0.72f);
                var lean = tall * dice.Range(-0.35f, 0.45f);
                Shapes.Blade(blades, x, stage.Height + 4, tall, lean, stage.Unit * 0.0035f);
                if (flowers is not null && layer == 1 && dice.Chance(0.3f)) heads.AddCircle(x + lean, stage.Height - tall, stage.Unit * dice.Range(0.006f, 0.012f));
            }

            hand.Fill(blades, stage.Palette.Seen(own, 0).Mix(stage.Palette.Shadow, layer == 0 ? 0.25f : 0.5f), 0.1f, Surface.Foliage);
            if (flowers is { } colour && layer == 1) hand.Fill(heads, stage.Palette.Seen(colour, 0), 0.1f);
        }
    }
}
