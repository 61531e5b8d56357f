using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using VideoService.Rendering;
using VideoService.Rendering.Sampling;

namespace VideoService.Tests.Rendering;

/// <summary>What vectors compute is what the specification says, to the bit.</summary>
public class RowKernelsTests
{
    private readonly Random _random = new(20_26);

    public static TheoryData<string> Kernels() =>
        [nameof(Vector128Kernels), .. Avx2.IsSupported ? [nameof(Avx2Kernels)] : Array.Empty<string>(), .. Avx512Kernels.IsSupported ? [nameof(Avx512Kernels)] : Array.Empty<string>()];

    [Fact]
    public void The_fastest_that_this_machine_has_is_taken()
    {
        var expected = Avx512Kernels.IsSupported ? typeof(Avx512Kernels) : Avx2.IsSupported ? typeof(Avx2Kernels) : Vector128.IsHardwareAccelerated ? typeof(Vector128Kernels) : typeof(ScalarKernels);
        Assert.IsType(expected, RowKernels.Best);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Frames_of_any_size_and_view_are_those_of_the_specification(string name)
    {
        for (var round = 0; round < 60; round++)
        {
            int width = Even(2, 150), height = Even(2, 60);
            // Also where four neighbours lie too far apart for one load.
            var zoom = round % 5 == 0 ? 1 : round % 7 == 0 ? 4.5 : 1 + _random.NextDouble();
            var picture = Picture(Math.Max(2, 2 * (int)(width * zoom / 2)), Math.Max(2, 2 * (int)(height * zoom / 2)), round);
            foreach (var view in Views())
            {
                var (expected, actual) = (new byte[width * height * 3 / 2], new byte[width * height * 3 / 2]);
                new Resampler(width, height, ScalarKernels.Instance).Render(picture, view, expected);
                new Resampler(width, height, Named(name)).Render(picture, view, actual);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Cross_fades_of_any_length_and_weight_are_those_of_the_specification(string name)
    {
        for (var round = 0; round < 200; round++)
        {
            var length = _random.Next(0, 200);
            byte[] a = Noise(length, round), b = Noise(length, round + 1), expected = new byte[length], actual = new byte[length];
            var weight = round switch { 0 => 0, 1 => 1, 2 => 16_383, 3 => 16_384, _ => _random.Next(16_385) };
            ScalarKernels.Instance.Blend(a, b, weight, expected);
            Named(name).Blend(a, b, weight, actual);
            Assert.Equal(expected, actual);

            // Into one of the two.
            Named(name).Blend(a, b, weight, a);
            Assert.Equal(expected, a);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Rows_are_clamped_where_weights_reach_beyond_black_and_white(string name)
    {
        short[] high = [.. Enumerable.Repeat((short)(255 * 64), 100)], low = new short[100];
        foreach (var weights in new short[][] { [-1024, 9216, 9216, -1024], [16_384, -16_384, 8192, 8192], [0, 16_384, 0, 0] })
        {
            byte[] expected = new byte[100], actual = new byte[100];
            foreach (var (a, b, c, d) in new[] { (low, high, high, low), (high, low, low, high), (low, high, low, high) })
            {
                ScalarKernels.Instance.Down(a, b, c, d, weights, expected);
                Named(name).Down(a, b, c, d, weights, actual);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void A_view_that_leaves_its_canvas_is_refused()
    {
        var resampler = new Resampler(64, 36);
        var picture = Picture(64, 36, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => resampler.Render(picture, new View(0.5, 0, 1), new byte[resampler.FrameBytes]));
        Assert.Throws<ArgumentOutOfRangeException>(() => resampler.Render(picture, new View(0, -0.6, 1), new byte[resampler.FrameBytes]));
        Assert.Throws<ArgumentOutOfRangeException>(() => resampler.Render(picture, new View(0, 0, double.NaN), new byte[resampler.FrameBytes]));
    }

    private static RowKernels Named(string name) => name switch
    {
        nameof(Avx512Kernels) => new Avx512Kernels(),
        nameof(Avx2Kernels) => new Avx2Kernels(),
        _ => new Vector128Kernels(),
    };

    private static byte[] Noise(int length, int seed)
    {
        var samples = new byte[length];
        var random = new Random(seed);
        // Extremes more often than noise has them.
        for (var i = 0; i < length; i++) samples[i] = random.Next(4) switch { 0 => 0, 1 => 255, _ => (byte)random.Next(256) };
        return samples;
    }

    private static PicturePlanes Picture(int width, int height, int seed) => new(
        new Plane(width, height, Noise(width * height, seed)),
        new Plane(width / 2, height / 2, Noise(width * height / 4, seed + 1)),
        new Plane(width / 2, height / 2, Noise(width * height / 4, seed + 2)));

    private int Even(int least, int most) => 2 * _random.Next(least / 2, most / 2 + 1);

    private IEnumerable<View> Views()
    {
        yield return View.Whole;
        foreach (var anchor in new[] { -1, 1 }) yield return View.At(MotionPath.MaxZoom, anchor, -anchor);
        for (var i = 0; i < 4; i++) yield return View.At(1 + 2 * _random.NextDouble(), 2 * _random.NextDouble() - 1, 2 * _random.NextDouble() - 1);
    }
}
