using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>One upright row, four levels of 0 to 255 for each pixel: red, green, blue and alpha.</summary>
    public void ReadRow(int y, Span<Vector4> row)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(Bitmap.GetPixelSpan());
        var at = Start + y * StepY;
        for (var x = 0; x < row.Length; x++, at += StepX) row[x] = LevelsOf(pixels[at]);
    }

    /// <summary>A part of an upright row, made opaque.</summary>
    public void CopyRow(int x, int y, Span<uint> row)
    {
        var pixels = MemoryMarshal.Cast<byte, uint>(Bitmap.GetPixelSpan());
        var at = Start + y * StepY + x * StepX;
        for (var i = 0; i < row.Length; i++, at += StepX) row[i] = pixels[at] | 0xFF000000;
    }

    /// <inheritdoc/>
    public void Dispose() => Bitmap.Dispose();

    private static Vector4 LevelsOf(uint pixel) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(pixel).AsByte())).AsInt32()).AsVector4();
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
        Span<uint> RowOf(int y) => MemoryMarshal.Cast<byte, uint>(canvas.GetPixelSpan().Slice((target.Top + y) * canvas.RowBytes + 4 * target.Left, 4 * target.Width));
        if (across.IsCopy && down.IsCopy)
        {
            for (var y = 0; y < target.Height; y++) source.CopyRow(across.First(0), down.First(y), RowOf(y));
            return;
        }

        var sourceRow = new Vector4[source.Width];
        var ring = new Vector4[down.MostTaps][];
        for (var i = 0; i < ring.Length; i++) ring[i] = new Vector4[target.Width];
        var sums = new Vector4[target.Width];
        var next = 0;
        for (var y = 0; y < target.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var first = down.First(y);
            var weights = down.Weights(y);
            for (next = Math.Max(next, first); next < first + weights.Length; next++)
            {
                source.ReadRow(next, sourceRow);
                Across(sourceRow, across, ring[next % ring.Length]);
            }
            Array.Clear(sums);
            for (var i = 0; i < weights.Length; i++) AddRow(ring[(first + i) % ring.Length], weights[i], sums);
            Write(sums, RowOf(y));
        }
    }

    private static void Across(ReadOnlySpan<Vector4> from, Axis axis, Span<Vector4> to)
    {
        for (var x = 0; x < to.Length; x++)
        {
            var weights = axis.Weights(x);
            var pixels = from.Slice(axis.First(x), weights.Length);
            var sum = Vector4.Zero;
            for (var i = 0; i < weights.Length; i++) sum += pixels[i] * weights[i];
            to[x] = sum;
        }
    }

    private static void AddRow(ReadOnlySpan<Vector4> row, float weight, Span<Vector4> sums)
    {
        row = row[..sums.Length];
        for (var i = 0; i < sums.Length; i++) sums[i] += row[i] * weight;
    }

    private static void Write(ReadOnlySpan<Vector4> levels, Span<uint> rgba)
    {
        var (half, most) = (new Vector4(0.5f), new Vector4(255));
        for (var x = 0; x < rgba.Length; x++)
        {
            var whole = Vector128.ConvertToInt32(Vector4.Clamp(levels[x] + half, Vector4.Zero, most).AsVector128());
            rgba[x] = Vector128.Narrow(Vector128.Narrow(whole, whole), Vector128<short>.Zero).AsUInt32().ToScalar() | 0xFF000000;
        }
    }

    /// <summary>The taps of one axis: for each target pixel the first source pixel and the weights from there on, which add up to one.</summary>
    private sealed class Axis
    {
        private readonly int[] _first;
        private readonly float[][] _weights;

        private Axis(int[] first, float[][] weights)
        {
            (_first, _weights) = (first, weights);
            IsCopy = Enumerable.Range(0, first.Length).All(i => weights[i] is [1] && first[i] == first[0] + i);
        }

        /// <summary>Whether each target pixel is one source pixel, and neighbours are neighbours.</summary>
        public bool IsCopy { get; }

        public int MostTaps => _weights.Max(weights => weights.Length);

        public int First(int i) => _first[i];

        public ReadOnlySpan<float> Weights(int i) => _weights[i];

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
                // At whole distances the kernel is nought.
                int leading = Array.FindIndex(taps, tap => tap != 0), trailing = Array.FindLastIndex(taps, tap => tap != 0);
                (firsts[i], weights[i]) = (first + leading, Array.ConvertAll(taps[leading..(trailing + 1)], tap => (float)(tap / sum)));
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
