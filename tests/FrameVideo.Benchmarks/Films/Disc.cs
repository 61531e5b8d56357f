using VideoService.Rendering;

namespace FrameVideo.Benchmarks.Films;

/// <summary>How evenly a disc moves: by how much each of its steps from frame to frame differs from the step of the camera's path, in pixels.</summary>
internal readonly record struct Disc(double Rms, double Most)
{
    public const double X = 0.47, Y = 0.55;

    private const int Window = 80;

    public static Disc Of(Shot shot, int width, int height, Func<int, ReadOnlySpan<byte>> luma)
    {
        var errors = new List<double>();
        (double X, double Y)? before = null;
        for (var i = 0; i < shot.FrameCount; i++)
        {
            var view = shot.ViewAt(i);
            var ideal = (X: (X - view.Left) / view.Size * width, Y: (Y - view.Top) / view.Size * height);
            var (x, y) = Middle(luma(i), width, ideal.X, ideal.Y);
            var error = (X: x - ideal.X, Y: y - ideal.Y);
            if (before is { } last) errors.AddRange([error.X - last.X, error.Y - last.Y]);
            before = error;
        }
        return new Disc(Math.Sqrt(errors.Average(error => error * error)), errors.Max(Math.Abs));
    }

    // Weighted by what differs from the ground, in a window that holds the whole disc.
    private static (double X, double Y) Middle(ReadOnlySpan<byte> luma, int width, double x, double y)
    {
        int left = (int)x - Window, top = (int)y - Window;
        double sum = 0, sumX = 0, sumY = 0;
        int ground = luma[0];
        for (var row = top; row < top + 2 * Window; row++)
        {
            for (var column = left; column < left + 2 * Window; column++)
            {
                double level = luma[width * row + column] - ground;
                sum += level;
                sumX += level * (column + 0.5);
                sumY += level * (row + 0.5);
            }
        }
        return (sumX / sum, sumY / sum);
    }
}
