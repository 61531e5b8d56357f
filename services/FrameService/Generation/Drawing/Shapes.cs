using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>Forms that several sceneries share.</summary>
internal static class Shapes
{
    /// <summary>Land below an outline of noise: low roughness gives hills, high gives peaks.</summary>
    public static SKPath Land(Stage stage, float top, float amplitude, float roughness, uint seed, float shift = 0, float wavelength = 0.5f)
    {
        var path = new SKPath();
        var step = stage.Width / 128f;
        path.MoveTo(-step, stage.Height + step);
        for (var x = -step; x <= stage.Width + step; x += step) path.LineTo(x, Outline(stage, x, top, amplitude, roughness, seed, shift, wavelength));
        path.LineTo(stage.Width + step, stage.Height + step);
        path.Close();
        return path;
    }

    /// <summary>The height of that outline at one place.</summary>
    public static float Outline(Stage stage, float x, float top, float amplitude, float roughness, uint seed, float shift, float wavelength)
    {
        var at = ((x / stage.Unit) + shift) / wavelength;
        var smooth = Noise.Fractal(at, 0.5f, 2, seed);
        if (roughness <= 0) return top - (amplitude * smooth);
        var ridge = 1 - (2 * MathF.Abs(Noise.Fractal(at, 1.5f, 1, seed + 77)));
        var rough = Noise.Fractal(at * 4, 2.5f, 4, seed + 99);
        return top - (amplitude * (((1 - roughness) * smooth) + (roughness * ((ridge * 0.8f) + (rough * 0.42f)))));
    }

    public static SKPath Polygon(params ReadOnlySpan<SKPoint> points)
    {
        var path = new SKPath();
        path.AddPoly(points.ToArray(), true);
        return path;
    }

    /// <summary>A conifer standing at its foot.</summary>
    public static void Pine(SKPath into, Dice dice, float x, float foot, float height)
    {
        var tiers = 7 + dice.Below(3);
        var half = height * dice.Range(0.17f, 0.23f);
        into.MoveTo(x, foot - height);
        for (var side = 1; side >= -1; side -= 2)
        {
            for (var i = 1; i <= tiers; i++)
            {
                var t = (side > 0 ? i : tiers + 1 - i) / (float)tiers;
                var reach = half * t * dice.Range(0.8f, 1.12f);
                var y = foot - (height * (1 - (t * 0.93f)));
                var tuck = y - (height * 0.012f);
                if (side > 0)
                {
                    into.LineTo(x + reach, y);
                    into.LineTo(x + (reach * 0.45f), tuck);
                }
                else
                {
                    into.LineTo(x - (reach * 0.45f), tuck);
                    into.LineTo(x - reach, y);
                }
            }

            if (side < 0) continue;
            into.LineTo(x + (height * 0.02f), foot);
            into.LineTo(x - (height * 0.02f), foot);
        }

        into.Close();
    }

    /// <summary>A crown of leaves: lobes around a middle.</summary>
    public static void Crown(SKPath into, Dice dice, float x, float y, float radius, int lobes = 9)
    {
        for (var i = 0; i < lobes; i++)
        {
            var angle = (i / (float)lobes * MathF.Tau) + dice.Range(-0.2f, 0.2f);
            var away = radius * dice.Range(0.45f, 0.68f);
            into.AddCircle(x + (MathF.Cos(angle) * away * 1.15f), y + (MathF.Sin(angle) * away * 0.8f), radius * dice.Range(0.36f, 0.52f));
        }

        into.AddCircle(x, y, radius * 0.6f);
    }

    /// <summary>A lens: pointed at both ends, as ripples and leaves are.</summary>
    public static void Lens(SKPath into, float x, float y, float halfWidth, float halfHeight)
    {
        into.MoveTo(x - halfWidth, y);
        into.QuadTo(x, y - (halfHeight * 2), x + halfWidth, y);
        into.QuadTo(x, y + (halfHeight * 2), x - halfWidth, y);
        into.Close();
    }

    /// <summary>A blade of grass.</summary>
    public static void Blade(SKPath into, float x, float foot, float height, float lean, float width)
    {
        into.MoveTo(x - width, foot);
        into.QuadTo(x + (lean * 0.3f), foot - (height * 0.6f), x + lean, foot - height);
        into.QuadTo(x + (lean * 0.3f) + (width * 1.4f), foot - (height * 0.5f), x + width, foot);
        into.Close();
    }
}
