using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>Between R'G'B' of full range and Y'CbCr of limited range, both eight bits, by ITU-R BT.709-6, items 3.2 to 3.4 and 4.6.</summary>
/// <remarks>
/// <code>
/// E'Y = 0.2126 R + 0.7152 G + 0.0722 B        Y  = 16 + 219 E'Y
/// E'B = (B - E'Y) / 1.8556                    Cb = 128 + 224 E'B
/// E'R = (R - E'Y) / 1.5748                    Cr = 128 + 224 E'R
/// </code>
/// Coefficients are these times 65536 / 255. Those of each chroma row add up to nothing, so grey stays without colour.
/// </remarks>
internal static class ColourMatrix
{
    private const int Yr = 11_966, Yg = 40_254, Yb = 4_064;
    private const int Ur = -6_596, Ug = -22_188, Ub = 28_784;
    private const int Vr = 28_784, Vg = -26_145, Vb = -2_639;
    private const int Middle = (128 << 19) + (1 << 18);

    /// <summary>Converts an RGBA canvas with even sides. Alpha is not looked at.</summary>
    public static PicturePlanes ToPlanes(SKBitmap canvas)
    {
        int width = canvas.Width, height = canvas.Height, half = width / 2;
        var luma = new byte[width * height];
        var u = new byte[half * (height / 2)];
        var v = new byte[u.Length];
        // One pixel repeated before the first.
        var upper = new uint[width + 2];
        var lower = new uint[width + 2];
        for (var y = 0; y < height; y += 2)
        {
            Read(y, upper);
            Read(y + 1, lower);
            Luma(upper.AsSpan(2), luma.AsSpan(y * width, width));
            Luma(lower.AsSpan(2), luma.AsSpan((y + 1) * width, width));
            Chroma(upper, lower, u.AsSpan(y / 2 * half, half), v.AsSpan(y / 2 * half, half));
        }
        return new PicturePlanes(new Plane(width, height, luma), new Plane(half, height / 2, u), new Plane(half, height / 2, v));

        void Read(int y, Span<uint> row)
        {
            MemoryMarshal.Cast<byte, uint>(canvas.GetPixelSpan().Slice(y * canvas.RowBytes, width * 4)).CopyTo(row[2..]);
            row[1] = row[2];
        }
    }

    private static void Luma(ReadOnlySpan<uint> pixels, Span<byte> luma)
    {
        const int Offset = (16 << 16) + 32_768;
        var x = 0;
        for (; x + 16 <= luma.Length; x += 16)
        {
            var low = Vector256.Narrow(Levels(Vector256.Create(pixels.Slice(x, 8))), Levels(Vector256.Create(pixels.Slice(x + 8, 8))));
            Vector128.Narrow(low.GetLower(), low.GetUpper()).CopyTo(luma[x..]);
        }
        for (; x < luma.Length; x++) luma[x] = (byte)((Yr * (int)(pixels[x] & 255) + Yg * (int)((pixels[x] >> 8) & 255) + Yb * (int)((pixels[x] >> 16) & 255) + Offset) >> 16);

        static Vector256<uint> Levels(Vector256<uint> rgba)
        {
            var level = Vector256.Create(255u);
            return ((rgba & level) * (uint)Yr + ((rgba >> 8) & level) * (uint)Yg + ((rgba >> 16) & level) * (uint)Yb + Vector256.Create((uint)Offset)) >> 16;
        }
    }

    // A chroma sample stands on an even luma column and midway between two rows: 1-2-1 across, 1-1 down, eight in all. Rows begin two pixels early, so that the pixel before an even one
    // is the upper half of the 64 bits before it.
    private static void Chroma(ReadOnlySpan<uint> upper, ReadOnlySpan<uint> lower, Span<byte> u, Span<byte> v)
    {
        var above = MemoryMarshal.Cast<uint, ulong>(upper);
        var below = MemoryMarshal.Cast<uint, ulong>(lower);
        var x = 0;
        for (; x + 4 <= u.Length; x += 4)
        {
            var before = Vector256.Create(above.Slice(x, 4)) >> 32;
            var (here, before2, here2) = (Vector256.Create(above.Slice(x + 1, 4)), Vector256.Create(below.Slice(x, 4)) >> 32, Vector256.Create(below.Slice(x + 1, 4)));
            var (r, g, b) = (Sum(0), Sum(8), Sum(16));
            var blue = (r * Ur + g * Ug + b * Ub + Vector256.Create(Middle)) >>> 19;
            var red = (r * Vr + g * Vg + b * Vb + Vector256.Create(Middle)) >>> 19;
            for (var i = 0; i < 4; i++) (u[x + i], v[x + i]) = ((byte)blue[2 * i], (byte)red[2 * i]);

            Vector256<int> Sum(int shift) => (Level(before, shift) + Twice(here, shift) + Level(before2, shift) + Twice(here2, shift)).AsInt32();
        }
        for (; x < u.Length; x++)
        {
            int r = 0, g = 0, b = 0;
            foreach (var pixel in (ReadOnlySpan<uint>)[upper[2 * x + 1], upper[2 * x + 2], upper[2 * x + 2], upper[2 * x + 3], lower[2 * x + 1], lower[2 * x + 2], lower[2 * x + 2], lower[2 * x + 3]])
            {
                r += (int)(pixel & 255);
                g += (int)((pixel >> 8) & 255);
                b += (int)((pixel >> 16) & 255);
            }
            (u[x], v[x]) = ((byte)((Ur * r + Ug * g + Ub * b + Middle) >> 19), (byte)((Vr * r + Vg * g + Vb * b + Middle) >> 19));
        }

        static Vector256<ulong> Level(Vector256<ulong> pixels, int shift) => (pixels >> shift) & Vector256.Create(255ul);

        // An even pixel twice, and the odd one after it.
        static Vector256<ulong> Twice(Vector256<ulong> pixels, int shift) => (Level(pixels, shift) << 1) + Level(pixels, 32 + shift);
    }

    /// <summary>Converts one packed I420 frame to an opaque RGBA picture; for posters and for people who look.</summary>
    public static SKBitmap ToBitmap(ReadOnlySpan<byte> frame, int width, int height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque, SKColorSpace.CreateSrgb()));
        var pixels = bitmap.GetPixelSpan();
        int half = width / 2, area = width * height;
        var luma = frame[..area];
        var u = frame.Slice(area, area / 4);
        var v = frame.Slice(area + area / 4, area / 4);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                // Left-sited: odd columns stand midway between two chroma samples.
                var at = y / 2 * half + x / 2;
                var next = y / 2 * half + Math.Min((x + 1) / 2, half - 1);
                var blue = ((u[at] + u[next]) / 2.0 - 128) / 224;
                var red = ((v[at] + v[next]) / 2.0 - 128) / 224;
                var grey = (luma[y * width + x] - 16) / 219.0;
                var to = pixels.Slice(y * bitmap.RowBytes + 4 * x, 4);
                var (r, b) = (grey + 1.5748 * red, grey + 1.8556 * blue);
                to[0] = Level(r);
                to[1] = Level((grey - 0.2126 * r - 0.0722 * b) / 0.7152);
                to[2] = Level(b);
                to[3] = 255;
            }
        }
        return bitmap;
    }

    private static byte Level(double value) => (byte)Math.Clamp(value * 255 + 0.5, 0, 255);
}
