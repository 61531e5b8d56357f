using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>The part of a canvas that is seen, in fractions of its width and height: both sides have the same fraction, since the ratio is the film's.</summary>
/// <param name="Left">0 to 1 - <paramref name="Size"/>.</param>
/// <param name="Top">0 to 1 - <paramref name="Size"/>.</param>
/// <param name="Size">1 / zoom, above 0, at most 1.</param>
internal readonly record struct View(double Left, double Top, double Size)
{
    /// <summary>The whole canvas.</summary>
    public static View Whole { get; } = new(0, 0, 1);

    /// <summary>A view at a zoom of 1 or more; the anchors, -1 to 1, say how far it stands towards left/right and top/bottom.</summary>
    public static View At(double zoom, double anchorX, double anchorY)
    {
        var size = 1 / zoom;
        return new View((1 - size) * (0.5 + anchorX / 2), (1 - size) * (0.5 + anchorY / 2), size);
    }
}

/// <summary>
/// The camera's move over one picture: a straight line from one view to another at even speed. Both ends lie within the canvas, so every view
/// between them does, and no edge is ever seen.
/// </summary>
internal readonly record struct MotionPath(View From, View To)
{
    /// <summary>The largest zoom of a move over a picture that fills the film.</summary>
    public const double MaxZoom = 1.15;

    /// <summary>The largest zoom where the picture has to be seen whole: it stands in the middle, smaller by this much.</summary>
    public const double MaxWholeZoom = 1.06;

    // Short shots move less: 15 % within half a second is a jolt.
    private const double ZoomPerSecond = 0.05;

    /// <summary>The largest zoom of this path, 1 or more.</summary>
    public double Zoom => 1 / Math.Min(From.Size, To.Size);

    /// <summary>The move over a frame that is seen for <paramref name="seconds"/>. The same arguments give the same path on every machine.</summary>
    public static MotionPath For(Motion motion, Fit fit, int number, long seed, double seconds)
    {
        if (motion == Motion.None) return new MotionPath(View.Whole, View.Whole);

        var cover = fit == Fit.Cover;
        var zoom = 1 + Math.Min((cover ? MaxZoom : MaxWholeZoom) - 1, ZoomPerSecond * seconds);
        var random = new SplitMix64(unchecked((ulong)seed * 0x9E3779B97F4A7C15UL + (ulong)number));
        var signX = random.NextSign();
        var signY = random.NextSign();
        var anchorX = signX * (0.4 + 0.6 * random.NextDouble());
        var anchorY = signY * 0.6 * random.NextDouble();

        // The wide end leans the other way, so that the camera pans while it zooms.
        var wide = cover ? View.At(1 + (zoom - 1) * 0.2, -anchorX, -anchorY) : View.Whole;
        var tight = cover ? View.At(zoom, anchorX, anchorY) : View.At(zoom, 0, 0);

        // Neighbours take turns: in, out, in, out.
        var zoomsIn = ((number ^ seed) & 1) != 0;
        return zoomsIn ? new MotionPath(wide, tight) : new MotionPath(tight, wide);
    }

    /// <summary>The view at <paramref name="time"/>, 0 at the beginning of the frame's visible span and 1 at its end.</summary>
    public View At(double time) => new(
        From.Left + (To.Left - From.Left) * time,
        From.Top + (To.Top - From.Top) * time,
        From.Size + (To.Size - From.Size) * time);

    // Sebastiano Vigna's public-domain generator: one addition and three mixes, the same everywhere.
    private struct SplitMix64(ulong state)
    {
        private ulong _state = state;

        public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

        public int NextSign() => (Next() >> 63) == 0 ? 1 : -1;

        private ulong Next()
        {
            var z = unchecked(_state += 0x9E3779B97F4A7C15UL);
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
            return z ^ (z >> 31);
        }
    }
}
