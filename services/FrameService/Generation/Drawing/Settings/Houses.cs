using FrameService.Generation.Drawing.Hands;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

/// <summary>A village on its hill.</summary>
internal static class Houses
{
    public static void Cluster(Stage stage, Hand hand)
    {
        var dice = stage.World("village");
        var count = 9;
        var middle = stage.Width * (stage.LightOnLeft ? 0.36f : 0.64f);
        for (var i = 0; i < count; i++)
        {
            var size = stage.Unit * dice.Range(0.045f, 0.065f) * stage.Closeness;
            var x = middle + ((i - (count / 2f)) * size * 1.15f);
            var foot = stage.GroundAt(0.17f) + (dice.Range(-0.3f, 0.5f) * size);
            One(stage, hand, dice, x, foot, size, 0.38f, i == 4);
        }
    }

    private static void One(Stage stage, Hand hand, Dice dice, float x, float foot, float size, float depth, bool church)
    {
        var wall = stage.Palette.Seen(dice.Pick<uint>([0xE8DCC6u, 0xD9C3A0u, 0xC9B8A8u, 0xEFE6DA]), depth);
        var roof = stage.Palette.Seen(dice.Pick<uint>([0xA84F3Bu, 0x8C4636u, 0x6F5148u]), depth);
        var (wide, tall) = (size * dice.Range(0.9f, 1.25f), size * (church ? 1.7f : 0.75f));
        using var body = new SKPath();
        body.AddRect(SKRect.Create(x - (wide / 2), foot - tall, wide, tall * 1.4f));
        hand.Fill(body, wall, depth);
        using var top = Shapes.Polygon(
            new(x - (wide * 0.62f), foot - tall), new(x - (church ? 0 : wide * 0.3f), foot - tall - (size * (church ? 1.2f : 0.55f))),
            new(x + (church ? 0 : wide * 0.3f), foot - tall - (size * (church ? 1.2f : 0.55f))), new(x + (wide * 0.62f), foot - tall));
        hand.Fill(top, roof, depth);
        using var windows = new SKPath();
        for (var i = 0; i < 2; i++) windows.AddRect(SKRect.Create(x + ((i - 0.75f) * wide * 0.4f), foot - (tall * 0.65f), wide * 0.17f, size * 0.22f));
        var light = stage.Palette.IsDark && dice.Chance(0.75f);
        hand.Fill(windows, light ? stage.Palette.Lamp : stage.Palette.Seen(0x4A4F58, depth), depth, Surface.Light);
        if (light) hand.Glow(new SKPoint(x, foot - (tall * 0.5f)), size * 1.3f, stage.Palette.Lamp, 0.4f);
    }
}
