using System.Diagnostics;
using System.Globalization;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>Films on two nodes of VideoService that share nothing but PostgreSQL and the store.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class FilmNodesTests(ITestOutputHelper output)
{
    [ServerFact]
    [Trait("Campaign", "films")]
    public async Task A_film_has_one_outcome_whichever_node_cancels_it_stops_or_comes_back()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED"), out var given) ? given : Campaign.IsLong ? Environment.ProcessId : 20261122;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var nodes = await FilmNodes.StartAsync();
        var session = await nodes.GenerateAsync();
        foreach (var isHere in new[] { true, false })
        {
            var took = new List<double>();
            for (var i = 0; i < (Campaign.IsLong ? isHere ? 25 : 15 : isHere ? 0 : 1); i++) took.Add(await CancelAsync(nodes, session, isHere));
            took.Sort();
            if (took.Count > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"cancel to the encoder's end, {(isHere ? "same" : "other")} node: median {took[took.Count / 2]:0} ms, most {took[^1]:0} ms of {took.Count}"));
        }

        for (var i = 0; i < (Campaign.IsLong ? 10 : 1); i++) await StopAndComeBackAsync(nodes, random);
        for (var i = 0; i < (Campaign.IsLong ? 10 : 1); i++) await KillAndPlayOnAsync(nodes, i % 2 == 0 ? 4 : 0.5);
        if (Campaign.IsLong) await PoisonAsync(nodes);
        await Wait.UntilAsync(() => nodes.Encoders().Count == 0 && nodes.Folders().Count == 0, "no encoder and no temporary folder");
    }

    private static async Task<double> CancelAsync(FilmNodes nodes, RequestId session, bool isHere)
    {
        // Another rate each time would be other pieces; the same ones are not found, since none is ever finished.
        var film = await nodes.Clients[0].PostAsync("/v1/videos", new { requestId = session, fps = 60, quality = "high", secondsPerFrame = 60 }).ReadAsync<Video>();
        await Wait.UntilAsync(() => nodes.Encoders().Count > 0, "an encoder");
        var owner = nodes.OwnerOf(nodes.Encoders()[0]);
        var watch = Stopwatch.StartNew();
        var canceled = await nodes.Clients[isHere ? owner : 1 - owner].PostAsync($"/v1/videos/{film.Id}/cancel", new { }).ReadAsync<Video>();
        while (nodes.Encoders().Count > 0) await Task.Delay(2);
        var took = watch.Elapsed.TotalMilliseconds;
        Assert.Equal(VideoStatus.Canceled, canceled.Status);
        Assert.Single((await nodes.Clients[0].GetAsync<Page<Event>>($"/v1/videos/{film.Id}/events")).Items, entry => entry.Type == "video.canceled");
        return took;
    }

    /// <summary>A node stops for longer than its work is waited for, another makes the film, and the first wakes up in the middle of its own.</summary>
    private async Task StopAndComeBackAsync(FilmNodes nodes, Random random)
    {
        var session = await nodes.GenerateAsync();
        var film = await nodes.Clients[0].PostAsync("/v1/videos", new { requestId = session, fps = 30, quality = "draft", secondsPerFrame = 1 }).ReadAsync<Video>();
        await Wait.UntilAsync(() => nodes.Encoders().Count > 0, "an encoder");
        var owner = nodes.OwnerOf(nodes.Encoders()[0]);
        // The moment itself is what is varied: from the first piece to the film's end.
        await Task.Delay(random.Next(1500));
        nodes.Videos[owner].Freeze();
        var ended = await nodes.Clients[1 - owner].EndedAsync(film.Id);
        nodes.Videos[owner].Thaw();
        Assert.Equal((VideoStatus.Completed, null), (ended.Status, ended.Error));
        await Wait.UntilAsync(() => nodes.Encoders().Count == 0 && nodes.Folders().Count == 0, "the node that came back to give up");
        var after = await nodes.Clients[owner].GetAsync<Video>($"/v1/videos/{film.Id}");
        Assert.Equal((ended.Sha256, ended.CompletedAt), (after.Sha256, after.CompletedAt));
        Assert.Equal(ended.Sha256, Pictures.Sha256(await nodes.Clients[owner].GetByteArrayAsync(after.Links.Content)));
        var events = (await nodes.Clients[owner].GetAsync<Page<Event>>($"/v1/videos/{film.Id}/events")).Items;
        Assert.Equal(["video.clip_completed", "video.clip_completed", "video.completed"], events.Select(entry => entry.Type));
        output.WriteLine($"stopped and came back: completed by attempt {events[^1].Attempt}");
    }

    /// <summary>
    /// A film is played from one node while the other renders it and is killed in the middle: what was played stays as it was, and it goes on to the end without a gap. Of a first clip of four
    /// seconds the beginning alone is there by then.
    /// </summary>
    private async Task KillAndPlayOnAsync(FilmNodes nodes, double firstSeconds)
    {
        var session = await nodes.GenerateAsync();
        var film = await nodes.Clients[0].PostAsync("/v1/videos", new { requestId = session, format = "hls", fps = 30, secondsPerFrame = 12, frames = new[] { new { number = 1, seconds = firstSeconds } } }).ReadAsync<Video>();
        await Wait.UntilAsync(() => nodes.Encoders().Count > 0, "an encoder");
        var owner = nodes.OwnerOf(nodes.Encoders()[0]);
        using var player = new HttpClient();
        var address = (await nodes.Clients[1 - owner].GetAsync<Video>($"/v1/videos/{film.Id}")).Links.Playlist!;
        var seen = Read(await player.GetStringAsync(address));
        Assert.NotEmpty(seen.Segments);
        Assert.False(seen.IsEnded);
        await nodes.Videos[owner].KillAsync();
        var began = Stopwatch.StartNew();
        await Wait.UntilAsync(
            async () =>
            {
                var now = Read(await player.GetStringAsync(address));
                Assert.Equal(seen.Segments.Select(NameOf), now.Segments.Take(seen.Segments.Count).Select(NameOf));
                Assert.Equal(seen.Target, now.Target);
                seen = now;
                return now.IsEnded;
            },
            "the playlist to end");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"killed while it was played: whole {began.Elapsed.TotalSeconds:0.0} s later, {seen.Segments.Count} segments"));
        await nodes.Videos[owner].StartAsync();
        var ended = await nodes.Clients[owner].GetAsync<Video>($"/v1/videos/{film.Id}");
        Assert.Equal((VideoStatus.Completed, null), (ended.Status, ended.Error));

        // From the first byte to the last, as a player holds them.
        using var folder = new TempFolder();
        var path = folder.Combine("played.mp4");
        await using (var played = File.Create(path))
        {
            foreach (var url in seen.Segments.Prepend(seen.Init)) await played.WriteAsync(await player.GetByteArrayAsync(url));
        }

        var probe = await Ffprobe.ReadAsync(path);
        Assert.Equal((int)((firstSeconds + 12) * 30), probe.Times.Count);
        Assert.Equal(0, probe.Times[0], 1e-6);
        Assert.InRange(probe.Unevenness(30), 0, 1e-5);

        static string NameOf(string url) => Path.GetFileName(new Uri(url).AbsolutePath);

        static (string Init, IReadOnlyList<string> Segments, string Target, bool IsEnded) Read(string text)
        {
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return (
                Assert.Single(lines, line => line.StartsWith("#EXT-X-MAP:", StringComparison.Ordinal)).Split('"')[1], [.. lines.Where(line => line[0] != '#')],
                Assert.Single(lines, line => line.StartsWith("#EXT-X-TARGETDURATION:", StringComparison.Ordinal)), lines[^1] == "#EXT-X-ENDLIST");
        }
    }

    private async Task PoisonAsync(FilmNodes nodes)
    {
        var session = await nodes.GenerateAsync();
        await File.WriteAllTextAsync(nodes.Poison, "");
        var film = await nodes.Clients[0].PostAsync("/v1/videos", new { requestId = session, fps = 25, quality = "draft" }).ReadAsync<Video>();
        var deaths = 0;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            foreach (var node in nodes.Videos.Where(node => !node.IsRunning))
            {
                deaths++;
                await node.KillAsync();
                await node.StartAsync();
            }

            try
            {
                var now = await nodes.Clients[0].GetAsync<Video>($"/v1/videos/{film.Id}");
                if (now.Status == VideoStatus.Failed)
                {
                    Assert.Equal("attempts-exhausted", now.Error!.Code);
                    break;
                }
            }
            catch (HttpRequestException)
            {
                // This node has just died.
            }

            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(5), "The film is tried for ever.");
            await Task.Delay(100);
        }

        output.WriteLine($"poison: failed honestly after {deaths} deaths, {watch.Elapsed.TotalSeconds:0} s");
        File.Delete(nodes.Poison);
    }

    private sealed class FilmNodes : IAsyncDisposable
    {
        private readonly TempFolder _data = new();
        private readonly HttpClient _frameClient;

        private FilmNodes(Backend backend)
        {
            Backend = backend;
            Frames = new ServiceProcess("FrameService", _data.Combine("frames.log"), EnvironmentOf("frames"));
            _frameClient = Http.Client(Frames.Address);
            Videos = [.. Enumerable.Range(0, 2).Select(i => new ServiceProcess("VideoService", _data.Combine($"videos{i}.log"), EnvironmentOf($"videos{i}")))];
            Clients = [.. Videos.Select(node => Http.Client(node.Address))];
        }

        public IReadOnlyList<ServiceProcess> Videos { get; }

        public IReadOnlyList<HttpClient> Clients { get; }

        /// <summary>While this file is there, an encoder kills the service that has called it.</summary>
        public string Poison => _data.Combine("poison");

        private Backend Backend { get; }

        private ServiceProcess Frames { get; }

        public static async Task<FilmNodes> StartAsync()
        {
            var nodes = new FilmNodes(await Backend.ServersAsync());
            var encoder = nodes._data.Combine("ffmpeg");
            await File.WriteAllTextAsync(encoder, $"#!/bin/sh\ncase \"$*\" in *pipe:0*) [ -e '{nodes.Poison}' ] && kill -9 $PPID ;; esac\nexec ffmpeg \"$@\"\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(encoder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await Task.WhenAll(nodes.Videos.Append(nodes.Frames).Select(node => node.StartAsync()));
            return nodes;
        }

        public async Task<RequestId> GenerateAsync()
        {
            var id = (await _frameClient.PostAsync("/v1/sessions", new { prompt = "two lighthouses at night", frameCount = 2 }).ReadAsync<Session>()).Id;
            Assert.Equal(SessionStatus.Completed, (await _frameClient.EndedAsync(id)).Status);
            return id;
        }

        /// <summary>The process IDs of encoders that work for the nodes now.</summary>
        public IReadOnlyList<int> Encoders() => [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(int.Parse!).Where(id => Read(id, "cmdline") is { } command
            && command.Contains(_data.Path, StringComparison.Ordinal) && command.Contains("libx264", StringComparison.Ordinal))];

        /// <summary>Which node an encoder works for.</summary>
        public int OwnerOf(int encoder)
        {
            var parent = int.Parse(Read(encoder, "stat")![(Read(encoder, "stat")!.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
            return Videos[0].Id == parent ? 0 : Videos[1].Id == parent ? 1 : throw new InvalidOperationException("The encoder is nobody's.");
        }

        public IReadOnlyList<string> Folders() => [.. Enumerable.Range(0, 2).Select(i => _data.Combine($"videos{i}", "tmp")).Where(Directory.Exists).SelectMany(tmp => Directory.GetDirectories(tmp, "*vid_*", SearchOption.AllDirectories))];

        public async ValueTask DisposeAsync()
        {
            foreach (var client in Clients.Append(_frameClient)) client.Dispose();
            foreach (var node in Videos.Append(Frames)) await node.DisposeAsync();
            await Backend.DisposeAsync();
            _data.Dispose();
        }

        private static string? Read(int process, string file)
        {
            try
            {
                return File.ReadAllText($"/proc/{process}/{file}").Replace('\0', ' ');
            }
            catch (IOException)
            {
                return null;
            }
        }

        private Dictionary<string, string> EnvironmentOf(string name)
        {
            var settings = new Dictionary<string, string>(Backend.Settings, StringComparer.Ordinal)
            {
                ["Data:Folder"] = _data.Combine(name),
                ["Storage:LinkKeyFile"] = _data.Combine("link.key"),
                ["Jobs:CheckinPeriod"] = "00:00:00.5",
                ["Rendering:Ffmpeg"] = _data.Combine("ffmpeg"),
                ["Rendering:MaxAttempts"] = "3",
            };
            if (Frames is not null) settings["FrameService:Url"] = Frames.Address;
            return settings.ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value);
        }
    }
}
