using SkiaSharp;
using VideoService.Rendering;
using Xunit.Abstractions;

namespace VideoService.Tests.Rendering;

/// <summary>Jitter is what people complain of: a disc has to go from frame to frame as far as the camera's path says.</summary>
public class SmoothnessTests(ITestOutputHelper output)
{
    private const int Width = 640, Height = 360, Window = 45, Ground = 33;

    // The widths of the picture that the disc is drawn on: finer than the film, as fine, and coarser.
    [Theory]
    [InlineData(1, 1600)]
    [InlineData(2, 1600)]
    [InlineData(3, 640)]
    [InlineData(4, 640)]
    [InlineData(5, 400)]
    public void A_disc_follows_the_path_of_the_camera(int number, int width)
    {
        var height = width * 9 / 16;
        const double X = 0.47, Y = 0.55;
        var picture = TestPictures.Draw(width, height, canvas =>
        {
            canvas.Clear(new SKColor(20, 20, 20));
            using var paint = new SKPaint { Color = new SKColor(230, 230, 230), IsAntialias = true };
            canvas.DrawCircle((float)(X * width), (float)(Y * height), width / 25f, paint);
        });
        var film = FilmPlanTests.Film(5, 30) with { Width = Width, Height = Height, Seed = number };
        var (plan, planes) = TestPictures.Compose(picture, film);
        var frames = new PieceFrames(film, plan.Pieces[0], [planes]);

        var errors = new List<double>();
        (double X, double Y)? before = null;
        for (var i = 0; i < plan.FrameCount; i++)
        {
            var view = plan.Shots[0].ViewAt(i);
            var ideal = (X: (X - view.Left) / view.Size * Width, Y: (Y - view.Top) / view.Size * Height);
            var (x, y) = Middle(frames.Render(i).Span, ideal.X, ideal.Y);
            var error = (X: x - ideal.X, Y: y - ideal.Y);
            if (before is { } last) errors.AddRange([error.X - last.X, error.Y - last.Y]);
            before = error;
        }
        var rms = Math.Sqrt(errors.Average(error => error * error));
        var most = errors.Max(Math.Abs);
        output.WriteLine($"step error {rms:F4} px rms, {most:F4} px at most");
        Assert.True(rms <= 0.01 && most <= 0.03, $"step error {rms:F4} px rms, {most:F4} px at most");
    }

    // Weighted by what differs from the ground, in a window that holds the whole disc.
    private static (double X, double Y) Middle(ReadOnlySpan<byte> luma, double x, double y)
    {
        int left = (int)x - Window, top = (int)y - Window;
        double sum = 0, sumX = 0, sumY = 0;
        for (var row = top; row < top + 2 * Window; row++)
        {
            for (var column = left; column < left + 2 * Window; column++)
            {
                double level = luma[Width * row + column] - Ground;
                sum += level;
                sumX += level * (column + 0.5);
                sumY += level * (row + 0.5);
            }
        }
        return (sumX / sum, sumY / sum);
    }
}
