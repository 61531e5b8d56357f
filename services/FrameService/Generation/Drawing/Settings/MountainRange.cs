using FrameService.Generation.Drawing.Hands;
using SkiaSharp;

namespace FrameService.Generation.Drawing.Settings;

/// <summary>One range: summits with spurs that run down from them, a lit and a shaded side, and snow down to an uneven line.</summary>
internal sealed class MountainRange
{
    private readonly Stage _stage;
    private readonly float _foot;
    private readonly uint _seed;
    private readonly float _shift;
    private readonly List<(float X, float Rise, float Slope)> _summits = [];

    public MountainRange(Stage stage, int number, float foot, float height, float shift)
    {
        (_stage, _foot, Height, _shift) = (stage, foot, height, shift * stage.Unit);
        var dice = stage.World("range " + number);
        _seed = (uint)dice.Below(100_000);
        var x = -height * dice.Range(0.2f, 0.8f);
        while (x < stage.Width + height)
        {
            // The highest summits stand towards the light, where the eye goes.
            var towards = 1 - (0.45f * MathF.Abs((x / stage.Width) - (stage.LightOnLeft ? 0.42f : 0.58f)));
            _summits.Add((x, height * towards * dice.Range(0.55f, 1f), dice.Range(0.62f, 0.95f)));
            x += height * dice.Range(0.55f, 1.15f);
        }
    }

    public float Height { get; }

    public void Draw(Hand hand, uint own, float depth, float snow)
    {
        var palette = _stage.Palette;
        using var land = new SKPath();
        var step = _stage.Width / 200f;
        var lower = Math.Min(_stage.Height + step, _foot + (_stage.Unit * 0.14f));
        land.MoveTo(-step, lower);
        for (var x = -step; x <= _stage.Width + step; x += step) land.LineTo(x, At(x));
        land.LineTo(_stage.Width + step, lower);
        land.Close();
        var rock = palette.Seen(own, depth);
        hand.Fill(land, rock, depth, Surface.Rock);
        using var lit = new SKPath();
        using var cap = new SKPath();
        using var capShade = new SKPath();
        var dice = new Dice(_seed, "spurs");
        var towards = _stage.LightOnLeft ? -1 : 1;
        foreach (var (x, rise, _) in _summits)
        {
            if (!IsSummit(x + _shift)) continue;
            Side(lit, dice, x + _shift, rise, 0.82f, towards);
            if (snow <= 0) continue;
            Side(cap, dice, x + _shift, rise, 0.5f * snow, towards);
            Side(capShade, dice, x + _shift, rise, 0.34f * snow, -towards);
        }

        hand.Fill(lit, palette.Light.Mix(rock, 0.45f).Alpha(0.34f * (0.3f + (0.7f * _stage.Sunlight))), depth, Surface.Light);
        if (snow <= 0) return;
        hand.Fill(capShade, palette.Seen(0xAFC2DA, depth * 0.8f).Alpha(0.75f), depth, Surface.Light);
        hand.Fill(cap, palette.Seen(0xFBFCFF, depth * 0.7f).Mix(palette.Light, 0.25f * _stage.Sunlight).Alpha(0.92f), depth, Surface.Light);
    }

    private float At(float x)
    {
        var at = x - _shift;
        var rise = 0.16f * Height;
        foreach (var (peak, top, slope) in _summits) rise = MathF.Max(rise, top - (MathF.Abs(at - peak) * slope));
        var rough = Noise.Fractal(at / _stage.Unit * 9, 1.5f, 4, _seed) * Height * 0.075f;
        return _foot - rise - rough;
    }

    private bool IsSummit(float x)
    {
        var near = Height * 0.1f;
        return At(x) <= At(x - near) && At(x) <= At(x + near);
    }

    // From the summit down one flank along the outline, and back up an uneven spur.
    private void Side(SKPath into, Dice dice, float x, float rise, float share, int side)
    {
        var drop = rise * share;
        var top = At(x);
        into.MoveTo(x, top);
        var step = _stage.Width / 200f;
        var at = x;
        while (At(at) < top + drop && MathF.Abs(at - x) < rise * 1.4f)
        {
            at += side * step;
            into.LineTo(at, At(at));
            if (At(at + (side * step * 3)) < At(at) - (step * 0.5f)) break;
        }

        var low = Math.Max(At(at), top + (drop * 0.6f));
        var (from, to) = (at, x - (side * drop * 0.12f));
        const int teeth = 7;
        for (var k = 1; k < teeth; k++)
        {
            var t = k / (float)teeth;
            into.LineTo(from + ((to - from) * t), low + (drop * (k % 2 == 0 ? dice.Range(-0.16f, -0.02f) : dice.Range(0.02f, 0.14f)) * (1 - (t * 0.5f))) - (t * t * drop * 0.22f));
        }

        for (var k = 4; k > 0; k--) into.LineTo(x + (side * drop * dice.Range(-0.07f, 0.05f)), top + (drop * k / 6f));
        into.Close();
    }
}
