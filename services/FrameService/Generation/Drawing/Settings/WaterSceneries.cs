using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

internal sealed class SeaScenery(bool harbour) : Scenery
{
    private const uint Deep = 0x1F5C78;

    public override bool IsWater => true;

    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        var seed = (uint)stage.World("coast").Below(100_000);
        hand.BeginPlane(0.9f);
        if (harbour) CityScenery.Skyline(stage, hand, stage.Horizon + 2, 0.2f, 0.66f, "harbour");
        else FarCoast(stage, hand, seed);
        hand.EndPlane();
        var rough = stage.Weather == Weather.Storm ? 1f : stage.Weather is Weather.Rain ? 0.6f : 0.25f;
        Water.Surface(stage, hand, stage.Horizon, Deep, rough);
        hand.Veil(stage.Horizon - (stage.Unit * 0.05f), stage.Horizon + (stage.Unit * 0.012f), stage.Palette.Haze.Alpha(0), stage.Palette.Haze.Alpha(0.5f));
        hand.Veil(stage.Horizon + (stage.Unit * 0.1f), stage.Horizon + (stage.Unit * 0.012f), stage.Palette.Haze.Alpha(0), stage.Palette.Haze.Alpha(0.5f));
        if (rough < 0.5f) return;
        for (var i = 0; i < 5; i++)
            Water.Swell(stage, hand, stage.GroundAt(0.05f + (i * 0.09f)), stage.Unit * (0.012f + (i * 0.013f)) * rough * MathF.Sqrt(stage.Closeness), 0.8f - (i * 0.13f), Deep, i, rough);
    }

    public override void Front(Stage stage, Hand hand)
    {
        var rough = stage.Weather == Weather.Storm ? 1f : stage.Weather is Weather.Rain ? 0.55f : 0.22f;
        hand.BeginPlane(0.05f);
        Water.Swell(stage, hand, stage.GroundAt(0.78f), stage.Unit * 0.085f * rough, 0.3f, Deep, 8, rough);
        Water.Swell(stage, hand, stage.GroundAt(0.97f), stage.Unit * 0.12f * rough, 0.05f, Deep, 9, rough);
        hand.EndPlane();
    }

    private static void FarCoast(Stage stage, Hand hand, uint seed)
    {
        using var coast = new SKPath();
        var from = stage.LightOnLeft ? stage.Width * 0.5f : -stage.Width * 0.1f;
        var length = stage.Width * 0.62f;
        coast.MoveTo(from, stage.Horizon + 2);
        for (var i = 0; i <= 60; i++)
        {
            var t = i / 60f;
            var rise = MathF.Sin(t * MathF.PI) * (0.5f + (0.5f * Noise.Fractal(t * 5, 0, 4, seed)));
            coast.LineTo(from + (t * length), stage.Horizon - (rise * stage.Unit * 0.1f * stage.Closeness));
        }

        coast.LineTo(from + length, stage.Horizon + 2);
        coast.Close();
        hand.Fill(coast, stage.Palette.Seen(0x3F5560, 0.72f), 0.85f, Surface.Rock);
    }
}

internal sealed class BeachScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        Water.Surface(stage, hand, stage.Horizon, 0x2A8C9A, 0.3f);
        var seed = (uint)stage.World("sand").Below(100_000);
        Shore(stage, hand, 0.3f, stage.Palette.SkyLow.Mix(SKColors.White, 0.45f).Alpha(0.75f), seed, 0.6f);
        Shore(stage, hand, 0.325f, stage.Palette.Seen(0xB99E74, 0.1f).Darker(0.12f), seed, 0.3f);
        Shore(stage, hand, 0.4f, stage.Palette.Seen(0xE3CB9B, 0.08f), seed + 1, 0.2f);
    }

    private static void Shore(Stage stage, Hand hand, float share, SKColor colour, uint seed, float depth)
    {
        using var sand = Shapes.Land(stage, stage.GroundAt(share), stage.Unit * 0.025f, 0, seed, stage.Drift * 0.2f, 0.7f);
        hand.Fill(sand, colour, depth, Surface.Ground);
    }
}

internal sealed class LakeScenery : Scenery
{
    public override bool IsWater => true;

    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        Land.Ranges(stage, hand, stage.Horizon, 2, 0.2f);
        hand.BeginPlane(0.6f);
        Land.TreeLine(stage, hand, stage.Horizon + (stage.Unit * 0.012f), 0.055f, 0.52f, "far shore");
        hand.EndPlane();
        Water.Surface(stage, hand, stage.Horizon + (stage.Unit * 0.012f), 0x2D5A66, 0.1f);
        var mirrored = stage.Palette.Seen(0x2F4A3C, 0.4f);
        hand.Veil(stage.Horizon + (stage.Unit * 0.012f), stage.Horizon + (stage.Unit * 0.13f), mirrored.Alpha(0.6f), mirrored.Alpha(0));
        hand.Veil(stage.Horizon - (stage.Unit * 0.04f), stage.Horizon + (stage.Unit * 0.04f), stage.Palette.Haze.Alpha(0), stage.Palette.Haze.Alpha(0.35f));
    }

    public override void Front(Stage stage, Hand hand)
    {
        hand.BeginPlane(0);
        Land.Grass(stage, hand, 0x31452C, 0.15f, 60, stage.LightOnLeft ? 0.0f : 0.68f, stage.LightOnLeft ? 0.32f : 1.0f);
        hand.EndPlane();
    }
}
