using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Rendering;
using VideoService.Rendering.Sampling;

namespace VideoService.Tests.Rendering;

public class PictureCanvasTests
{
    private static readonly FilmSettings Small = new() { DurationSeconds = 5, Fps = 25, Width = 320, Height = 180, Seed = 3 };
    private static readonly Fit[] Fits = [Fit.Cover, Fit.Contain, Fit.Pad];

    [Fact]
    public void A_layout_stays_within_picture_and_canvas_at_every_size()
    {
        int[] sides = [1, 2, 3, 179, 180, 181, 320, 333, 368, 369, 5000, 100_000_000];
        FocusPoint?[] foci = [null, new() { X = 0, Y = 1 }, new() { X = 0.3, Y = 0.6 }];
        foreach (var (width, height) in from w in sides from h in sides select (w, h))
        {
            foreach (var (fit, motion, focus) in from f in Fits from m in Enum.GetValues<Motion>() from p in foci select (f, m, p))
            {
                var shot = ShotOf(width, height, fit, motion, focus);
                var layout = CanvasLayout.For(width, height, shot, Small);
                Assert.InRange(layout.Width, 320, 320 * shot.Path.Zoom);
                Assert.InRange(layout.Height, 180, 180 * shot.Path.Zoom);
                Assert.True(layout.Width % 2 == 0 && layout.Height % 2 == 0);
                Assert.True(SKRectI.Create(layout.Width, layout.Height).Contains(layout.Target) && layout.Target.Width > 0 && layout.Target.Height > 0);
                Assert.True(layout.Area is { Left: >= 0, Top: >= 0, Width: > 0, Height: > 0 });
                Assert.True(layout.Area.Left + layout.Area.Width <= width * (1 + 1e-12) && layout.Area.Top + layout.Area.Height <= height * (1 + 1e-12));
                if (fit == Fit.Cover) Assert.Equal((layout.Width, layout.Height), (layout.Target.Width, layout.Target.Height));
            }
        }
    }

    [Theory]
    [InlineData(340, 190, Fit.Cover)]
    [InlineData(320, 180, Fit.Cover)]
    [InlineData(100, 176, Fit.Contain)]
    public void A_picture_about_as_fine_as_the_film_is_taken_pixel_by_pixel(int width, int height, Fit fit)
    {
        var layout = CanvasLayout.For(width, height, ShotOf(width, height, fit, Motion.KenBurns, new() { X = 0.7, Y = 0.2 }), Small);
        Assert.Equal((layout.Area.Width, layout.Area.Height), (layout.Target.Width, layout.Target.Height));
        Assert.True(double.IsInteger(layout.Area.Left) && double.IsInteger(layout.Area.Top));
    }

    [Theory]
    [InlineData(640, 180, 0.1, 0.5)]
    [InlineData(640, 180, 0.9, 0.5)]
    [InlineData(320, 900, 0.5, 0.98)]
    [InlineData(330, 900, 0.5, 0.3)]
    public void A_crop_keeps_the_focus_in_view(int width, int height, double x, double y)
    {
        foreach (var motion in new[] { Motion.KenBurns, Motion.ZoomIn, Motion.ZoomOut, Motion.None })
        {
            // A white picture with a black spot.
            var picture = TestPictures.Draw(width, height, canvas =>
            {
                canvas.Clear(SKColors.White);
                using var paint = new SKPaint { Color = SKColors.Black };
                canvas.DrawRect((float)(x * width) - 3, (float)(y * height) - 3, 6, 6, paint);
            });
            var frame = new FrameSettings { Number = 1, Focus = new() { X = x, Y = y } };
            var (plan, planes) = TestPictures.Compose(picture, Small with { Fit = Fit.Cover, Motion = motion }, frame);
            foreach (var seen in Frames(plan, planes)) Assert.True(seen.AsSpan(0, 320 * 180).ToArray().Min() < 60);
        }
    }

    [Theory]
    [InlineData(320, 180)]
    [InlineData(331, 187)]
    [InlineData(1001, 563)]
    [InlineData(77, 91)]
    [InlineData(1, 1)]
    [InlineData(180, 320)]
    [InlineData(900, 250)]
    public void No_film_frame_shows_an_edge(int width, int height)
    {
        foreach (var fit in new Fit?[] { null, Fit.Cover, Fit.Contain })
        {
            var film = Small with { Fit = fit };
            var (plan, planes) = TestPictures.Compose(TestPictures.Flat(width, height, SKColors.White), film);

            // White everywhere; or the ground's half white, 125, which the kernel makes a little darker beside the picture.
            var least = plan.Shots[0].Fit == Fit.Cover ? 235 : 116;
            foreach (var frame in Frames(plan, planes)) Assert.InRange(frame.AsSpan(0, 320 * 180).ToArray().Min(), least, 235);
        }
    }

    [Theory]
    [InlineData(100, 300, Fit.Contain)]
    [InlineData(640, 180, Fit.Contain)]
    [InlineData(90, 160, Fit.Pad)]
    [InlineData(1000, 1000, Fit.Pad)]
    public void A_contained_picture_is_seen_whole_at_every_moment(int width, int height, Fit fit)
    {
        // A black picture within a white border of a twentieth, so that its corners can be found.
        var picture = TestPictures.Draw(width, height, canvas =>
        {
            canvas.Clear(SKColors.White);
            var border = Math.Max(width, height) / 20f;
            using var paint = new SKPaint { Color = SKColors.Black };
            canvas.DrawRect(border, border, width - 2 * border, height - 2 * border, paint);
        });
        var (plan, planes) = TestPictures.Compose(picture, Small with { Fit = fit });
        foreach (var frame in Frames(plan, planes))
        {
            var rows = Enumerable.Range(0, 180).Where(y => frame.AsSpan(320 * y, 320).ToArray().Count(level => level > 200) > 8).ToList();
            var columns = Enumerable.Range(0, 320).Where(x => Enumerable.Range(0, 180).Count(y => frame[320 * y + x] > 200) > 8).ToList();
            Assert.Equal((double)width / height, (columns[^1] - columns[0] + 1.0) / (rows[^1] - rows[0] + 1), 0.04 * width / height);
        }
    }

    [Fact]
    public void A_padded_picture_stands_over_black_and_a_contained_one_over_its_own_darker_colours()
    {
        var blue = TestPictures.Flat(90, 180, new SKColor(0, 0, 240));
        var pad = Frames(TestPictures.Compose(blue, Small with { Fit = Fit.Pad })).First();
        Assert.Equal((16, 128), (pad[90 * 320 + 4], pad[320 * 180 + 45 * 160 + 4]));
        var contain = Frames(TestPictures.Compose(blue, Small with { Fit = Fit.Contain })).First();
        Assert.Equal(24, contain[90 * 320 + 4], 1.0);
        Assert.Equal(181, contain[320 * 180 + 45 * 160 + 4], 2.0);
    }

    [Fact]
    public void The_films_colours_are_the_pictures()
    {
        var picture = TestPictures.Scene(1600, 900, 4);
        using var source = SKBitmap.Decode(picture);
        var (_, planes) = TestPictures.Compose(picture, Small with { Motion = Motion.None });
        var frame = new byte[320 * 180 * 3 / 2];
        new Resampler(320, 180).Render(planes, View.Whole, frame);
        using var seen = ColourMatrix.ToBitmap(frame, 320, 180);
        var (r, g, b) = Average(source);
        var (red, green, blue) = Average(seen);
        Assert.Equal(r, red, 0.5);
        Assert.Equal(g, green, 0.5);
        Assert.Equal(b, blue, 0.5);
    }

    [Fact]
    public void Detail_too_fine_for_the_film_becomes_grey_instead_of_a_pattern()
    {
        var picture = TestPictures.Draw(1920, 1080, canvas =>
        {
            canvas.Clear(SKColors.White);
            using var paint = new SKPaint { Color = SKColors.Black };
            for (var x = 0; x < 1920; x += 2) canvas.DrawRect(x, 0, 1, 1080, paint);
        });
        var (plan, planes) = TestPictures.Compose(picture, Small);
        var luma = Frames(plan, planes).First().AsSpan(320 * 20, 320 * 100).ToArray();
        Assert.InRange(luma.Max() - luma.Min(), 0, 6);
    }

    private static Shot ShotOf(int width, int height, Fit fit, Motion motion, FocusPoint? focus)
    {
        var frame = new FilmFrame(1, new string('a', 64), width, height) { Look = new FrameSettings { Number = 1, Motion = motion, Focus = focus } };
        return FilmPlan.Create(Small with { Fit = fit }, [frame], "").Shots[0];
    }

    private static IEnumerable<byte[]> Frames((FilmPlan Plan, PicturePlanes Planes) film) => Frames(film.Plan, film.Planes);

    // Twice a second, and the first and the last.
    private static IEnumerable<byte[]> Frames(FilmPlan plan, PicturePlanes planes)
    {
        var frames = new PieceFrames(plan.Settings, plan.Pieces[0], [planes]);
        for (var i = 0; i < plan.FrameCount; i += 12) yield return frames.Render(i).ToArray();
        yield return frames.Render(plan.FrameCount - 1).ToArray();
    }

    private static (double R, double G, double B) Average(SKBitmap bitmap)
    {
        var pixels = bitmap.Pixels;
        return (pixels.Average(p => p.Red), pixels.Average(p => p.Green), pixels.Average(p => p.Blue));
    }
}
