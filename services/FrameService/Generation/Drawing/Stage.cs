using FrameService.Generation.Reading;
using FrameVideo.Contracts;
using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>One frame's composition, decided before anything is drawn. The world (seed) is the film's; the framing is the panel's.</summary>
internal sealed class Stage
{
    private readonly long _seed;
    private readonly int _number;

    public Stage(FrameBrief brief, SceneDescription scene, Shooting shooting)
    {
        (_seed, _number) = (brief.Seed, brief.Number);
        (Width, Height) = (brief.AspectRatio.Width, brief.AspectRatio.Height);
        (Scene, Shot, Camera, Progress) = (scene, shooting.Shot, shooting.Camera, shooting.Progress);
        Setting = scene.Setting;
        Time = shooting.Time;
        Weather = shooting.Weather;
        Palette = Palette.For(brief.Mood, Time, Weather, ReferenceColours.Of(brief.Anchor));
        (Style, Mood) = (brief.Style, brief.Mood);

        var world = World("composition");
        LightOnLeft = world.Chance(0.5f);
        var panel = Panel("framing");
        var horizon = Shot switch
        {
            ShotSize.ExtremeWide => 0.64f,
            ShotSize.Wide => 0.6f,
            ShotSize.Medium => 0.54f,
            _ => 0.5f,
        };
        if (Height > Width) horizon -= 0.02f;
        Horizon = Height * (horizon + panel.Range(-0.03f, 0.03f));
        var lightX = LightOnLeft ? 0.31f : 0.69f;
        var lightHeight = Time switch
        {
            TimeOfDay.Day => 0.2f,
            TimeOfDay.Night => 0.24f,
            _ => 0.43f + (0.06f * (Progress - 0.5f)),
        };
        Light = new SKPoint(Width * (lightX + panel.Range(-0.03f, 0.03f)), Math.Min(Height * lightHeight, Horizon * 0.9f));
        FocusX = Width * ((LightOnLeft ? 0.62f : 0.38f) + panel.Range(-0.035f, 0.035f));
        Closeness = Shot switch
        {
            ShotSize.ExtremeWide => 0.85f,
            ShotSize.Wide => 1f,
            ShotSize.Medium => 1.28f,
            _ => 1.65f,
        };
        Drift = panel.Range(-0.5f, 0.5f);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The shorter side, by which things are sized.</summary>
    public float Unit => Math.Min(Width, Height);

    public SceneDescription Scene { get; }

    public Setting? Setting { get; }

    public Style Style { get; }

    public Mood Mood { get; }

    public ShotSize Shot { get; }

    public CameraMove Camera { get; }

    public TimeOfDay Time { get; }

    public Weather Weather { get; }

    /// <summary>How far the film is: 0 at its first frame, 1 at its last.</summary>
    public float Progress { get; }

    public Palette Palette { get; }

    /// <summary>Pixels from the top.</summary>
    public float Horizon { get; }

    /// <summary>Where the light stands.</summary>
    public SKPoint Light { get; }

    public bool LightOnLeft { get; }

    /// <summary>Where the subject stands, on the third that is turned to the light.</summary>
    public float FocusX { get; }

    /// <summary>How much larger than in a wide shot the surroundings are.</summary>
    public float Closeness { get; }

    /// <summary>How far the camera has moved sideways since the last panel, -0.5 to 0.5 of the width for what is near.</summary>
    public float Drift { get; }

    /// <summary>How much of the direct light comes through.</summary>
    public float Sunlight => Weather switch
    {
        Weather.Storm => 0.25f,
        Weather.Rain => 0.35f,
        Weather.Fog => 0.55f,
        Weather.Snow => 0.5f,
        Weather.Cloudy => 0.8f,
        _ => 1f,
    };

    /// <summary>Chance that is the same in all frames of a film.</summary>
    public Dice World(string purpose) => new(_seed, purpose);

    /// <summary>Chance of this panel alone.</summary>
    public Dice Panel(string purpose, int item = 0) => new(_seed, purpose, _number + (item * 100_003));

    /// <summary>Where on the ground a share of the way from the horizon (0) to the lower edge (1) is.</summary>
    public float GroundAt(float share) => Horizon + ((Height - Horizon) * share);
}
