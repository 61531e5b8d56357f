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

    /// <summary>Converts an RGBA canvas with even sides. Alpha is not looked at.</summary>
    public static PicturePlanes ToPlanes(SKBitmap canvas)
    {
        int width = canvas.Width, height = canvas.Height, half = width / 2;
        var pixels = canvas.GetPixelSpan();
        var luma = new byte[width * height];
        var u = new byte[half * (height / 2)];
        var v = new byte[u.Length];

        for (var y = 0; y < height; y++)
        {
            var row = pixels.Slice(y * canvas.RowBytes, width * 4);
            var to = luma.AsSpan(y * width, width);
            for (var x = 0; x < to.Length; x++)
            {
                var pixel = row.Slice(4 * x, 4);
                to[x] = (byte)((Yr * pixel[0] + Yg * pixel[1] + Yb * pixel[2] + (16 << 16) + 32_768) >> 16);
            }
        }
        for (var y = 0; y < height / 2; y++)
        {
            var upper = pixels.Slice(2 * y * canvas.RowBytes, width * 4);
            var lower = pixels.Slice((2 * y + 1) * canvas.RowBytes, width * 4);
            for (var x = 0; x < half; x++) (u[y * half + x], v[y * half + x]) = Chroma(upper, lower, x);
        }
        return new PicturePlanes(new Plane(width, height, luma), new Plane(half, height / 2, u), new Plane(half, height / 2, v));
    }

    // A chroma sample stands on an even luma column and midway between two rows: 1-2-1 across, 1-1 down, eight in all.
    private static (byte U, byte V) Chroma(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int x)
    {
        var here = 8 * x;
        var before = Math.Max(here - 4, 0);
        int r = 0, g = 0, b = 0;
        Add(upper);
        Add(lower);
        const int Middle = (128 << 19) + (1 << 18);
        return ((byte)((Ur * r + Ug * g + Ub * b + Middle) >> 19), (byte)((Vr * r + Vg * g + Vb * b + Middle) >> 19));

        void Add(ReadOnlySpan<byte> row)
        {
            r += row[before] + 2 * row[here] + row[here + 4];
            g += row[before + 1] + 2 * row[here + 1] + row[here + 5];
            b += row[before + 2] + 2 * row[here + 2] + row[here + 6];
        }
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
