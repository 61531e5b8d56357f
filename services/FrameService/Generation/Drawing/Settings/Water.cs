using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Reading;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

/// <summary>Water seen from above its surface: sky on it, the light's path, waves that grow towards us.</summary>
internal static class Water
{
    public static void Surface(Stage stage, Hand hand, float top, uint own, float roughness)
    {
        var palette = stage.Palette;
        var deep = palette.Seen(own, 0.08f).Mix(palette.SkyTop, 0.35f);
        var far = palette.SkyLow.Mix(palette.Seen(own, 0.3f), 0.32f);
        hand.Backdrop(SKRect.Create(0, top, stage.Width, stage.Height - top), [far, far.Mix(palette.SkyMid, 0.45f).Mix(deep, 0.25f), deep, deep.Darker(0.25f)], [0, 0.14f, 0.6f, 1]);
        Ripples(stage, hand, top, deep.Darker(0.3f).Alpha(0.34f), "troughs", roughness, 1);
        Ripples(stage, hand, top, palette.SkyMid.Mix(palette.SkyLow, 0.5f).Alpha(0.4f), "crests", roughness, 0.8f);
        Glitter(stage, hand, top);
    }

    /// <summary>The way that the light lays over the water towards us.</summary>
    private static void Glitter(Stage stage, Hand hand, float top)
    {
        var dice = stage.Panel("glitter");
        var depth = stage.Height - top;
        using var wide = new SKPath();
        using var core = new SKPath();
        for (var i = 0; i < 190; i++)
        {
            var t = MathF.Pow(dice.Float(), 1.7f);
            var spread = stage.Unit * (0.02f + (0.16f * t));
            var offset = (dice.Float() + dice.Float() + dice.Float() - 1.5f) * spread * 1.5f;
            var size = stage.Unit * (0.006f + (0.045f * t)) * dice.Range(0.5f, 1.3f);
            Shapes.Lens(MathF.Abs(offset) < spread * 0.5f ? core : wide, stage.Light.X + offset, top + (t * depth) + 1, size, size * (0.06f + (0.07f * t)));
        }

        var strength = stage.Sunlight * (stage.Time == TimeOfDay.Night ? 0.75f : 1);
        hand.Glow(new SKPoint(stage.Light.X, top + (depth * 0.06f)), stage.Unit * 0.42f, stage.Palette.Light, 0.4f * strength);
        hand.Fill(wide, stage.Palette.Light.Alpha(0.34f * strength), 0.5f, Hands.Surface.Light);
        hand.Fill(core, stage.Palette.Light.Lighter(0.3f).Alpha(0.78f * strength), 0.5f, Hands.Surface.Light);
    }

    private static void Ripples(Stage stage, Hand hand, float top, SKColor colour, string purpose, float roughness, float share)
    {
        var dice = stage.Panel(purpose);
        using var ripples = new SKPath();
        var depth = stage.Height - top;
        var count = (int)(150 * share * stage.Width / stage.Unit);
        for (var i = 0; i < count; i++)
        {
            var t = dice.Float() * dice.Float();
            var size = stage.Unit * (0.012f + (0.15f * t)) * dice.Range(0.5f, 1.4f);
            Shapes.Lens(ripples, dice.Float() * stage.Width, top + (depth * t) + 2, size, size * (0.03f + (roughness * 0.09f)));
        }

        hand.Fill(ripples, colour, 0.5f, Hands.Surface.Light);
    }

    private static SKPath Band(Stage stage, Func<float, float> upper, Func<float, float> lower)
    {
        var band = new SKPath();
        var step = stage.Width / 120f;
        band.MoveTo(-step, upper(-step));
        for (var x = -step; x <= stage.Width + step; x += step) band.LineTo(x, upper(x));
        for (var x = stage.Width + step; x >= -step; x -= step) band.LineTo(x, lower(x));
        band.Close();
        return band;
    }

    /// <summary>A swell that runs across the picture, with foam on its crest where it is rough.</summary>
    public static void Swell(Stage stage, Hand hand, float y, float height, float depth, uint own, int number, float foam)
    {
        var dice = stage.Panel("swell", number);
        var (phase, wavelength) = (dice.Range(0, MathF.Tau), stage.Unit * dice.Range(0.5f, 0.8f) * (1.3f - depth));
        float Crest(float x) => y - (height * (MathF.Pow(MathF.Abs(MathF.Sin((x / wavelength * MathF.PI) + phase)), 0.8f) * -1 + 0.7f + (0.25f * Noise.Value(x / wavelength * 3, number, 31))));
        using var wave = new SKPath();
        using var spray = new SKPath();
        using var face = Band(stage, x => Crest(x), x => Crest(x) + (height * 0.5f * MathF.Max(0, MathF.Min(1, (y - Crest(x)) / height))));
        using var trough = Band(stage, x => Crest(x) + (height * 0.75f), x => Crest(x) + (height * (1.05f + (0.5f * Noise.Value(x / wavelength * 2, number, 53)))));
        wave.MoveTo(-10, stage.Height + 10);
        for (var x = -10f; x <= stage.Width + 10; x += stage.Width / 160f)
        {
            var top = Crest(x);
            wave.LineTo(x, top);
            // Foam gathers where a crest stands high, and runs down its lee.
            var high = (y - top) / Math.Max(1, height);
            if (high < 0.25f || dice.Float() > foam * (0.35f + high)) continue;
            var size = stage.Unit * dice.Range(0.006f, 0.022f) * (1.25f - depth);
            Shapes.Lens(spray, x, top + (size * 0.12f), size * 1.5f, size * 0.16f);
            if (dice.Chance(0.5f)) Shapes.Lens(spray, x + (size * dice.Range(-2, 2)), top + (height * dice.Range(0.15f, 0.7f)), size * dice.Range(0.8f, 2.2f), size * 0.09f);
        }

        wave.LineTo(stage.Width + 10, stage.Height + 10);
        wave.Close();
        var colour = stage.Palette.Seen(own, depth * 0.5f).Mix(stage.Palette.SkyTop, 0.3f).Darker(0.12f * (1 - depth));
        hand.Fill(wave, colour, depth, Hands.Surface.Water);
        hand.Fill(face, stage.Palette.SkyMid.Mix(stage.Palette.SkyLow, 0.6f).Alpha(0.3f), depth, Hands.Surface.Light);
        hand.Fill(trough, stage.Palette.Shadow.Alpha(0.26f), depth, Hands.Surface.Light);
        hand.Fill(spray, stage.Palette.SkyLow.Lighter(0.5f).Alpha(0.35f + (0.4f * foam)), depth, Hands.Surface.Light);
    }
}
