using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

/// <summary>A glade: trunks in planes that fade into the light, beams between them, ferns before the lens.</summary>
internal sealed class ForestScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        var palette = stage.Palette;
        hand.Veil(0, stage.Horizon, palette.Seen(0x3F5F49, 0.35f).Alpha(0.6f), palette.Haze.Alpha(0.75f));
        hand.Glow(new SKPoint(stage.Light.X, stage.Horizon * 0.7f), stage.Unit * 0.8f, palette.Light, 0.55f * stage.Sunlight);
        for (var plane = 0; plane < 3; plane++)
        {
            var depth = 0.78f - (plane * 0.24f);
            hand.BeginPlane(depth);
            Trunks(stage, hand, plane, depth);
            hand.EndPlane();
            hand.Veil(stage.Horizon * 0.35f, stage.GroundAt(0.2f), palette.Haze.Alpha(0), palette.Haze.Alpha(0.42f - (plane * 0.12f)));
        }

        Land.Hill(stage, hand, 0.14f, 0.03f, 0x5C6B3C, 0.36f, "forest floor");
        Beams(stage, hand);
        Land.Hill(stage, hand, 0.4f, 0.04f, 0x4A5630, 0.12f, "moss");
    }

    public override void Front(Stage stage, Hand hand)
    {
        hand.BeginPlane(0);
        var dice = stage.World("near trunk");
        var x = stage.Width * ((stage.LightOnLeft ? 0.955f : 0.045f) + (stage.Drift * 0.05f));
        var wide = stage.Unit * 0.085f * stage.Closeness;
        using var trunk = new SKPath();
        trunk.MoveTo(x - (wide * 1.6f), stage.Height + 5);
        trunk.QuadTo(x - (wide * 0.5f), stage.Height * 0.8f, x - (wide * 0.55f), -5);
        trunk.LineTo(x + (wide * 0.5f), -5);
        trunk.QuadTo(x + (wide * 0.5f), stage.Height * 0.8f, x + (wide * 1.5f), stage.Height + 5);
        trunk.Close();
        hand.Fill(trunk, stage.Palette.Seen(0x2B2620, 0).Mix(stage.Palette.Shadow, 0.5f), 0.05f, Surface.Rock);
        using var leaves = new SKPath { FillType = SKPathFillType.Winding };
        for (var i = 0; i < 6; i++) Shapes.Crown(leaves, dice, stage.Width * i / 5f, -stage.Unit * 0.05f, stage.Unit * dice.Range(0.1f, 0.17f));
        hand.Fill(leaves, stage.Palette.Seen(0x22331F, 0).Mix(stage.Palette.Shadow, 0.45f), 0.05f, Surface.Foliage);
        Land.Grass(stage, hand, 0x33482A, 0.12f, 120, 0, 1);
        hand.EndPlane();
    }

    private static void Trunks(Stage stage, Hand hand, int plane, float depth)
    {
        var dice = stage.World("trunks " + plane);
        using var trunks = new SKPath { FillType = SKPathFillType.Winding };
        using var crowns = new SKPath { FillType = SKPathFillType.Winding };
        var wide = stage.Unit * (0.012f + (plane * 0.011f)) * stage.Closeness;
        var foot = stage.GroundAt(0.06f + (plane * 0.06f));
        var gap = wide * (7.5f - plane);
        for (var x = -gap; x < stage.Width + gap; x += gap * dice.Range(0.5f, 1.3f))
        {
            var at = x + (stage.Drift * stage.Unit * 0.06f * plane);
            // The glade stays open where the light and the subject are.
            if (plane == 2 && MathF.Abs(at - stage.FocusX) < stage.Unit * 0.2f) continue;
            var (w, lean) = (wide * dice.Range(0.6f, 1.3f), wide * dice.Range(-0.8f, 0.8f));
            trunks.AddPoly([new(at - w, foot + 6), new(at - (w * 0.6f) + lean, -5), new(at + (w * 0.55f) + lean, -5), new(at + w, foot + 6)], true);
            var branch = foot * dice.Range(0.35f, 0.7f);
            var reach = wide * dice.Range(3f, 6f) * (dice.Chance(0.5f) ? 1 : -1);
            trunks.AddPoly([new(at, branch), new(at + reach, branch - MathF.Abs(reach * 0.7f)), new(at, branch - (w * 0.8f))], true);
            Shapes.Crown(crowns, dice, at + reach, branch - MathF.Abs(reach), wide * dice.Range(3f, 4.5f), 6);
            Shapes.Crown(crowns, dice, at + (reach * 0.4f), foot * 0.06f, wide * dice.Range(4f, 7f), 7);
        }

        hand.Fill(trunks, stage.Palette.Seen(0x4A4034, depth), depth, Surface.Rock);
        hand.Fill(crowns, stage.Palette.Seen(0x47693F, depth), depth, Surface.Foliage);
    }

    private static void Beams(Stage stage, Hand hand)
    {
        if (stage.Sunlight < 0.4f) return;
        var dice = stage.World("beams");
        for (var i = 0; i < 5; i++)
        {
            var away = stage.LightOnLeft ? 1 : -1;
            var from = new SKPoint(stage.Light.X + (dice.Range(-0.1f, 0.1f) * stage.Unit), -stage.Height * 0.05f);
            var x = from.X + (away * stage.Unit * (0.12f + (i * 0.17f)));
            hand.Beam(from, new(x, stage.GroundAt(0.55f)), new(x + (stage.Unit * dice.Range(0.05f, 0.11f)), stage.GroundAt(0.55f)), stage.Palette.Light, dice.Range(0.14f, 0.26f) * (stage.Time == TimeOfDay.Night ? 0.6f : 1));
        }
    }
}
