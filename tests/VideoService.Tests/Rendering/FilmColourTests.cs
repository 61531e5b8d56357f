using FrameVideo.Contracts;
using SkiaSharp;

namespace VideoService.Tests.Rendering;

/// <summary>Colours as they come out of the finished film, turned back by ffmpeg's own conversion of BT.709.</summary>
public sealed class FilmColourTests
{
    private static readonly SKColor[] Patches =
    [
        new(255, 255, 255), new(0, 0, 0), new(128, 128, 128), new(64, 64, 64), new(192, 192, 192), new(16, 16, 16), new(240, 240, 240), new(235, 16, 16),
        new(255, 0, 0), new(0, 255, 0), new(0, 0, 255), new(255, 255, 0), new(0, 255, 255), new(255, 0, 255), new(200, 120, 60), new(60, 120, 200),
    ];

    [Fact]
    public async Task Primaries_and_greys_are_within_three_levels_of_the_picture()
    {
        var picture = TestPictures.Draw(320, 320, canvas =>
        {
            using var paint = new SKPaint();
            foreach (var (i, colour) in Patches.Index())
            {
                paint.Color = colour;
                canvas.DrawRect(80 * (i % 4), 80 * (i / 4), 80, 80, paint);
            }
        });
        var settings = TestFilm.Small with { DurationSeconds = 1, Width = 320, Height = 320, Motion = Motion.None, Quality = VideoQuality.High };
        using var film = new TestFilm(settings, 1, pictures: [picture]);
        var path = await film.RenderAsync(await film.PlanAsync(), "film");
        var (rgb, errors) = await TestFilm.RunAsync(
            "ffmpeg", "-v", "error", "-i", path, "-frames:v", "1", "-vf", "scale=in_color_matrix=bt709:in_range=tv:out_range=pc:flags=accurate_rnd+full_chroma_int", "-pix_fmt", "rgb24", "-f", "rawvideo", "-");
        Assert.Empty(errors);
        foreach (var (i, colour) in Patches.Index())
        {
            var at = 3 * (320 * (80 * (i / 4) + 40) + 80 * (i % 4) + 40);
            foreach (var (seen, meant) in new[] { (rgb[at], colour.Red), (rgb[at + 1], colour.Green), (rgb[at + 2], colour.Blue) }) Assert.True(Math.Abs(seen - meant) <= 3, $"{colour}: {rgb[at]}, {rgb[at + 1]}, {rgb[at + 2]}");
        }
    }
}
