using System.Globalization;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using SkiaSharp;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>What a render holds in memory does not grow with its film; and a service and its encoders do with 512 MiB together, which the kernel sees to where it lets us ask for that.</summary>
public sealed class LongFilmCampaign(ITestOutputHelper output)
{
    private const long Most = 512L << 20;

    [ServerFact]
    [Trait("Campaign", "long-film")]
    [Trait("Depth", "long")]
    public async Task A_film_of_a_thousand_frames_takes_hardly_more_memory_than_one_of_ten()
    {
        var few = await PeakAsync(10);
        var many = await PeakAsync(1000);
        output.WriteLine($"10 frames: {few}");
        output.WriteLine($"1,000 frames: {many}");
        Assert.InRange(many.Service, 1, Most);
        // Rows, log lines and the heap's habits, but no pictures.
        Assert.InRange(many.Service, 1, few.Service + (128L << 20));
        Assert.InRange(many.Encoder, 1, few.Encoder * 2);
    }

    /// <summary>The largest resident sets, bytes, of VideoService and of any encoder, over one film of 1080p, half a second for each frame.</summary>
    private static async Task<Peaks> PeakAsync(int count)
    {
        using var group = MemoryGroup.TryCreate(Most);
        await using var pair = await Pair.StartAsync(videosIn: group);
        using var frames = pair.FrameClient();
        using var videos = pair.VideoClient();
        var id = RequestId.New(TimeProvider.System);
        for (var number = 1; number <= count; number++) await frames.PutPictureAsync(id, number, Picture(number)).ReadAsync<Frame>();
        var video = await videos.PostAsync("/v1/videos", new { requestId = id, secondsPerFrame = 0.5, resolution = "1080p", fps = 24, quality = "draft" }).ReadAsync<Video>();
        var (encoder, together) = (0L, 0L);
        await Wait.UntilAsync(
            async () =>
            {
                encoder = Math.Max(encoder, EncodersOf(pair.Videos.Id).Select(PeakOf).DefaultIfEmpty().Max());
                together = Math.Max(together, group?.Anonymous ?? 0);
                return (await videos.GetAsync<Video>($"/v1/videos/{video.Id}")).Status is VideoStatus.Completed or VideoStatus.Failed;
            },
            $"a film of {count} frames",
            TimeSpan.FromMinutes(30));
        var ended = await videos.GetAsync<Video>($"/v1/videos/{video.Id}");
        Assert.Equal(VideoStatus.Completed, ended.Status);
        Assert.Equal(0, group?.Kills ?? 0);
        return new Peaks(PeakOf(pair.Videos.Id), encoder, together);
    }

    private static byte[] Picture(int number)
    {
        using var bitmap = new SKBitmap(1920, 1080, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColor.FromHsl(number * 37 % 360, 50, 40));
            using var paint = new SKPaint { IsAntialias = true };
            for (var i = 0; i < 12; i++)
            {
                paint.Color = SKColor.FromHsl((number * 31 + i * 40) % 360, 80, 50);
                canvas.DrawCircle((number * 13 + i * 331) % 1920, (number * 29 + i * 173) % 1080, 40 + 9 * i, paint);
            }
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 85);
        return data.ToArray();
    }

    // A child that has not become ffmpeg yet is still its parent, with all its memory.
    private static IEnumerable<int> EncodersOf(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), out _)
        let status = StatusOf(folder)
        where Figure(status, "PPid:") == parent && status.StartsWith("Name:\tffmpeg\n", StringComparison.Ordinal)
        select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);

    // proc(5): the "high water mark" of the resident set.
    private static long PeakOf(int process) => 1024 * Figure(StatusOf($"/proc/{process}"), "VmHWM:");

    private static long Figure(string status, string name) =>
        status.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) : 0;

    private static string StatusOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "status"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The largest resident sets of the service and of any encoder, and the largest sum of all their heaps that was seen, in bytes; 0 where no group could be made.</summary>
    private sealed record Peaks(long Service, long Encoder, long Together)
    {
        public override string ToString() => $"service {Service >> 20} MiB, an encoder {Encoder >> 20} MiB, heaps of all together {Together >> 20} MiB";
    }
}
