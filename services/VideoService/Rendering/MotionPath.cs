using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>
/// The camera's move over one picture: a straight line from one view to another at even speed, so that it goes on from clip to joint without a jump. It begins and ends
/// outside of the frame's place, as far as the longest transitions reach; both ends lie within the canvas, so every view between them does, and no edge is ever seen.
/// </summary>
/// <param name="From">The view a quarter of the place before it begins.</param>
/// <param name="To">The view a quarter of the place after it ends.</param>
internal readonly record struct MotionPath(View From, View To)
{
    /// <summary>The largest zoom of a move over a picture that fills the film.</summary>
    public const double MaxZoom = 1.2;

    /// <summary>The largest zoom where the picture has to be seen whole.</summary>
    public const double MaxWholeZoom = 1.06;

    /// <summary>How far a transition reaches beyond a frame's place at most, in parts of the place; see <see cref="Joint"/>.</summary>
    private const double Reach = 0.25;

    // Short shots move less: 15 % within half a second is a jolt.
    private const double ZoomPerSecond = 0.05;

    /// <summary>The largest zoom of this path, 1 or more.</summary>
    public double Zoom => 1 / Math.Min(From.Size, To.Size);

    /// <summary>How much of the canvas's width is seen in every view of this path: its middle, since a picture that is to be seen whole has no other focus.</summary>
    public double SeenAcross => Math.Min(From.Left + From.Size, To.Left + To.Size) - Math.Max(From.Left, To.Left);

    /// <summary>The same of its height.</summary>
    public double SeenDown => Math.Min(From.Top + From.Size, To.Top + To.Size) - Math.Max(From.Top, To.Top);

    /// <summary>The move over a frame whose place lasts <paramref name="seconds"/>. The same arguments give the same path on every machine.</summary>
    /// <param name="motion">Its kind.</param>
    /// <param name="fit">Whether the picture fills the film, or has to be seen whole.</param>
    /// <param name="focus">What is looked at, a point of the canvas; null where nobody says.</param>
    /// <param name="number">The frame's number.</param>
    /// <param name="seed">The session's.</param>
    /// <param name="seconds">Above 0.</param>
    public static MotionPath For(Motion motion, Fit fit, (double X, double Y)? focus, int number, long seed, double seconds)
    {
        var zoom = 1 + Math.Min((fit == Fit.Cover ? MaxZoom : MaxWholeZoom) - 1, ZoomPerSecond * seconds * (1 + 2 * Reach));
        var (x, y) = focus ?? (0.5, 0.5);
        var tight = View.Around(zoom, x, y);
        return motion switch
        {
            Motion.None => new(View.Whole, View.Whole),
            Motion.ZoomIn => new(View.Whole, tight),
            Motion.ZoomOut => new(tight, View.Whole),
            Motion.PanLeft => new(tight with { Left = 1 - tight.Size }, tight with { Left = 0 }),
            Motion.PanRight => new(tight with { Left = 0 }, tight with { Left = 1 - tight.Size }),
            Motion.PanUp => new(tight with { Top = 1 - tight.Size }, tight with { Top = 0 }),
            Motion.PanDown => new(tight with { Top = 0 }, tight with { Top = 1 - tight.Size }),
            _ => KenBurns(fit, focus, zoom, number, seed),
        };
    }

    private static MotionPath KenBurns(Fit fit, (double X, double Y)? focus, double zoom, int number, long seed)
    {
        var random = new SplitMix64(SplitMix64.Mix(seed, number));
        var signX = random.NextSign();
        var signY = random.NextSign();
        var anchorX = signX * (0.4 + 0.6 * random.NextDouble());
        var anchorY = signY * 0.6 * random.NextDouble();

        // The wide end leans the other way, so that the camera pans while it zooms.
        var wide = fit == Fit.Cover ? View.At(1 + (zoom - 1) * 0.2, -anchorX, -anchorY) : View.Whole;
        var tight = fit == Fit.Cover ? View.At(zoom, anchorX, anchorY) : View.At(zoom, 0, 0);
        if (focus is var (x, y)) (wide, tight) = (wide.Holding(x, y), View.Around(zoom, x, y));

        // Neighbours take turns: in, out, in, out.
        var zoomsIn = ((number ^ seed) & 1) != 0;
        return zoomsIn ? new MotionPath(wide, tight) : new MotionPath(tight, wide);
    }

    /// <summary>The view at <paramref name="time"/>: 0 where the frame's place begins and 1 where it ends; a quarter beyond either while a transition lasts.</summary>
    public View At(double time)
    {
        var part = (time + Reach) / (1 + 2 * Reach);
        return new(
            From.Left + (To.Left - From.Left) * part,
            From.Top + (To.Top - From.Top) * part,
            From.Size + (To.Size - From.Size) * part);
    }
}
