using System.Runtime.InteropServices;
using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>Decoded RGBA pixels as they are to be seen: pixel (x, y) stands at Start + x * StepX + y * StepY, which turns and mirrors without a copy.</summary>
/// <param name="Bitmap">Owns the pixels, as stored.</param>
/// <param name="Width">Upright pixels across.</param>
/// <param name="Height">Upright pixels down.</param>
/// <param name="Start">Where the upright picture's first pixel is stored.</param>
/// <param name="StepX">From one pixel to the next on its right.</param>
/// <param name="StepY">From one pixel to the one below.</param>
internal sealed record UprightPixels(SKBitmap Bitmap, int Width, int Height, int Start, int StepX, int StepY) : IDisposable
{
    /// <summary>Reads stored pixels by the orientation of EXIF 2.32, tag 0x0112, which Skia gives as the origin.</summary>
    public static UprightPixels Of(SKBitmap bitmap, SKEncodedOrigin origin)
    {
        int w = bitmap.Width, h = bitmap.Height, last = w * h - 1;
        return origin switch
        {
            SKEncodedOrigin.TopRight => new(bitmap, w, h, w - 1, -1, w),
            SKEncodedOrigin.BottomRight => new(bitmap, w, h, last, -1, -w),
            SKEncodedOrigin.BottomLeft => new(bitmap, w, h, w * (h - 1), 1, -w),
            SKEncodedOrigin.LeftTop => new(bitmap, h, w, 0, w, 1),
            SKEncodedOrigin.RightTop => new(bitmap, h, w, w * (h - 1), -w, 1),
            SKEncodedOrigin.RightBottom => new(bitmap, h, w, last, -w, -1),
            SKEncodedOrigin.LeftBottom => new(bitmap, h, w, w - 1, w, -1),
            _ => new(bitmap, w, h, 0, 1, w),
        };
    }

    /// <summary>One upright row as red, green and blue, 0 to 255.</summary>
    public void ReadRow(int y, Span<float> rgb)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(Bitmap.GetPixelSpan());
        var at = Start + y * StepY;
        for (var x = 0; x + 2 < rgb.Length; x += 3, at += StepX)
        {
            var pixel = pixels[at];
            rgb[x] = pixel & 255;
            rgb[x + 1] = (pixel >> 8) & 255;
            rgb[x + 2] = (pixel >> 16) & 255;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Bitmap.Dispose();
}

/// <summary>A part of a picture in its own upright pixels.</summary>
internal readonly record struct SourceArea(double Left, double Top, double Width, double Height);

/// <summary>
/// Scales a part of a picture to whole pixels, once for each picture. The Catmull-Rom kernel grows wider as the picture shrinks, so that nothing aliases;
/// at 1:1 it copies exactly. Skia offers no kernel that does this.
/// </summary>
internal static class PictureScaler
{
    /// <summary>Scales <paramref name="area"/> of the source into <paramref name="target"/> of an RGBA canvas.</summary>
    public static void Scale(UprightPixels source, SourceArea area, SKBitmap canvas, SKRectI target, CancellationToken cancellationToken)
    {
        var across = Axis.Create(area.Left, area.Width, target.Width, source.Width);
        var down = Axis.Create(area.Top, area.Height, target.Height, source.Height);
        var sourceRow = new float[3 * source.Width];
        var ring = new float[down.MostTaps][];
        for (var i = 0; i < ring.Length; i++) ring[i] = new float[3 * target.Width];
        var sums = new float[3 * target.Width];

        var pixels = canvas.GetPixelSpan();
        var next = 0;
        for (var y = 0; y < target.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (first, weights) = down.At(y);
            for (next = Math.Max(next, first); next < first + weights.Length; next++)
            {
                source.ReadRow(next, sourceRow);
                Across(sourceRow, across, ring[next % ring.Length]);
            }
            Array.Clear(sums);
            for (var i = 0; i < weights.Length; i++) AddRow(ring[(first + i) % ring.Length], weights[i], sums);
            Write(sums, pixels.Slice((target.Top + y) * canvas.RowBytes + 4 * target.Left, 4 * target.Width));
        }
    }

    private static void Across(ReadOnlySpan<float> from, Axis axis, Span<float> to)
    {
        for (var x = 0; x < axis.Length; x++)
        {
            var (first, weights) = axis.At(x);
            var pixels = from.Slice(3 * first, 3 * weights.Length);
            float r = 0, g = 0, b = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                var weight = weights[i];
                r += pixels[3 * i] * weight;
                g += pixels[3 * i + 1] * weight;
                b += pixels[3 * i + 2] * weight;
            }
            to[3 * x] = r;
            to[3 * x + 1] = g;
            to[3 * x + 2] = b;
        }
    }

    private static void AddRow(ReadOnlySpan<float> row, float weight, Span<float> sums)
    {
        row = row[..sums.Length];
        for (var i = 0; i < sums.Length; i++) sums[i] += row[i] * weight;
    }

    private static void Write(ReadOnlySpan<float> rgb, Span<byte> rgba)
    {
        for (int x = 0, to = 0; to + 3 < rgba.Length; x += 3, to += 4)
        {
            rgba[to] = Level(rgb[x]);
            rgba[to + 1] = Level(rgb[x + 1]);
            rgba[to + 2] = Level(rgb[x + 2]);
            rgba[to + 3] = 255;
        }
    }

    private static byte Level(float value) => (byte)Math.Clamp(value + 0.5f, 0, 255);

    /// <summary>The taps of one axis: for each target pixel the first source pixel and the weights from there on, which add up to one.</summary>
    private sealed class Axis
    {
        private readonly int[] _first;
        private readonly float[][] _weights;

        private Axis(int[] first, float[][] weights) => (_first, _weights) = (first, weights);

        public int Length => _first.Length;

        public int MostTaps => _weights.Max(weights => weights.Length);

        public (int First, float[] Weights) At(int i) => (_first[i], _weights[i]);

        public static Axis Create(double start, double extent, int length, int limit)
        {
            var ratio = extent / length;
            var width = Math.Max(1, ratio);
            var (firsts, weights) = (new int[length], new float[length][]);
            for (var i = 0; i < length; i++)
            {
                var centre = start + (i + 0.5) * ratio - 0.5;
                int from = (int)Math.Floor(centre - 2 * width) + 1, to = (int)Math.Ceiling(centre + 2 * width) - 1;
                int first = Math.Clamp(from, 0, limit - 1), last = Math.Clamp(to, 0, limit - 1);
                var taps = new double[last - first + 1];
                for (var j = from; j <= to; j++) taps[Math.Clamp(j, first, last) - first] += Kernel((j - centre) / width);
                var sum = taps.Sum();
                (firsts[i], weights[i]) = (first, Array.ConvertAll(taps, tap => (float)(tap / sum)));
            }
            return new Axis(firsts, weights);
        }

        // Catmull-Rom as in Resampler, by distance.
        private static double Kernel(double distance)
        {
            var x = Math.Abs(distance);
            if (x < 1) return 1 + x * x * (1.5 * x - 2.5);
            return x < 2 ? 2 + x * (-4 + x * (2.5 - 0.5 * x)) : 0;
        }
    }
}
