using SkiaSharp;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

public class ColourMatrixTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(64)]
    [InlineData(150)]
    public void Every_sample_is_that_of_the_formula(int width)
    {
        const int Height = 6;
        var random = new Random(width);
        using var canvas = new SKBitmap(new SKImageInfo(width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        random.NextBytes(canvas.GetPixelSpan());
        for (var x = 0; x < width; x++) for (var c = 0; c < 3; c++) canvas.GetPixelSpan()[4 * x + c] = (byte)(x % 2 == 0 ? 255 : 0);
        var planes = ColourMatrix.ToPlanes(canvas);
        double Level(int x, int y, int c) => canvas.GetPixelSpan()[y * canvas.RowBytes + 4 * Math.Max(x, 0) + c] / 255.0;
        double Grey(double r, double g, double b) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < width; x++) Assert.Equal(16 + 219 * Grey(Level(x, y, 0), Level(x, y, 1), Level(x, y, 2)), planes.Y.PaddedRow(y)[Plane.Pad + x], 0.51);
        }
        for (var y = 0; y < Height / 2; y++)
        {
            for (var x = 0; x < width / 2; x++)
            {
                double Mean(int c) => Enumerable.Range(2 * y, 2).Average(row => (Level(2 * x - 1, row, c) + 2 * Level(2 * x, row, c) + Level(2 * x + 1, row, c)) / 4);
                var (r, g, b) = (Mean(0), Mean(1), Mean(2));
                Assert.Equal(128 + 224 * (b - Grey(r, g, b)) / 1.8556, planes.U.PaddedRow(y)[Plane.Pad + x], 0.51);
                Assert.Equal(128 + 224 * (r - Grey(r, g, b)) / 1.5748, planes.V.PaddedRow(y)[Plane.Pad + x], 0.51);
            }
        }
    }
}
