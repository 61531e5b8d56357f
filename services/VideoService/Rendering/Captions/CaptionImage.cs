using SkiaSharp;

namespace VideoService.Rendering;

/// <summary>A drawn caption, ready to be laid over film frames: BT.709, limited range, each sample multiplied by its opacity; and how much of the picture shows through.</summary>
internal sealed class CaptionImage
{
    private readonly int _left;
    private readonly int _top;
    private readonly Layer _luma;
    private readonly Layer _u;
    private readonly Layer _v;

    private CaptionImage(int left, int top, Layer luma, Layer u, Layer v) => (_left, _top, _luma, _u, _v) = (left, top, luma, u, v);

    /// <summary>Converts the part of a drawing in which something is; the rest is transparent.</summary>
    /// <param name="drawn">RGBA, premultiplied, of the film's size.</param>
    /// <param name="area">Where it is.</param>
    public static CaptionImage Of(SKBitmap drawn, SKRectI area)
    {
        var (left, top) = (Math.Max(0, area.Left) & ~1, Math.Max(0, area.Top) & ~1);
        var (width, height) = (((Math.Min(drawn.Width, area.Right) - left) + 1) & ~1, ((Math.Min(drawn.Height, area.Bottom) - top) + 1) & ~1);
        (width, height) = (Math.Min(width, drawn.Width - left), Math.Min(height, drawn.Height - top));
        var pixels = drawn.GetPixelSpan();
        var luma = new Layer(width, height);
        var (u, v) = (new Layer(width / 2, height / 2), new Layer(width / 2, height / 2));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (r, g, b, a) = At(pixels, x, y);
                luma.Set(x, y, (16 * a + 219 * (0.2126 * r + 0.7152 * g + 0.0722 * b)) / 255, a);
            }
        }

        for (var y = 0; y < height / 2; y++)
        {
            for (var x = 0; x < width / 2; x++)
            {
                double r = 0, g = 0, b = 0, a = 0;
                foreach (var (dx, dy) in new[] { (0, 0), (1, 0), (0, 1), (1, 1) })
                {
                    var one = At(pixels, 2 * x + dx, 2 * y + dy);
                    (r, g, b, a) = (r + one.R / 4, g + one.G / 4, b + one.B / 4, a + one.A / 4);
                }

                var grey = 0.2126 * r + 0.7152 * g + 0.0722 * b;
                u.Set(x, y, (128 * a + 224 * (b - grey) / 1.8556) / 255, a);
                v.Set(x, y, (128 * a + 224 * (r - grey) / 1.5748) / 255, a);
            }
        }

        return new CaptionImage(left, top, luma, u, v);

        (double R, double G, double B, double A) At(ReadOnlySpan<byte> all, int x, int y)
        {
            var pixel = all.Slice((top + y) * drawn.RowBytes + 4 * (left + x), 4);
            return (pixel[0], pixel[1], pixel[2], pixel[3]);
        }
    }

    /// <summary>Lays it over a packed I420 frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="film">Its size.</param>
    /// <param name="opacity">0-1.</param>
    public void Over(Span<byte> frame, FilmSettings film, double opacity)
    {
        var part = (int)Math.Round(256 * opacity);
        if (part == 0) return;
        var area = film.Width * film.Height;
        _luma.Over(frame[..area], film.Width, _left, _top, part);
        _u.Over(frame.Slice(area, area / 4), film.Width / 2, _left / 2, _top / 2, part);
        _v.Over(frame.Slice(area + area / 4, area / 4), film.Width / 2, _left / 2, _top / 2, part);
    }

    private sealed class Layer(int width, int height)
    {
        private readonly byte[] _samples = new byte[width * height];
        private readonly byte[] _alphas = new byte[width * height];

        public void Set(int x, int y, double sample, double alpha)
        {
            _samples[y * width + x] = (byte)Math.Clamp(sample + 0.5, 0, 255);
            _alphas[y * width + x] = (byte)Math.Clamp(alpha + 0.5, 0, 255);
        }

        public void Over(Span<byte> plane, int stride, int left, int top, int part)
        {
            for (var y = 0; y < height; y++)
            {
                var row = plane.Slice((top + y) * stride + left, width);
                var samples = _samples.AsSpan(y * width, width);
                var alphas = _alphas.AsSpan(y * width, width);
                for (var x = 0; x < row.Length; x++)
                {
                    // In 255ths of 256ths; alpha 0 leaves the sample as it is.
                    var alpha = alphas[x] * part;
                    if (alpha != 0) row[x] = (byte)((row[x] * (65_280 - alpha) + samples[x] * part * 255 + 32_640) / 65_280);
                }
            }
        }
    }
}
