using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

internal sealed class MountainScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        Land.Ranges(stage, hand, stage.GroundAt(0.1f), 3, 0.5f, 0x46566A, stage.Weather == Weather.Snow ? 1 : 0.85f);
        hand.BeginPlane(0.5f);
        Land.TreeLine(stage, hand, stage.GroundAt(0.16f), 0.07f, 0.48f, "valley trees");
        hand.EndPlane();
        Land.Hill(stage, hand, 0.16f, 0.03f, 0x4C6248, 0.42f, "valley");
        hand.Veil(stage.GroundAt(-0.05f), stage.GroundAt(0.24f), stage.Palette.Haze.Alpha(0), stage.Palette.Haze.Alpha(0.45f));
        Land.Hill(stage, hand, 0.42f, 0.05f, 0x4F5B42, 0.16f, "slope");
    }

    public override void Front(Stage stage, Hand hand)
    {
        hand.BeginPlane(0);
        var dice = stage.World("near pines");
        using var pines = new SKPath { FillType = SKPathFillType.Winding };
        for (var i = 0; i < 3; i++)
        {
            var x = stage.LightOnLeft ? dice.Range(0.0f, 0.13f) : dice.Range(0.87f, 1f);
            Shapes.Pine(pines, dice, (x + (stage.Drift * 0.06f)) * stage.Width, stage.Height * 1.05f, stage.Height * dice.Range(0.4f, 0.72f) * MathF.Sqrt(stage.Closeness));
        }

        hand.Fill(pines, stage.Palette.Seen(0x1D2A24, 0).Mix(stage.Palette.Shadow, 0.55f), 0.02f, Surface.Foliage);
        hand.EndPlane();
    }
}

internal sealed class DesertScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        Land.Ranges(stage, hand, stage.GroundAt(0.02f), 1, 0.13f, 0xA9725A);
        Dune(stage, hand, 0.04f, 0.05f, 0.6f, "far dunes");
        Dune(stage, hand, 0.2f, 0.07f, 0.36f, "dunes");
        Dune(stage, hand, 0.46f, 0.075f, 0.12f, "near dunes");
    }

    // A dune has one long side in the light and a short one that falls away from a curved crest.
    private static void Dune(Stage stage, Hand hand, float share, float amplitude, float depth, string name)
    {
        var dice = stage.World(name);
        Land.Hill(stage, hand, share + 0.1f, 0.02f, 0xD29A60, depth, name);
        var away = stage.LightOnLeft ? 1 : -1;
        var count = depth > 0.5f ? 4 : depth > 0.3f ? 3 : 2;
        for (var i = 0; i < count; i++)
        {
            var x = stage.Width * (((i + dice.Range(0.1f, 0.9f)) / count) + (stage.Drift * 0.08f * (1 - depth)));
            var (foot, rise) = (stage.GroundAt(share + 0.14f), stage.Unit * amplitude * dice.Range(1.2f, 2f) * stage.Closeness);
            var (reach, top) = (rise * dice.Range(4.5f, 6.5f), foot - rise);
            using var sunny = new SKPath();
            sunny.MoveTo(x - (away * reach), foot + (rise * 0.5f));
            sunny.CubicTo(x - (away * reach * 0.5f), foot - (rise * 0.1f), x - (away * reach * 0.22f), top, x, top);
            sunny.CubicTo(x + (away * reach * 0.2f), top + (rise * 0.2f), x + (away * reach * 0.45f), foot - (rise * 0.2f), x + (away * reach * 0.85f), foot + (rise * 0.5f));
            sunny.Close();
            hand.Fill(sunny, stage.Palette.Seen(0xE2AC6C, depth * 0.85f), depth, Surface.Ground);
            using var lee = new SKPath();
            lee.MoveTo(x, top);
            lee.CubicTo(x + (away * reach * 0.2f), top + (rise * 0.2f), x + (away * reach * 0.45f), foot - (rise * 0.2f), x + (away * reach * 0.85f), foot + (rise * 0.5f));
            lee.CubicTo(x + (away * reach * 0.5f), foot + (rise * 0.42f), x + (away * reach * 0.2f), foot + (rise * 0.5f), x - (away * reach * 0.05f), foot + (rise * 0.5f));
            lee.CubicTo(x + (away * reach * 0.16f), foot - (rise * 0.1f), x - (away * reach * 0.08f), top + (rise * 0.45f), x, top);
            lee.Close();
            hand.Fill(lee, stage.Palette.Seen(0x9A6144, depth * 0.8f).Mix(stage.Palette.Shadow, 0.12f).Alpha(0.82f), depth + 0.15f, Surface.Ground);
        }
    }
}

internal sealed class SnowScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        Land.Ranges(stage, hand, stage.GroundAt(0.05f), 2, 0.3f, 0x6F8197, 1);
        hand.BeginPlane(0.55f);
        Land.TreeLine(stage, hand, stage.GroundAt(0.07f), 0.1f, 0.55f, "snow pines", own: 0x3C5058);
        hand.EndPlane();
        Land.Hill(stage, hand, 0.05f, 0.03f, 0xD3DEEA, 0.42f, "far snow");
        Land.Hill(stage, hand, 0.22f, 0.05f, 0xE2EAF2, 0.25f, "snow");
        Land.Hill(stage, hand, 0.5f, 0.05f, 0xF0F4F8, 0.08f, "near snow");
    }
}

internal sealed class FieldScenery(bool village = false, bool garden = false) : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        Land.Ranges(stage, hand, stage.GroundAt(0.02f), 1, 0.15f, 0x5E7488);
        Land.Hill(stage, hand, 0.0f, 0.05f, 0x7E9A5E, 0.62f, "far field");
        hand.BeginPlane(0.5f);
        Land.TreeLine(stage, hand, stage.GroundAt(0.09f), 0.055f, 0.55f, "hedge", pines: false, own: 0x496B42);
        hand.EndPlane();
        Land.Hill(stage, hand, 0.09f, 0.03f, 0x93A95B, 0.42f, "field");
        if (village) Houses.Cluster(stage, hand);
        Land.Hill(stage, hand, 0.24f, 0.045f, garden ? 0x6FA04Fu : 0x8AA04Fu, 0.24f, "near field");
        if (garden) Crowns(stage, hand);
        Land.Hill(stage, hand, 0.48f, 0.05f, garden ? 0x5C8F45u : 0x76903Fu, 0.08f, "meadow");
    }

    public override void Front(Stage stage, Hand hand)
    {
        hand.BeginPlane(0);
        Land.Grass(stage, hand, 0x4B6B2E, stage.Shot == ShotSize.CloseUp ? 0.16f : 0.11f, 150, 0, 1, garden ? 0xE86A7Au : 0xE9D06Au);
        hand.EndPlane();
    }

    private static void Crowns(Stage stage, Hand hand)
    {
        var dice = stage.World("garden trees");
        for (var i = 0; i < 4; i++)
        {
            var x = stage.Width * ((i < 2 ? dice.Range(-0.02f, 0.2f) : dice.Range(0.8f, 1.02f)) + (stage.Drift * 0.05f));
            var (size, foot) = (stage.Unit * dice.Range(0.13f, 0.2f) * stage.Closeness, stage.GroundAt(0.28f));
            using var trunk = new SKPath();
            trunk.AddRect(SKRect.Create(x - (size * 0.07f), foot - size, size * 0.14f, size));
            hand.Fill(trunk, stage.Palette.Seen(0x5A4332, 0.25f), 0.3f);
            using var crown = new SKPath { FillType = SKPathFillType.Winding };
            Shapes.Crown(crown, dice, x, foot - (size * 1.25f), size * 0.75f);
            hand.Fill(crown, stage.Palette.Seen(dice.Pick<uint>([0x5B8A45u, 0x6E9A48u, 0xD98BA2u]), 0.22f), 0.25f, Surface.Foliage);
        }
    }
}
