using SkiaSharp;

namespace FrameVideo.Benchmarks.Films;

/// <summary>Pictures that are as hard to encode as photographs: detail of every size, less contrast the finer it is.</summary>
internal static class Scenery
{
    public static byte[] Picture(int width, int height, int number)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var levels = new float[3 * width * height];
        var random = new Random(number);
        for (var cell = height / 2; cell >= 2; cell /= 2) AddNoise(levels, width, height, cell, cell / (height / 2f), random);
        var pixels = bitmap.GetPixelSpan();
        for (var i = 0; i < width * height; i++)
        {
            for (var c = 0; c < 3; c++) pixels[4 * i + c] = (byte)Math.Clamp(128 + 110 * levels[3 * i + c], 0, 255);
            pixels[4 * i + 3] = 255;
        }
        using (var canvas = new SKCanvas(bitmap))
        {
            using var paint = new SKPaint { IsAntialias = true };
            for (var i = 0; i < 25; i++)
            {
                paint.Color = SKColor.FromHsl(random.Next(360), 60, 30 + random.Next(50), (byte)(80 + random.Next(150)));
                var (x, y, size) = (random.Next(width), random.Next(height), height / 40f + random.Next(height / 8));
                if (i % 2 == 0) canvas.DrawCircle(x, y, size, paint);
                else canvas.DrawRect(x, y, 2 * size, size, paint);
            }
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A light disc on a dark ground; its middle in fractions of the picture.</summary>
    public static byte[] Disc(int width, int height, double x, double y)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(new SKColor(20, 20, 20));
            using var paint = new SKPaint { Color = new SKColor(230, 230, 230), IsAntialias = true };
            canvas.DrawCircle((float)(x * width), (float)(y * height), width / 25f, paint);
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    // Random levels at the corners of cells, and straight lines between them; the three colours have most in common.
    private static void AddNoise(float[] levels, int width, int height, int cell, float strength, Random random)
    {
        int across = width / cell + 2, down = height / cell + 2;
        var corners = new float[across * down * 3];
        for (var i = 0; i < corners.Length; i += 3)
        {
            var grey = random.NextSingle() * 2 - 1;
            for (var c = 0; c < 3; c++) corners[i + c] = strength * (0.7f * grey + 0.3f * (random.NextSingle() * 2 - 1));
        }
        for (var y = 0; y < height; y++)
        {
            var (row, v) = (y / cell, y % cell / (float)cell);
            for (var x = 0; x < width; x++)
            {
                var (column, u) = (x / cell, x % cell / (float)cell);
                var at = 3 * (row * across + column);
                for (var c = 0; c < 3; c++)
                {
                    var upper = corners[at + c] + u * (corners[at + 3 + c] - corners[at + c]);
                    var lower = corners[at + 3 * across + c] + u * (corners[at + 3 * across + 3 + c] - corners[at + 3 * across + c]);
                    levels[3 * (y * width + x) + c] += upper + v * (lower - upper);
                }
            }
        }
    }
}
