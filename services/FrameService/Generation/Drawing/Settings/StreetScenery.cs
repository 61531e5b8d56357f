using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

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
        if (wet) Gleam(stage, hand, vanish);
        Kerbs(stage, hand, vanish);
        Row(stage, hand, vanish, -1);
        Row(stage, hand, vanish, 1);
        Lamps(stage, hand, vanish);
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
            hand.Fill(wall, stage.Palette.Seen(own, depth).Mix(stage.Palette.Shadow, side < 0 == stage.LightOnLeft ? 0.35f : 0.12f), depth, Surface.Wall);
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

    // What is lit above stands again in the wet ground, drawn out towards us.
    private static void Gleam(Stage stage, Hand hand, SKPoint vanish)
    {
        var dice = stage.World("gleam");
        using var sky = new SKPath();
        using var lamps = new SKPath();
        for (var i = 0; i < 46; i++)
        {
            var t = dice.Float();
            var (x, y) = (vanish.X + (dice.Range(-1, 1) * stage.Width * (0.06f + (0.4f * t))), stage.Horizon + (t * (stage.Height - stage.Horizon)));
            var size = stage.Unit * (0.01f + (0.06f * t)) * dice.Range(0.5f, 1.4f);
            Shapes.Lens(dice.Chance(0.3f) ? lamps : sky, x, y, size, size * 0.1f);
        }

        hand.Fill(sky, stage.Palette.SkyLow.Alpha(0.3f), 0.3f, Surface.Light);
        hand.Fill(lamps, stage.Palette.Lamp.Alpha(0.4f), 0.3f, Surface.Light);
    }

    private static void Kerbs(Stage stage, Hand hand, SKPoint vanish)
    {
        foreach (var side in new[] { -1, 1 })
        {
            using var pavement = new SKPath();
            SKPoint P(float scale, float across) => new(vanish.X + (side * scale * stage.Width * across), vanish.Y + (stage.Unit * 0.34f * scale));
            pavement.AddPoly([P(0.2f, 0.24f), P(0.2f, 0.37f), P(3, 0.37f), P(3, 0.24f)], true);
            hand.Fill(pavement, stage.Palette.Seen(0x8D8880, 0.1f).Mix(stage.Palette.Shadow, 0.2f), 0.2f, Surface.Ground);
        }
    }

    private static void Lamps(Stage stage, Hand hand, SKPoint vanish)
    {
        foreach (var side in new[] { -1, 1 })
        {
            for (var i = 5; i >= 1; i--)
            {
                var scale = At(i) * 0.98f;
                var (x, foot, tall) = (vanish.X + (side * scale * stage.Width * 0.27f), vanish.Y + (stage.Unit * 0.34f * scale), stage.Unit * 0.62f * scale);
                using var post = new SKPath();
                post.AddRect(SKRect.Create(x - (tall * 0.012f), foot - tall, tall * 0.024f, tall));
                hand.Fill(post, stage.Palette.Seen(0x2A2C32, 0.1f * i), 0.1f * i);
                using var lamp = new SKPath();
                lamp.AddOval(SKRect.Create(x - (tall * 0.03f), foot - (tall * 1.05f), tall * 0.06f, tall * 0.075f));
                hand.Fill(lamp, stage.Palette.IsDark ? stage.Palette.Lamp.Lighter(0.3f) : stage.Palette.Seen(0xE8E0CC, 0.1f * i), 0.1f * i, Surface.Light);
                if (stage.Palette.IsDark || stage.Weather is Weather.Rain) hand.Glow(new SKPoint(x, foot - tall), tall * 0.42f, stage.Palette.Lamp, 0.55f);
            }
        }
    }

    private static float At(int i) => 1 / (0.32f + (i * 0.6f));

    // A wall's piece from one distance to another, between two heights above eye level.
    private static SKPath Quad(SKPoint vanish, Stage stage, int side, float far, float near, float top, float bottom)
    {
        SKPoint P(float scale, float up) => new(vanish.X + (side * scale * stage.Width * 0.36f), vanish.Y - (up * scale));
        return Shapes.Polygon(P(far, bottom), P(far, top), P(near, top), P(near, bottom));
    }
}
