using System.Diagnostics;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>Services that are killed at any moment: after a restart every session and every video reaches its end, and nothing half made is ever seen.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Campaign", "kills")]
    public async Task Killed_services_go_on_where_they_were()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED"), out var given) ? given : Campaign.IsLong ? Environment.ProcessId : 20261122;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var kills = Campaign.IsLong ? 20 : 2;
        await using var pair = await Pair.StartAsync();
        using var frames = pair.FrameClient();
        using var videos = pair.VideoClient();

        var asked = new List<(RequestId Session, VideoId? Video)>();
        for (var kill = 0; kill < kills; kill++)
        {
            var session = (await frames.PostAsync("/v1/sessions", new { prompt = $"kill number {kill}: a ship in the fog", frameCount = 4, videoDuration = 8 }).ReadAsync<Session>()).Id;
            if (kill % 2 == 0)
            {
                await Moment(random, 1500);
                await pair.Frames.KillAsync();
                await pair.Frames.StartAsync();
                Assert.Equal(SessionStatus.Completed, (await frames.EndedAsync(session)).Status);
                asked.Add((session, null));
                continue;
            }

            await frames.EndedAsync(session);
            var video = (await videos.PostAsync("/v1/videos", new { requestId = session }).ReadAsync<Video>()).Id;
            await Moment(random, 6000);
            await pair.Videos.KillAsync();
            // What is seen while nobody works at it is either not there or whole.
            await pair.Videos.StartAsync();
            var seen = await videos.GetAsync<Video>($"/v1/videos/{video}");
            Assert.Equal(seen.Status == VideoStatus.Completed, seen.Links.Content is not null);
            asked.Add((session, video));
        }

        foreach (var (session, video) in asked)
        {
            var found = await frames.GetAsync<Session>($"/v1/sessions/{session}");
            Assert.All(found.Frames!, frame => Assert.Equal(FrameStatus.Stored, frame.Status));
            foreach (var frame in found.Frames!) Assert.Equal(frame.Sha256, Pictures.Sha256(await frames.GetByteArrayAsync(frame.ImageUrl)));
            var numbers = (await frames.GetAsync<Page<Event>>($"/v1/sessions/{session}/events?limit=100")).Items.Select(entry => entry.Number).ToList();
            Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
            if (video is not { } id) continue;
            var film = await videos.EndedAsync(id);
            Assert.Equal(VideoStatus.Completed, film.Status);
            var bytes = await videos.GetByteArrayAsync(film.Links.Content);
            Assert.Equal(film.Sha256, Pictures.Sha256(bytes));
            var path = pair.Data.Combine($"{id}.mp4");
            await File.WriteAllBytesAsync(path, bytes);
            Assert.Equal(240, (await Ffprobe.ReadAsync(path)).Times.Count);
        }

        Assert.Empty(LeftFiles(pair.Data.Combine("data", "tmp")));
        Assert.Empty(LeftFiles(pair.Data.Combine("data", "spool")));
        Assert.Empty(LeftFiles(pair.Data.Combine("data", "objects", ".tmp")));
        Assert.DoesNotContain(Process.GetProcessesByName("ffmpeg"), process => CommandLine(process).Contains(pair.Data.Path, StringComparison.Ordinal));
    }

    /// <summary>A moment of the work, chosen by the seed: the one place where a test lets time pass, since the moment itself is what is varied.</summary>
    private static Task Moment(Random random, int most) => Task.Delay(random.Next(most));

    private static IEnumerable<string> LeftFiles(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
        : [];

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
