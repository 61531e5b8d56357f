using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>Services that are told to end, as each deploy does, and one that is killed in the middle of a request: nothing that was acknowledged is lost, and nothing is done twice.</summary>
public sealed class DrainTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ServerFact]
    [Needs(TestServers.Postgres)]
    public async Task A_FrameService_that_ends_finishes_its_requests_and_another_goes_on_with_its_work()
    {
        await using var nodes = await DrainNodes.CreateAsync();
        var ending = await nodes.StartAsync("FrameService", "ending", ("Shutdown__DrainDelay", "00:00:02"), ("Generation__FrameConcurrency", "1"));
        using var first = Http.Client(ending.Address);
        var session = await first.PostAsync("/v1/sessions", new { prompt = "a ship in the fog", frameCount = 24 }).ReadAsync<Session>();
        await Wait.UntilAsync(async () => (await first.GetAsync<Session>($"/v1/sessions/{session.Id}")).Frames!.Any(frame => frame.Status == FrameStatus.Stored), "the first frame");
        var staying = await nodes.StartAsync("FrameService", "staying");
        using var second = Http.Client(staying.Address);
        var picture = Pictures.Png();
        using var upload = new SlowBody(picture);
        var uploaded = first.PutAsync($"/v1/sessions/{RequestId.New(TimeProvider.System)}/frames/1", upload);
        await upload.Half;

        var began = TimeProvider.System.GetTimestamp();
        ending.Terminate();
        await Wait.UntilAsync(
            async () =>
            {
                using var ready = await first.GetAsync("/health/ready");
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "the end to be told",
            Limit);
        // Whoever has not noticed yet is served on.
        var late = await first.PostAsync("/v1/sessions", new { prompt = "a late kite", frameCount = 1 }).ReadAsync<Session>();
        await Wait.UntilAsync(() => staying.Log.Contains($"Starting frame generation with request ID: {session.Id}", StringComparison.Ordinal), "the other to go on", Limit);
        output.WriteLine($"FrameService: the other instance went on {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:F0} ms after SIGTERM");
        upload.GoOn();
        using (var answer = await uploaded) Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(0, await ending.EndedAsync(Limit));

        Assert.Equal(SessionStatus.Completed, (await second.EndedAsync(late.Id)).Status);
        var ended = await second.EndedAsync(session.Id, Limit);
        Assert.Equal((SessionStatus.Completed, 24), (ended.Status, ended.Usage!.Pictures));
        var events = (await second.GetAsync<Page<Event>>($"/v1/sessions/{session.Id}/events?limit=100")).Items;
        Assert.Equal(Enumerable.Range(1, 26).Select(number => (long)number), events.Select(entry => entry.Number));
        Assert.Equal([1, 2], events.Select(entry => entry.Attempt).Distinct());
        Assert.Empty(LeftFiles(nodes.FolderOf("ending")));
    }

    [ServerFact]
    [Needs(TestServers.Postgres)]
    public async Task A_VideoService_that_ends_gives_its_render_to_another_which_makes_what_is_missing()
    {
        await using var nodes = await DrainNodes.CreateAsync();
        var frames = await nodes.StartAsync("FrameService", "frames");
        var ending = await nodes.StartAsync("VideoService", "ending", ("FrameService__Url", frames.Address), ("Rendering__Workers", "1"));
        using var draw = Http.Client(frames.Address);
        using var first = Http.Client(ending.Address);
        var id = RequestId.New(TimeProvider.System);
        for (var number = 1; number <= 4; number++) await draw.PutPictureAsync(id, number, Pictures.Png()).ReadAsync<Frame>();
        var video = await first.PostAsync("/v1/videos", new { requestId = id, secondsPerFrame = 1, fps = 24, quality = "draft" }).ReadAsync<Video>();
        var staying = await nodes.StartAsync("VideoService", "staying", ("FrameService__Url", frames.Address));
        using var second = Http.Client(staying.Address);
        await Wait.UntilAsync(async () => (await first.GetAsync<Video>($"/v1/videos/{video.Id}")).Clips.Any(clip => clip.Status == "completed"), "the first clip", Limit);

        var began = TimeProvider.System.GetTimestamp();
        ending.Terminate();
        Assert.Equal(0, await ending.EndedAsync(Limit));
        output.WriteLine($"VideoService: ended {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:F0} ms after SIGTERM");
        await Wait.UntilAsync(() => staying.Log.Contains("Rendering begins, attempt 2", StringComparison.Ordinal), "the other to go on", Limit);
        output.WriteLine($"VideoService: the other instance went on at most {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:F0} ms after SIGTERM");
        Assert.Equal(VideoStatus.Completed, (await second.EndedAsync(video.Id)).Status);
        var events = (await second.GetAsync<Page<Event>>($"/v1/videos/{video.Id}/events")).Items;
        Assert.Equal(Enumerable.Range(1, 5).Select(number => (long)number), events.Select(entry => entry.Number));
        Assert.Contains(events, entry => entry is { Type: "video.clip_completed", Attempt: 1 });
        Assert.Empty(LeftFiles(nodes.FolderOf("ending")));
        Assert.DoesNotContain(Process.GetProcessesByName("ffmpeg"), process => CommandLine(process).Contains(nodes.FolderOf("ending"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_whose_first_request_was_killed_is_free_and_a_second_signal_ends_what_would_wait()
    {
        using var data = new TempFolder();
        // A FrameService that takes calls and says nothing.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var service = new ServiceProcess("VideoService", data.Combine("log"), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Folder"] = data.Combine("data"),
            ["FrameService__Url"] = $"http://{silent.LocalEndpoint}",
            ["FrameService__AttemptTimeout"] = "00:00:30",
            ["FrameService__TotalTimeout"] = "00:01:00",
        });
        var body = new { requestId = RequestId.New(TimeProvider.System) };
        await service.StartAsync();
        using var http = Http.Client(service.Address);
        // Held, since a call that nobody holds would be closed at some time.
        var calls = new List<TcpClient>();
        var killed = await StartRequestAsync(body);
        Assert.Equal("idempotency-in-progress", (await http.PostOnceAsync("/v1/videos", "the-key", body).RefusalAsync()).Code);
        await service.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => killed);

        await service.StartAsync();
        // It is carried out: FrameService is asked again. Now the service is told to end, and waits for this request, until it is told once more.
        var again = await StartRequestAsync(body);
        service.Terminate();
        await Wait.UntilAsync(() => service.Log.Contains("The service ends", StringComparison.Ordinal), "the end to be told", Limit);
        Assert.False(again.IsCompleted);
        service.Terminate();
        Assert.Equal(143, await service.EndedAsync(Limit));
        await Assert.ThrowsAsync<HttpRequestException>(() => again);
        calls.ForEach(call => call.Dispose());

        // Begun, and so far that FrameService is asked for the session. What is awaited is the beginning, so the request comes wrapped.
        async Task<Task<HttpResponseMessage>> StartRequestAsync(object request)
        {
            var sent = http.PostOnceAsync("/v1/videos", "the-key", request);
            string asked;
            do
            {
                calls.Add(await silent.AcceptTcpClientAsync().WaitAsync(Limit));
                asked = await FirstLineAsync(calls[^1]);
            }
            while (!asked.Contains("/v1/sessions/", StringComparison.Ordinal));
            return sent;
        }
    }

    private static async Task<string> FirstLineAsync(TcpClient call)
    {
        using var reader = new StreamReader(call.GetStream(), leaveOpen: true);
        return await reader.ReadLineAsync() ?? "";
    }

    private static IEnumerable<string> LeftFiles(string data) => new[] { "tmp", "spool" }.Select(folder => Path.Combine(data, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal));

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

    /// <summary>A body whose second half waits.</summary>
    private sealed class SlowBody(byte[] bytes) : HttpContent
    {
        private readonly TaskCompletionSource _half = new();
        private readonly TaskCompletionSource _rest = new();

        public Task Half => _half.Task;

        public void GoOn() => _rest.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            _half.SetResult();
            await _rest.Task;
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
