using SkiaSharp;
using VideoService.Rendering;
using VideoService.Rendering.Sampling;

namespace VideoService.Tests.Rendering;

public class ResamplerTests
{
    [Theory]
    [InlineData(0, 0, 1.0)]
    [InlineData(0.03, 0.01, 0.9)]
    [InlineData(0.125, 0.13, 0.87)]
    [InlineData(0, 0.1304, 0.8696)]
    public void Every_sample_is_the_one_of_the_formula_to_within_a_level(double left, double top, double size)
    {
        var planes = new PicturePlanes(Noise(184, 104, 1), Noise(92, 52, 2), Noise(92, 52, 3));
        var view = new View(left, top, size);
        var frame = new byte[160 * 90 * 3 / 2];
        new Resampler(160, 90).Render(planes, view, frame);

        double x0 = left * 184, y0 = top * 104, stepX = size * 184 / 160, stepY = size * 104 / 90;
        AssertPlane(planes.Y, frame.AsSpan(0, 14_400), 160, i => x0 + (i + 0.5) * stepX - 0.5, j => y0 + (j + 0.5) * stepY - 0.5);
        AssertPlane(planes.U, frame.AsSpan(14_400, 3_600), 80, i => (x0 + (2 * i + 0.5) * stepX - 0.5) / 2, j => (y0 + (2 * j + 1) * stepY - 1) / 2);
        AssertPlane(planes.V, frame.AsSpan(18_000, 3_600), 80, i => (x0 + (2 * i + 0.5) * stepX - 0.5) / 2, j => (y0 + (2 * j + 1) * stepY - 1) / 2);
    }

    [Fact]
    public void A_canvas_of_the_films_size_seen_whole_is_copied()
    {
        var planes = new PicturePlanes(Noise(64, 36, 1), Noise(32, 18, 2), Noise(32, 18, 3));
        var frame = new byte[64 * 36 * 3 / 2];
        new Resampler(64, 36).Render(planes, View.Whole, frame);
        for (var y = 0; y < 36; y++) Assert.True(planes.Y.PaddedRow(y).Slice(Plane.Pad, 64).SequenceEqual(frame.AsSpan(64 * y, 64)));
        for (var y = 0; y < 18; y++) Assert.True(planes.V.PaddedRow(y).Slice(Plane.Pad, 32).SequenceEqual(frame.AsSpan(64 * 36 * 5 / 4 + 32 * y, 32)));
    }

    [Fact]
    public void A_cross_fade_is_linear_and_ends_at_both_pictures()
    {
        byte[] a = [0, 16, 100, 255], b = [255, 235, 50, 0], to = new byte[4];
        Resampler.Blend(a, b, 0, to);
        Assert.Equal(a, to);
        Resampler.Blend(a, b, 1, to);
        Assert.Equal(b, to);
        Resampler.Blend(a, b, 0.25, to);
        Assert.Equal([64, 71, 88, 191], to);
    }

    [Theory]
    [InlineData(255, 255, 255, 235, 128, 128)]
    [InlineData(0, 0, 0, 16, 128, 128)]
    [InlineData(255, 0, 0, 63, 102, 240)]
    [InlineData(0, 255, 0, 173, 42, 26)]
    [InlineData(0, 0, 255, 32, 240, 118)]
    [InlineData(128, 128, 128, 126, 128, 128)]
    public void Colours_are_those_of_BT709_in_limited_range(byte r, byte g, byte b, int y, int u, int v)
    {
        using var canvas = new SKBitmap(new SKImageInfo(8, 4, SKColorType.Rgba8888, SKAlphaType.Opaque));
        canvas.Erase(new SKColor(r, g, b));
        var planes = ColourMatrix.ToPlanes(canvas);
        Assert.Equal((y, u, v), (planes.Y.PaddedRow(1)[Plane.Pad], planes.U.PaddedRow(1)[Plane.Pad], planes.V.PaddedRow(1)[Plane.Pad]));

        var frame = new byte[48];
        new Resampler(8, 4).Render(planes, View.Whole, frame);
        using var back = ColourMatrix.ToBitmap(frame, 8, 4);
        Assert.InRange(back.GetPixel(3, 2).Red - r, -3, 3);
        Assert.InRange(back.GetPixel(3, 2).Green - g, -3, 3);
        Assert.InRange(back.GetPixel(3, 2).Blue - b, -3, 3);
    }

    [Fact]
    public void Chroma_stands_on_even_columns_between_two_rows()
    {
        // A ramp across: the chroma sample of column 2x has the colour of that column, not of the middle between two.
        using var canvas = new SKBitmap(new SKImageInfo(32, 4, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var x = 0; x < 32; x++)
            for (var y = 0; y < 4; y++) canvas.SetPixel(x, y, new SKColor(0, 0, (byte)(8 * x)));
        var planes = ColourMatrix.ToPlanes(canvas);
        for (var x = 1; x < 15; x++) Assert.Equal(128 + 0.4392 * 16 * x, planes.U.PaddedRow(0)[Plane.Pad + x], 0.51);
    }

    private static Plane Noise(int width, int height, int seed)
    {
        var samples = new byte[width * height];
        new Random(seed).NextBytes(samples);
        return new Plane(width, height, samples);
    }

    private static void AssertPlane(Plane plane, ReadOnlySpan<byte> film, int width, Func<int, double> across, Func<int, double> down)
    {
        for (var i = 0; i < film.Length; i++)
        {
            double x = across(i % width), y = down(i / width), sum = 0;
            for (var row = (int)Math.Floor(y) - 1; row <= (int)Math.Floor(y) + 2; row++)
            {
                for (var column = (int)Math.Floor(x) - 1; column <= (int)Math.Floor(x) + 2; column++)
                {
                    var sample = plane.PaddedRow(Math.Clamp(row, 0, plane.Height - 1))[Plane.Pad + Math.Clamp(column, 0, plane.Width - 1)];
                    sum += sample * CatmullRom(x - column) * CatmullRom(y - row);
                }
            }
            Assert.InRange(film[i] - Math.Clamp(sum, 0, 255), -0.6, 0.6);
        }
    }

    private static double CatmullRom(double distance)
    {
        var x = Math.Abs(distance);
        return x < 1 ? 1 - 2.5 * x * x + 1.5 * x * x * x : x < 2 ? 2 - 4 * x + 2.5 * x * x - 0.5 * x * x * x : 0;
    }
}
