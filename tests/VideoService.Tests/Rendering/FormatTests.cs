using System.Collections.Concurrent;
using System.Globalization;
using FrameVideo.Contracts;
using VideoService.Rendering;
using Xunit.Abstractions;

namespace VideoService.Tests.Rendering;

/// <summary>
/// Every format, ratio, rate and quality, decoded whole and held to its plan: so many pictures, at even times, without a gap, with a key frame at each seam, in the right colours, and each
/// picture the one that was drawn. Whole as a campaign; in the normal run a few that the seed takes. <c>FRAMEVIDEO_SEED</c> repeats them.
/// </summary>
[Trait("Campaign", "formats")]
public sealed class FormatTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1";
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED"), CultureInfo.InvariantCulture, out var given) ? given : IsLong ? Environment.ProcessId : 20_261_126;

    [Fact]
    public async Task Every_format_ratio_rate_and_quality_gives_the_film_of_the_plan()
    {
        var random = new Random(Seed);
        output.WriteLine($"FRAMEVIDEO_SEED={Seed}");
        var all = (from ratio in AspectRatio.All
                   from fps in new[] { 24, 25, 30, 50, 60 }
                   from quality in Enum.GetValues<VideoQuality>()
                   from format in new[] { VideoFormat.Mp4, VideoFormat.WebM }
                   select (Ratio: ratio, Fps: fps, Quality: quality, Format: format, Duration: 0.5 + (random.Next(60) / 100.0), Count: random.Next(1, 6), Transition: random.Next(4) == 0 ? Transition.Cut : Transition.Fade, Part: IsLong ? 1 : 4)).ToList();
        var chosen = IsLong ? all : [.. all.Where(film => film.Quality != VideoQuality.High || film.Format != VideoFormat.WebM).OrderBy(_ => random.Next()).Take(5)];
        var reports = new ConcurrentBag<(VideoFormat Format, string Name, FormatReport Report)>();
        await Parallel.ForEachAsync(chosen, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (one, _) =>
        {
            var settings = TestFilm.Small with
            {
                DurationSeconds = one.Duration,
                Fps = one.Fps,
                Width = one.Ratio.Width / one.Part / 2 * 2,
                Height = one.Ratio.Height / one.Part / 2 * 2,
                Quality = one.Quality,
                Format = one.Format,
                Transition = one.Transition,
            };
            var name = string.Create(CultureInfo.InvariantCulture, $"{one.Format} {settings.Width}x{settings.Height} {one.Fps} {one.Quality} {one.Duration} s {one.Count} {one.Transition}");
            try
            {
                foreach (var (format, report) in await ReadAsync(settings, one.Count)) reports.Add((format, name, report));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"FRAMEVIDEO_SEED={Seed} {name}: {failure.Message}", failure);
            }
        });

        foreach (var format in reports.GroupBy(report => report.Format))
        {
            var worst = format.MinBy(one => one.Report.WorstPsnr);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{format.Key}: {format.Count()} films; times off by {format.Max(one => one.Report.TimeError) * 1000:0.####} ms at most, lengths by {format.Max(one => one.Report.DurationError) * 1000:0.####} ms, first picture {format.Min(one => one.Report.FirstPsnr):0.0} dB, last {format.Min(one => one.Report.LastPsnr):0.0} dB, worst of all {worst.Report.WorstPsnr:0.0} dB ({worst.Name})"));
        }

        Assert.All(reports, one =>
        {
            Assert.InRange(one.Report.TimeError, 0, one.Format == VideoFormat.WebM ? 0.000_501 : 0.000_001);
            Assert.InRange(one.Report.DurationError, 0, 0.001);
            Assert.InRange(one.Report.WorstPsnr, 27, 100);
        });
    }

    [Theory]
    [InlineData(1920, 1080, 60, VideoQuality.High)]
    [InlineData(3840, 2160, 24, VideoQuality.Standard)]
    [InlineData(3840, 2160, 60, VideoQuality.High)]
    [InlineData(2160, 3840, 60, VideoQuality.Draft)]
    [Trait("Depth", "long")]
    public async Task Large_films_have_a_level_that_decoders_can_hold(int width, int height, int fps, VideoQuality quality)
    {
        foreach (var format in new[] { VideoFormat.Mp4, VideoFormat.WebM })
        {
            foreach (var (kind, report) in await ReadAsync(TestFilm.Small with { DurationSeconds = 0.5, Fps = fps, Width = width, Height = height, Quality = quality, Format = format }, 2))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind} {width}x{height} {fps} {quality}: level {report.Level / 10.0:0.0}, {report.WorstPsnr:0.0} dB at worst"));
        }
    }

    /// <summary>Renders a film, and of an MP4 its segments, too.</summary>
    private static async Task<List<(VideoFormat Format, FormatReport Report)>> ReadAsync(FilmSettings settings, int count)
    {
        using var film = new TestFilm(settings, count);
        var plan = await film.PlanAsync();
        var path = await film.RenderAsync(plan, "film");
        using var pictures = film.Pictures(plan);
        var drawn = await TestFilm.DrawAsync(plan, pictures);
        var found = new List<(VideoFormat, FormatReport)> { (settings.Format, await FormatReport.ReadAsync(path, plan, drawn)) };
        if (settings.Format == VideoFormat.Mp4) found.Add((VideoFormat.Hls, await FormatReport.ReadAsync(await SegmentsAsync(film, plan), plan, drawn)));
        foreach (var (_, report) in found.Where(one => one.Item2.Level > 0)) Assert.Equal(H264Level.Of(settings.Width, settings.Height, settings.Fps), report.Level);
        return found;
    }

    /// <summary>What segments have in common, and all of them, one after another, as a player reads them.</summary>
    private static async Task<string> SegmentsAsync(TestFilm film, FilmPlan plan)
    {
        var path = film.PathOf("segments.mp4");
        byte[]? init = null;
        await using var whole = File.Create(path);
        for (var i = 0; i < plan.Pieces.Count; i++)
        {
            var cut = await film.Renderer.SegmentAsync(plan, plan.Pieces[i], film.PathOf($"film-{i}.mp4"), film.PathOf($"segments-{i}"), default);
            var own = await File.ReadAllBytesAsync(cut.InitPath);
            if (init is null) await whole.WriteAsync(init = own);
            Assert.Equal(init, own);
            foreach (var segment in cut.Segments) await whole.WriteAsync(await File.ReadAllBytesAsync(segment.Path));
        }

        return path;
    }
}
