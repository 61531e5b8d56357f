using FrameService.Generation.Reading;
using FrameVideo.Contracts;
using SkiaSharp;
using static FrameService.Generation.Drawing.Colours;

namespace FrameService.Generation.Drawing;

/// <summary>The colours of one frame: a mood at a time of day in a weather.</summary>
internal sealed class Palette
{
    private readonly SKColor _ambient;
    private readonly float _saturation;
    private readonly float _brightness;

    private Palette(SkyColours sky, SKColor ambient, float saturation, float brightness, bool isDark)
    {
        (SkyTop, SkyMid, SkyLow, Light) = sky;
        _ambient = ambient;
        _saturation = saturation;
        _brightness = brightness;
        IsDark = isDark;
        Haze = SkyLow.Mix(SkyMid, 0.45f);
        Shadow = SkyTop.Mix(Rgb(0x0A0C14), 0.68f);
    }

    public SKColor SkyTop { get; }

    public SKColor SkyMid { get; }

    public SKColor SkyLow { get; }

    /// <summary>Of the sun, the moon or the brightest part of the sky.</summary>
    public SKColor Light { get; }

    /// <summary>What distance fades to.</summary>
    public SKColor Haze { get; }

    /// <summary>What shadows tend to; never black.</summary>
    public SKColor Shadow { get; }

    /// <summary>Whether lamps and windows are lit.</summary>
    public bool IsDark { get; }

    /// <summary>Lamp light.</summary>
    public SKColor Lamp { get; } = Rgb(0xFFC874);

    /// <summary>The colours of a mood; towards those of a picture, where one was given for the film.</summary>
    public static Palette For(Mood mood, TimeOfDay time, Weather weather, ReferenceColours? reference = null)
    {
        var sky = Skies[((int)mood * 4) + (int)time];
        var (saturation, brightness) = mood switch
        {
            Mood.Vibrant => (1.3f, 1.0f),
            Mood.Calm => (0.78f, 1.05f),
            Mood.Dramatic => (1.0f, 0.72f),
            Mood.Mysterious => (0.62f, 0.66f),
            Mood.Cheerful => (1.15f, 1.12f),
            _ => (0.52f, 0.74f),
        };
        var ambient = time switch
        {
            TimeOfDay.Dawn => Rgb(0xE8CFC8),
            TimeOfDay.Dusk => Rgb(0xD2A498),
            TimeOfDay.Night => Rgb(0x51648F),
            _ => Rgb(0xFFFDF6),
        };
        if (mood == Mood.Mysterious) ambient = ambient.Under(Rgb(0xBFE6E2));
        if (reference is not null)
        {
            sky = sky.Towards(reference);
            ambient = ambient.Mix(reference.Middle.Mix(reference.Light, 0.5f), 0.35f);
        }

        return new Palette(sky.Under(weather), ambient, saturation, brightness, time == TimeOfDay.Night || time == TimeOfDay.Dusk || weather == Weather.Storm);
    }

    /// <summary>A thing's own colour as it looks in this light at a distance: 0 is at hand, 1 is the end of sight.</summary>
    public SKColor Seen(SKColor own, float depth)
    {
        var lit = own.Saturate(_saturation).Under(_ambient);
        lit = _brightness > 1 ? lit.Lighter(_brightness - 1) : lit.Mix(Shadow, (1 - _brightness) * 0.9f);
        return lit.Mix(Haze, 0.04f + (depth * 0.9f));
    }

    public SKColor Seen(uint own, float depth) => Seen(Rgb(own), depth);

    private static readonly SkyColours[] Skies =
    [
        new(0x2B4C9B, 0xF2789F, 0xFFD36E, 0xFFE9A8), new(0x0E6FD6, 0x49B4F2, 0xCFF3FF, 0xFFF8D8), new(0x3B1C7A, 0xE8456B, 0xFFB03A, 0xFFDB82), new(0x0B1047, 0x2A2C8C, 0x7A4FC0, 0xEDF2FF),
        new(0x8FA9C9, 0xD9C7CC, 0xF8E6CF, 0xFFF6E2), new(0x8DB8D6, 0xBFDCE6, 0xF1F4EA, 0xFFFBEE), new(0x6F7BA8, 0xC9A7B5, 0xF3D3B4, 0xFFEBCB), new(0x1D2B4A, 0x3D5275, 0x8297AE, 0xF0F4FA),
        new(0x141B30, 0x6A3540, 0xF08A3C, 0xFFC069), new(0x27384D, 0x6C7F8E, 0xE9DFC4, 0xFFF1CC), new(0x160C1C, 0x7A1E22, 0xFF7A2B, 0xFFB45A), new(0x04060C, 0x101B30, 0x3E587A, 0xDDEBFF),
        new(0x152A35, 0x3F6670, 0xA9C2B4, 0xE9F3DC), new(0x22414A, 0x5C8588, 0xB9CFC4, 0xF0F7E6), new(0x1B1636, 0x4A3A6B, 0x9C7F9E, 0xF1D9E4), new(0x050B16, 0x0E2A38, 0x2E6A70, 0xCFF5EC),
        new(0x7CC4F0, 0xFFD9C0, 0xFFF1B8, 0xFFFBDD), new(0x3FAFF0, 0x9BDDFA, 0xFFF7DC, 0xFFFCE6), new(0x7C8BE0, 0xFFA69A, 0xFFE09A, 0xFFF3C4), new(0x23307A, 0x4C5FB8, 0xB79AD9, 0xFFF6DA),
        new(0x3B4450, 0x7D7F83, 0xC4B5A3, 0xEADFCB), new(0x4B565F, 0x8B949A, 0xC2C4BF, 0xEDECE4), new(0x2A2A33, 0x6B5257, 0xB98A6E, 0xEBC79E), new(0x0D1117, 0x232D38, 0x4C5A63, 0xD5DDE3),
    ];

    private readonly record struct SkyColours(SKColor Top, SKColor Mid, SKColor Low, SKColor Light)
    {
        public SkyColours(uint top, uint mid, uint low, uint light)
            : this(Rgb(top), Rgb(mid), Rgb(low), Rgb(light))
        {
        }

        /// <summary>Most of a picture's colours, and enough of its own to tell day from night.</summary>
        public SkyColours Towards(ReferenceColours reference) => new(Top.Mix(reference.Top, 0.7f), Mid.Mix(reference.Middle, 0.7f), Low.Mix(reference.Low, 0.7f), Light.Mix(reference.Light, 0.4f));

        public SkyColours Under(Weather weather)
        {
            var grey = Rgb(0x8A9299).Mix(Mid, 0.35f);
            var dark = Rgb(0x2B333D).Mix(Top, 0.3f);
            return weather switch
            {
                Weather.Storm => new(Top.Mix(dark, 0.8f), Mid.Mix(dark, 0.62f), Low.Mix(grey, 0.5f), Light.Mix(grey, 0.25f)),
                Weather.Rain => new(Top.Mix(dark, 0.5f), Mid.Mix(grey.Mix(Top, 0.3f), 0.6f), Low.Mix(grey, 0.45f), Light.Mix(grey, 0.2f)),
                Weather.Snow => new(Top.Mix(grey, 0.45f), Mid.Mix(grey, 0.4f), Low.Mix(Rgb(0xE9EDF0), 0.35f), Light),
                Weather.Fog => new(Top.Mix(grey, 0.45f), Mid.Mix(Low, 0.45f), Low.Mix(grey, 0.2f), Light),
                Weather.Cloudy => new(Top.Mix(grey, 0.2f), Mid.Mix(grey, 0.15f), Low, Light),
                _ => this,
            };
        }
    }
}
