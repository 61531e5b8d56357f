using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Rendering;
using VideoService.Rendering.Transitions;

namespace VideoService.Tests.Rendering;

/// <summary>Transitions before encoding.</summary>
public sealed class TransitionTests
{
    private const int Width = 322, Height = 180, Area = Width * Height;

    private static readonly FilmSettings Film = new() { DurationSeconds = 8, Fps = 30, Width = Width, Height = Height, Seed = 3, Motion = Motion.None };

    public static IEnumerable<object[]> Ways =>
        from transition in new[] { Transition.Fade, Transition.FadeBlack, Transition.Dissolve, Transition.Wipe, Transition.Slide }
        from direction in Enum.GetValues<Direction>()
        where direction == Direction.Left || transition is Transition.Wipe or Transition.Slide
        select new object[] { transition, direction };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_transition_goes_from_the_one_picture_to_the_other_without_a_jump(Transition transition, Direction direction)
    {
        // From dark to light; through black the light goes first.
        var levels = Draw(transition, direction, 60, 200).ConvertAll(frame => Mean(frame.AsSpan(0, Area)));
        levels.Insert(0, 67.5);
        levels.Add(187.8);
        var steps = levels.Zip(levels.Skip(1), (a, b) => b - a).ToList();
        var most = (transition == Transition.FadeBlack ? 2 * 1.75 : transition == Transition.Slide ? 1.6 : 1.25) * 180 / 25;
        Assert.All(steps, step => Assert.InRange(Math.Abs(step), 0, most));
        if (transition == Transition.FadeBlack) Assert.Equal(16, levels.Min());
        else Assert.All(steps, step => Assert.True(step > 0));
    }

    [Theory]
    [InlineData(Direction.Left)]
    [InlineData(Direction.Right)]
    [InlineData(Direction.Up)]
    [InlineData(Direction.Down)]
    public void The_edges_of_a_wipe_and_of_a_slide_are_where_they_should_be_to_a_fiftieth_of_a_pixel(Direction direction)
    {
        var (side, across) = direction is Direction.Left or Direction.Right ? (Width, true) : (Height, false);
        foreach (var transition in new[] { Transition.Wipe, Transition.Slide })
        {
            foreach (var (i, frame) in Draw(transition, direction, 0, 255).Index())
            {
                // Black becomes white: how much is white along one line says where the edge is.
                var line = Enumerable.Range(0, side).Sum(at => (frame[across ? Width * 90 + at : Width * at + 160] - 16) / 219.0);
                var p = (i + 1) / 25.0;
                var passed = transition == Transition.Slide ? side * p * p * (3 - 2 * p) : Math.Clamp(side * (p * 1.08 - 0.04), 0, side);
                // A soft edge that is partly outside has another mean.
                if (transition == Transition.Wipe && p is < 0.08 or > 0.92) continue;
                Assert.Equal(passed, line, transition == Transition.Slide ? 0.02 : 0.06);
            }
        }
    }

    [Theory]
    [InlineData(Direction.Left)]
    [InlineData(Direction.Down)]
    public void A_slide_carries_its_pictures_as_smoothly_as_a_camera(Direction direction)
    {
        // A disc on the second picture.
        var pictures = new[] { TestPictures.Flat(Width, Height, new SKColor(20, 20, 20)), TestPictures.Draw(Width, Height, canvas =>
        {
            canvas.Clear(new SKColor(20, 20, 20));
            using var paint = new SKPaint { Color = new SKColor(230, 230, 230), IsAntialias = true };
            canvas.DrawCircle(Width / 2f, Height / 2f, 14.3f, paint);
        }) };
        var seen = 0;
        foreach (var (i, frame) in Draw(Film with { Transition = Transition.Slide, Direction = direction }, pictures).Index())
        {
            var p = (i + 1) / 25.0;
            var left = 1 - p * p * (3 - 2 * p);
            var (x, y) = direction == Direction.Left ? (Width * (0.5 + left), Height / 2.0) : (Width / 2.0, Height * (0.5 - left));
            if (x > Width - 20 || y < 20) continue;
            seen++;
            double sum = 0, sumX = 0, sumY = 0;
            for (var at = 0; at < Area; at++)
            {
                var level = frame[at] - 33.0;
                (sum, sumX, sumY) = (sum + level, sumX + level * (at % Width + 0.5), sumY + level * (at / Width + 0.5));
            }
            Assert.Equal(x, sumX / sum, 0.03);
            Assert.Equal(y, sumY / sum, 0.03);
        }
        Assert.InRange(seen, 10, 24);
    }

    [Fact]
    public void A_dissolve_goes_on_evenly_in_other_patches_for_each_joint_and_the_same_ones_each_time()
    {
        var halves = new List<byte[]>();
        for (var seed = 1UL; seed <= 3; seed++)
        {
            var levels = Patches.Draw(160, 90, seed);
            var counts = new int[8];
            for (var y = 0; y < 90; y++)
                foreach (var level in levels.Y.PaddedRow(y).Slice(Plane.Pad, 160)) counts[level / 32]++;
            Assert.All(counts, count => Assert.InRange(count, 1760, 1840));
            halves.Add(levels.Y.PaddedRow(45).ToArray());
            Assert.Equal(halves[^1], Patches.Draw(160, 90, seed).Y.PaddedRow(45).ToArray());
        }
        Assert.Distinct(halves.ConvertAll(Convert.ToHexString));
    }

    [Fact]
    public void Vectors_mix_as_the_formula_says()
    {
        var random = new Random(1);
        byte[] a = new byte[331], b = new byte[331], thresholds = new byte[331], to = new byte[331];
        random.NextBytes(a);
        random.NextBytes(b);
        random.NextBytes(thresholds);
        var masks = Array.ConvertAll(a, _ => (ushort)random.Next(257));
        MaskKernels.Mix(a, b, masks, to);
        for (var i = 0; i < to.Length; i++) Assert.Equal(Expected(i, masks[i]), to[i]);
        foreach (var mask in new ushort[] { 0, 1, 128, 255, 256 })
        {
            MaskKernels.Mix(a, b, mask, to);
            for (var i = 0; i < to.Length; i++) Assert.Equal(Expected(i, mask), to[i]);
        }
        foreach (var level in new short[] { 0, 1, 700, 2552, 5000, MaskKernels.TopLevel })
        {
            MaskKernels.Mix(a, b, thresholds, level, to);
            for (var i = 0; i < to.Length; i++) Assert.Equal(Expected(i, Math.Clamp(level - 16 * thresholds[i], 0, 1024) / 4), to[i]);
        }

        byte Expected(int i, int mask) => (byte)Math.Floor((a[i] * (256 - mask) + b[i] * mask + 128) / 256.0);
    }

    [Fact]
    public void A_transition_of_the_smallest_and_of_odd_sizes_is_drawn()
    {
        foreach (var (width, height) in new[] { (16, 16), (16, 480), (482, 18), (34, 22) })
        {
            foreach (var (transition, direction) in from t in Enum.GetValues<Transition>() from d in Enum.GetValues<Direction>() where t != Transition.Cut select (t, d))
            {
                var film = Film with { Width = width, Height = height, Motion = Motion.ZoomIn, Transition = transition, Direction = direction };
                var frames = Draw(film, [TestPictures.Flat(70, 40, SKColors.Red), TestPictures.Flat(40, 70, SKColors.Blue)]);
                Assert.Equal(24, frames.Count);
            }
        }
    }

    private static List<byte[]> Draw(Transition transition, Direction direction, byte from, byte to) => Draw(
        Film with { Transition = transition, Direction = direction },
        [TestPictures.Flat(Width, Height, new SKColor(from, from, from)), TestPictures.Flat(Width, Height, new SKColor(to, to, to))]);

    private static List<byte[]> Draw(FilmSettings film, byte[][] pictures)
    {
        var frames = pictures.Select((picture, i) => new FilmFrame(i + 1, TestPictures.Sha256(picture), 0, 0)).ToList();
        var plan = FilmPlan.Create(film, frames, "");
        var planes = plan.Shots.Select((shot, i) => PictureCanvas.Compose(pictures[i], shot, film, long.MaxValue, default)).ToList();
        var joint = plan.Pieces.Single(piece => piece.Kind == PieceKind.Joint);
        var drawn = new PieceFrames(film, joint, planes);
        return [.. Enumerable.Range(0, joint.FrameCount).Select(i => drawn.Render(i).ToArray())];
    }

    private static double Mean(ReadOnlySpan<byte> luma)
    {
        long sum = 0;
        foreach (var level in luma) sum += level;
        return (double)sum / luma.Length;
    }
}
