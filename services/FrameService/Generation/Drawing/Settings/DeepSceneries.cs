using FrameService.Generation.Drawing.Hands;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

/// <summary>Stars, a nebula, and a world whose edge catches the light.</summary>
internal sealed class SpaceScenery : Scenery
{
    public override bool IsAfloat => true;

    public override void Back(Stage stage, Hand hand)
    {
        var palette = stage.Palette;
        var dice = stage.World("nebula");
        hand.Backdrop(SKRect.Create(0, 0, stage.Width, stage.Height), [palette.SkyTop.Darker(0.66f), palette.SkyTop.Darker(0.35f), palette.SkyMid.Darker(0.5f)], [0, 0.55f, 1]);
        for (var i = 0; i < 6; i++)
        {
            var t = i / 5f;
            var centre = new SKPoint(stage.Width * (0.05f + (0.9f * t)), stage.Height * (0.62f - (0.42f * (stage.LightOnLeft ? 1 - t : t)) + dice.Range(-0.1f, 0.1f)));
            hand.Glow(centre, stage.Unit * dice.Range(0.4f, 0.75f), i % 2 == 0 ? palette.SkyMid : palette.SkyLow, dice.Range(0.26f, 0.48f));
        }

        hand.Clouds(0.35f, palette.SkyLow.Mix(palette.SkyMid, 0.5f).Alpha(1), palette.SkyTop.Darker(0.4f));
        SkyPainter.Stars(stage, hand, stage.Height * 1.05f, 340);
        hand.Glow(stage.Light, stage.Unit * 0.7f, palette.Light, 0.65f);
        hand.Disc(stage.Light, stage.Unit * 0.018f, palette.Light);
        Planet(stage, hand);
    }

    private static void Planet(Stage stage, Hand hand)
    {
        var radius = stage.Unit * 0.95f * stage.Closeness;
        var centre = new SKPoint(stage.Width * (stage.LightOnLeft ? 0.66f : 0.34f) + (stage.Drift * stage.Unit * 0.1f), stage.Height + (radius * 0.62f));
        var palette = stage.Palette;
        hand.Glow(centre, radius * 1.16f, palette.SkyLow.Mix(palette.Light, 0.4f), 0.55f);
        using var body = new SKPath();
        body.AddCircle(centre.X, centre.Y, radius);
        hand.Fill(body, palette.SkyMid.Mix(palette.SkyTop, 0.5f).Darker(0.15f), 0.25f);
        using var day = new SKPath();
        day.AddCircle(centre.X, centre.Y, radius);
        using var night = new SKPath();
        var away = stage.LightOnLeft ? 1 : -1;
        night.AddCircle(centre.X + (away * radius * 0.05f), centre.Y + (radius * 0.035f), radius);
        using var edge = day.Op(night, SKPathOp.Difference);
        hand.Fill(edge, palette.Light.Mix(palette.SkyLow, 0.3f).Alpha(0.85f), 0.3f, Surface.Light);
    }
}

/// <summary>Under the surface: light from above, rays, a bed with weed, bubbles.</summary>
internal sealed class UnderwaterScenery : Scenery
{
    public override bool IsAfloat => true;

    public override void Back(Stage stage, Hand hand)
    {
        var palette = stage.Palette;
        var top = palette.Seen(0x5FC6D2, 0.1f).Mix(palette.Light, 0.25f);
        var mid = palette.Seen(0x1F86A8, 0.05f);
        hand.Backdrop(SKRect.Create(0, 0, stage.Width, stage.Height), [top, mid, mid.Darker(0.45f), mid.Darker(0.66f)], [0, 0.38f, 0.8f, 1]);
        var source = new SKPoint(stage.Light.X, -stage.Height * 0.1f);
        hand.Glow(source, stage.Unit * 1.2f, palette.Light, 0.7f);
        var dice = stage.World("rays");
        for (var i = 0; i < 8; i++)
        {
            var x = stage.Light.X + ((i - 3.5f + dice.Range(-0.4f, 0.4f)) * stage.Unit * 0.22f);
            hand.Beam(source, new(x, stage.Height * 0.95f), new(x + (stage.Unit * dice.Range(0.05f, 0.14f)), stage.Height * 0.95f), palette.Light, dice.Range(0.1f, 0.24f));
        }

        for (var i = 0; i < 3; i++)
        {
            var seed = (uint)stage.World("reef " + i).Below(100_000);
            using var reef = Shapes.Land(stage, stage.GroundAt(0.4f + (0.14f * i)), stage.Unit * (0.11f - (0.02f * i)), 0.35f, seed, stage.Drift * 0.1f, 0.5f);
            hand.Fill(reef, mid.Mix(mid.Darker(0.6f), 0.35f + (0.25f * i)), 0.8f - (0.15f * i), Surface.Rock);
        }

        Weed(stage, hand, 0.5f, 16, 0.22f, mid.Darker(0.42f), "far weed");
        Land.Hill(stage, hand, 0.72f, 0.04f, 0x6C9A90, 0.4f, "bed");
        Corals(stage, hand);
        Bubbles(stage, hand);
    }

    public override void Front(Stage stage, Hand hand)
    {
        hand.BeginPlane(0);
        Weed(stage, hand, 0.05f, 9, 0.42f, stage.Palette.Seen(0x123C44, 0).Mix(stage.Palette.Shadow, 0.5f), "near weed");
        hand.EndPlane();
    }

    private static void Corals(Stage stage, Hand hand)
    {
        var dice = stage.World("corals");
        for (var i = 0; i < 11; i++)
        {
            var size = stage.Unit * dice.Range(0.025f, 0.06f) * stage.Closeness;
            using var coral = new SKPath { FillType = SKPathFillType.Winding };
            Shapes.Crown(coral, dice, stage.Width * dice.Float(), stage.GroundAt(dice.Range(0.74f, 0.86f)), size, 8);
            hand.Fill(coral, stage.Palette.Seen(dice.Pick<uint>([0xE0705Au, 0xD98AA0u, 0xE6B35Au, 0x9A6AB0u, 0x5AA08Au]), 0.35f).Mix(stage.Palette.Seen(0x1F86A8, 0.05f), 0.35f), 0.3f, Surface.Foliage);
        }
    }

    private static void Weed(Stage stage, Hand hand, float depth, int count, float height, SKColor colour, string name)
    {
        var dice = stage.World(name);
        using var weed = new SKPath { FillType = SKPathFillType.Winding };
        for (var i = 0; i < count; i++)
        {
            // Near weed frames the picture; the middle stays open.
            var at = dice.Float();
            if (depth < 0.2f) at = at < 0.5f ? at * 0.36f : 1 - ((1 - at) * 0.36f);
            var (x, foot, tall) = (at * stage.Width, stage.Height * (depth < 0.2f ? 1.02f : 0.93f), stage.Unit * height * dice.Range(0.5f, 1.2f));
            var (width, sway) = (stage.Unit * 0.009f * (1.4f - depth), stage.Unit * dice.Range(0.02f, 0.05f));
            weed.MoveTo(x - width, foot);
            weed.CubicTo(x - width - sway, foot - (tall * 0.33f), x - width + sway, foot - (tall * 0.66f), x + (sway * 0.3f), foot - tall);
            weed.CubicTo(x + width + sway, foot - (tall * 0.66f), x + width - sway, foot - (tall * 0.33f), x + width, foot);
            weed.Close();
        }

        hand.Fill(weed, colour, depth, Surface.Foliage);
    }

    private static void Bubbles(Stage stage, Hand hand)
    {
        var dice = stage.Panel("bubbles");
        using var bubbles = new SKPath();
        for (var i = 0; i < 46; i++)
            bubbles.AddCircle(stage.Width * dice.Float(), stage.Height * dice.Float(), stage.Unit * dice.Range(0.001f, 0.0055f));
        hand.Fill(bubbles, SKColors.White.Alpha(0.34f), 0.4f, Surface.Light);
    }
}
