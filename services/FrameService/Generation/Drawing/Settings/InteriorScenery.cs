using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

/// <summary>A room: one tall window on the light's side, its light on wall and floor, the corners in shadow.</summary>
internal sealed class InteriorScenery : Scenery
{
    public override void Back(Stage stage, Hand hand)
    {
        var palette = stage.Palette;
        var dice = stage.World("room");
        var wall = palette.Seen(dice.Pick<uint>([0xC9A988u, 0xA9B0A0u, 0xB58E7Au, 0x9AA4B4u, 0xD2BFA0u]), 0.02f).Mix(palette.Shadow, palette.IsDark ? 0.5f : 0.22f);
        var floor = stage.GroundAt(0.3f);
        hand.Backdrop(SKRect.Create(0, 0, stage.Width, stage.Height), [wall.Mix(palette.Shadow, 0.45f), wall, wall.Mix(palette.Shadow, 0.2f)], [0, 0.5f, 1]);
        using var boards = new SKPath();
        boards.AddRect(SKRect.Create(-10, floor, stage.Width + 20, stage.Height));
        hand.Fill(boards, palette.Seen(0x8A5F3F, 0.02f).Mix(palette.Shadow, palette.IsDark ? 0.45f : 0.2f), 0.15f, Surface.Ground);
        Boards(stage, hand, floor);
        using var skirting = new SKPath();
        skirting.AddRect(SKRect.Create(-10, floor - (stage.Unit * 0.02f), stage.Width + 20, stage.Unit * 0.02f));
        hand.Fill(skirting, wall.Lighter(0.12f), 0.3f);
        Window(stage, hand, floor);
        Picture(stage, hand, wall);
        hand.Veil(stage.Height * 0.25f, 0, palette.Shadow.Alpha(0), palette.Shadow.Alpha(0.4f));
    }

    private static void Boards(Stage stage, Hand hand, float floor)
    {
        using var seams = new SKPath();
        var vanish = new SKPoint(stage.Width * 0.5f, stage.Horizon * 0.6f);
        for (var i = -12; i <= 12; i++)
        {
            var x = (stage.Width * 0.5f) + (i * stage.Width * 0.13f);
            var t = (floor - vanish.Y) / (stage.Height - vanish.Y);
            seams.MoveTo(vanish.X + ((x - vanish.X) * t), floor);
            seams.LineTo(x, stage.Height);
        }

        hand.Line(seams, stage.Palette.Shadow.Alpha(0.3f), stage.Unit * 0.002f, 0.2f);
    }

    private static void Window(Stage stage, Hand hand, float floor)
    {
        var palette = stage.Palette;
        var (wide, tall) = (stage.Unit * 0.3f * stage.Closeness, stage.Unit * 0.44f * stage.Closeness);
        var x = stage.Width * (stage.LightOnLeft ? 0.2f : 0.8f) - (wide / 2) + (stage.Drift * stage.Unit * 0.06f);
        var top = Math.Max(stage.Height * 0.07f, floor - (tall * 1.36f));
        tall = Math.Min(tall, floor - top - (stage.Unit * 0.08f));
        using var frame = new SKPath();
        frame.AddRect(SKRect.Create(x - (wide * 0.06f), top - (wide * 0.06f), wide * 1.12f, tall + (wide * 0.12f)));
        hand.Fill(frame, palette.Seen(0xE6DCCB, 0).Mix(palette.Shadow, 0.25f), 0.2f);
        for (var row = 0; row < 3; row++)
        {
            using var pane = new SKPath();
            for (var column = 0; column < 2; column++)
                pane.AddRect(SKRect.Create(x + (wide * (0.02f + (column * 0.5f))), top + (tall * (0.01f + (row / 3f))), wide * 0.46f, tall * 0.31f));
            hand.Fill(pane, palette.SkyMid.Mix(palette.SkyLow, 0.25f + (row * 0.3f)).Mix(palette.Light, 0.15f), 0.5f, Surface.Light);
        }

        hand.Glow(new SKPoint(x + (wide / 2), top + (tall / 2)), stage.Unit * 0.75f, palette.Light.Mix(palette.SkyLow, 0.4f), 0.5f * stage.Sunlight);
        var away = stage.LightOnLeft ? 1 : -1;
        var edge = stage.LightOnLeft ? x + wide : x;
        using var pool = Shapes.Polygon(
            new(edge + (away * stage.Unit * 0.1f), stage.GroundAt(0.42f)), new(edge + (away * stage.Unit * 0.48f), stage.GroundAt(0.42f)),
            new(edge + (away * stage.Unit * 0.82f), stage.GroundAt(0.8f)), new(edge + (away * stage.Unit * 0.34f), stage.GroundAt(0.8f)));
        var strength = stage.Sunlight * (stage.Time == TimeOfDay.Night ? 0.5f : 1);
        hand.Fill(pool, palette.Light.Alpha(0.28f * strength), 0.3f, Surface.Light);
        hand.Beam(new(x + (wide / 2), top), new(edge + (away * stage.Unit * 0.3f), stage.GroundAt(0.85f)), new(edge + (away * stage.Unit * 0.85f), stage.GroundAt(0.8f)), palette.Light, 0.3f * strength);
    }

    private static void Picture(Stage stage, Hand hand, SKColor wall)
    {
        var (wide, tall) = (stage.Unit * 0.17f * stage.Closeness, stage.Unit * 0.13f * stage.Closeness);
        var x = stage.Width * (stage.LightOnLeft ? 0.72f : 0.28f) - (wide / 2) + (stage.Drift * stage.Unit * 0.06f);
        var top = stage.Horizon * 0.42f;
        using var frame = new SKPath();
        frame.AddRect(SKRect.Create(x, top, wide, tall));
        hand.Fill(frame, stage.Palette.Seen(0x6E4E34, 0).Mix(stage.Palette.Shadow, 0.2f), 0.4f);
        using var inner = new SKPath();
        inner.AddRect(SKRect.Create(x + (wide * 0.07f), top + (wide * 0.07f), wide * 0.86f, tall - (wide * 0.14f)));
        hand.Fill(inner, wall.Mix(stage.Palette.SkyMid, 0.45f), 0.5f);
    }
}
