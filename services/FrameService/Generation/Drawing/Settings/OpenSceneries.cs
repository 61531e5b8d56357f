using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

/// <summary>High above a sea of clouds.</summary>
internal sealed class SkyScenery : Scenery
{
    public override bool IsAfloat => true;

    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        Land.Ranges(stage, hand, stage.GroundAt(0.3f), 1, 0.18f, 0x6A7F98);
        for (var i = 0; i < 5; i++) Bank(stage, hand, i);
    }

    public override void Front(Stage stage, Hand hand)
    {
        hand.BeginPlane(0);
        Bank(stage, hand, 6);
        hand.EndPlane();
    }

    private static void Bank(Stage stage, Hand hand, int number)
    {
        var dice = stage.World("bank " + number);
        var near = number / 6f;
        var y = stage.GroundAt(0.2f + (0.74f * near));
        using var bank = new SKPath { FillType = SKPathFillType.Winding };
        var size = stage.Unit * (0.04f + (0.1f * near)) * stage.Closeness;
        for (var x = -size; x < stage.Width + size; x += size * dice.Range(0.35f, 0.7f))
            bank.AddCircle(x + (stage.Drift * size), y + (size * dice.Range(-0.15f, 0.35f)), size * dice.Range(0.4f, 0.85f));
        bank.AddRect(SKRect.Create(-10, y + (size * 0.3f), stage.Width + 20, stage.Height));
        var lit = stage.Palette.SkyLow.Mix(stage.Palette.Light, 0.4f * stage.Sunlight).Mix(stage.Palette.SkyMid, stage.Time == TimeOfDay.Night ? 0.7f : 0.12f + (0.25f * near));
        hand.Fill(bank, lit.Alpha(0.92f), 0.7f - (near * 0.4f), Surface.Cloud);
        hand.Veil(y + (size * 0.1f), y + (size * 2.2f), stage.Palette.SkyMid.Alpha(0), stage.Palette.SkyMid.Mix(stage.Palette.SkyTop, 0.35f).Alpha(0.42f));
    }
}

/// <summary>Where the words name no place: a study of light over ground that could be anywhere.</summary>
internal sealed class OpenScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        var palette = stage.Palette;
        var own = palette.SkyTop.Mix(palette.SkyMid, 0.35f);
        for (var i = 0; i < 6; i++)
        {
            var near = i / 5f;
            var seed = (uint)stage.World("fold " + i).Below(100_000);
            var top = stage.GroundAt(-0.12f + (near * 0.8f));
            using var fold = Shapes.Land(stage, top, stage.Unit * (0.09f - (0.02f * near)) * stage.Closeness, 0.12f * (1 - near), seed, stage.Drift * 0.3f * near, 0.7f + (0.5f * near));
            hand.BeginPlane(0.9f - (near * 0.8f));
            hand.Fill(fold, palette.Haze.Mix(own.Mix(palette.Shadow, 0.7f * near), 0.22f + (0.75f * near)), 0.9f - (near * 0.8f), Surface.Ground);
            hand.EndPlane();
            hand.Veil(top - (stage.Unit * 0.03f), top + (stage.Unit * 0.16f), palette.Haze.Alpha(0), palette.Haze.Alpha(0.3f * (1 - near)));
        }

        hand.Glow(new SKPoint(stage.Light.X, stage.Horizon), stage.Unit * 0.7f, palette.Light, 0.35f * stage.Sunlight);
    }
}

internal sealed class RoadScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        SkyPainter.Paint(stage, hand);
        Land.Ranges(stage, hand, stage.GroundAt(0.04f), 2, 0.24f, 0x56677C);
        Land.Hill(stage, hand, 0.02f, 0.012f, 0x9A8F62, 0.4f, "roadside");
        using var plain = new SKPath();
        plain.AddRect(SKRect.Create(-10, stage.GroundAt(0.08f), stage.Width + 20, stage.Height));
        hand.Fill(plain, stage.Palette.Seen(0x938552, 0.16f), 0.2f, Surface.Ground);
        var vanish = new SKPoint(stage.Light.X, stage.GroundAt(0.02f));
        var left = stage.Width * (stage.LightOnLeft ? 0.2f : -0.35f);
        var right = stage.Width * (stage.LightOnLeft ? 1.35f : 0.8f);
        using var road = Shapes.Polygon(new(vanish.X - 2, vanish.Y), new(left, stage.Height + 5), new(right, stage.Height + 5), new(vanish.X + 2, vanish.Y));
        hand.Fill(road, stage.Palette.Seen(0x55555C, 0.1f), 0.15f, Surface.Ground);
        Lines(stage, hand, vanish, (left + right) / 2, (right - left) * 0.012f);
        Poles(stage, hand, vanish);
        hand.Veil(stage.GroundAt(-0.1f), stage.GroundAt(0.12f), stage.Palette.Haze.Alpha(0), stage.Palette.Haze.Alpha(0.4f));
    }

    private static void Lines(Stage stage, Hand hand, SKPoint vanish, float foot, float half)
    {
        using var dashes = new SKPath();
        for (var i = 1; i < 16; i++)
        {
            var (a, b) = (1 / (i * 0.62f + 0.2f), 1 / ((i * 0.62f) + 0.48f));
            SKPoint P(float t, float side) => new(vanish.X + ((foot - vanish.X + (side * half)) * t), vanish.Y + ((stage.Height - vanish.Y) * t));
            dashes.AddPoly([P(a, -1), P(a, 1), P(b, 1), P(b, -1)], true);
        }

        hand.Fill(dashes, stage.Palette.Seen(0xE9DFC0, 0.05f).Alpha(0.85f), 0.15f, Surface.Light);
    }

    private static void Poles(Stage stage, Hand hand, SKPoint vanish)
    {
        using var poles = new SKPath();
        using var wire = new SKPath();
        var side = stage.LightOnLeft ? -0.34f : 0.34f;
        for (var i = 7; i >= 1; i--)
        {
            var t = 1 / (i * 0.7f);
            var (x, foot) = (vanish.X + (side * stage.Width * t), vanish.Y + ((stage.Height - vanish.Y) * 0.45f * t));
            var tall = stage.Unit * 0.36f * t;
            poles.AddRect(SKRect.Create(x - (tall * 0.012f), foot - tall, tall * 0.024f, tall));
            poles.AddRect(SKRect.Create(x - (tall * 0.1f), foot - (tall * 0.93f), tall * 0.2f, tall * 0.02f));
            if (wire.IsEmpty) wire.MoveTo(x, foot - (tall * 0.92f));
            else wire.QuadTo((wire.LastPoint.X + x) / 2, ((wire.LastPoint.Y + foot - (tall * 0.92f)) / 2) + (tall * 0.1f), x, foot - (tall * 0.92f));
        }

        hand.Fill(poles, stage.Palette.Seen(0x3A332C, 0.2f), 0.25f);
        hand.Line(wire, stage.Palette.Seen(0x3A332C, 0.25f).Alpha(0.7f), stage.Unit * 0.0013f, 0.25f);
    }
}
