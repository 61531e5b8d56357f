namespace VideoService.Rendering.Transitions;

/// <summary>Draws clouds of thresholds: value noise of several octaves, each of half the size and half the weight, then evened out.</summary>
internal static class Patches
{
    // The largest clouds, of the shorter side.
    private const double Largest = 0.22;

    // Each octave's lattice is turned another way, else its rows would show. Sides of right-angled triangles with whole sides, so that every machine has the same numbers.
    private static readonly (double Cos, double Sin)[] Turns = [(3 / 5.0, 4 / 5.0), (24 / 25.0, -7 / 25.0), (5 / 13.0, 12 / 13.0), (15 / 17.0, 8 / 17.0)];

    /// <summary>A map of levels 0-255 with even sides; chroma has the means of four.</summary>
    public static PicturePlanes Draw(int width, int height, ulong seed)
    {
        var random = new SplitMix64(seed);
        var sums = new float[width * height];
        var (cell, weight) = (Math.Max(2, Largest * Math.Min(width, height)), 1f);
        foreach (var turn in Turns)
        {
            Add(sums, width, height, cell, weight, turn, ref random);
            (cell, weight) = (Math.Max(2, cell / 2), weight / 2);
        }

        var levels = Even(sums);
        var chroma = new byte[levels.Length / 4];
        for (var i = 0; i < chroma.Length; i++)
        {
            var at = i / (width / 2) * 2 * width + i % (width / 2) * 2;
            chroma[i] = (byte)((levels[at] + levels[at + 1] + levels[at + width] + levels[at + width + 1] + 2) / 4);
        }
        var half = new Plane(width / 2, height / 2, chroma);
        return new PicturePlanes(new Plane(width, height, levels), half, half);
    }

    private static void Add(float[] sums, int width, int height, double cell, float weight, (double Cos, double Sin) turn, ref SplitMix64 random)
    {
        // Turned, a lattice reaches to half of the diagonal on all sides of the middle.
        var reach = (int)((width + height) / 2 / cell) + 2;
        var side = 2 * reach + 1;
        var knots = new float[side * side];
        for (var i = 0; i < knots.Length; i++) knots[i] = weight * (float)random.NextDouble();
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                double across = (x - width / 2) / cell, down = (y - height / 2) / cell;
                var (left, u) = Place(across * turn.Cos - down * turn.Sin + reach);
                var (upper, v) = Place(across * turn.Sin + down * turn.Cos + reach);
                var at = upper * side + left;
                var above = knots[at] + (knots[at + 1] - knots[at]) * u;
                var below = knots[at + side] + (knots[at + side + 1] - knots[at + side]) * u;
                sums[y * width + x] += above + (below - above) * v;
            }
        }
    }

    private static (int Knot, float Part) Place(double place)
    {
        var knot = (int)place;
        var t = (float)(place - knot);
        return (knot, t * t * (3 - 2 * t));
    }

    // Each place by its rank: how many places have less.
    private static byte[] Even(float[] sums)
    {
        const int Steps = 1 << 16;
        // One, a half, a quarter, ...: below two.
        var steps = Array.ConvertAll(sums, sum => (int)(sum * (Steps / 2)));
        var less = new int[Steps + 1];
        foreach (var step in steps) less[step + 1]++;
        for (var i = 1; i <= Steps; i++) less[i] += less[i - 1];
        return Array.ConvertAll(steps, step => (byte)(256L * less[step] / sums.Length));
    }
}
