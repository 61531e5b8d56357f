namespace FrameService.Generation.Drawing;

/// <summary>Smooth value noise, tileable, from -1 to 1.</summary>
internal static class Noise
{
    /// <summary>Octaves of noise, each twice as fine and half as strong. With a period the pattern repeats after so many units of the first octave.</summary>
    public static float Fractal(float x, float y, int octaves, uint seed, int period = 0)
    {
        float sum = 0, weight = 1, total = 0;
        for (var i = 0; i < octaves; i++)
        {
            sum += weight * Value(x, y, seed + (uint)i, period << i);
            total += weight;
            weight *= 0.5f;
            x *= 2;
            y *= 2;
        }

        return sum / total;
    }

    public static float Value(float x, float y, uint seed, int period = 0)
    {
        var left = (int)MathF.Floor(x);
        var top = (int)MathF.Floor(y);
        float u = Ease(x - left), v = Ease(y - top);
        var upper = Mix(At(left, top, seed, period), At(left + 1, top, seed, period), u);
        var lower = Mix(At(left, top + 1, seed, period), At(left + 1, top + 1, seed, period), u);
        return Mix(upper, lower, v);
    }

    private static float At(int x, int y, uint seed, int period)
    {
        if (period > 0) (x, y) = (((x % period) + period) % period, ((y % period) + period) % period);
        var h = ((uint)x * 374761393u) + ((uint)y * 668265263u) + (seed * 2246822519u);
        h = (h ^ (h >> 13)) * 1274126177u;
        h ^= h >> 16;
        return ((h & 0xFFFF) / 32767.5f) - 1;
    }

    private static float Ease(float t) => t * t * (3 - (2 * t));

    private static float Mix(float a, float b, float t) => a + ((b - a) * t);
}
