using System.Globalization;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.EndToEnd.Tests.Nodes;

/// <summary>One FrameService and several nodes of VideoService on PostgreSQL and S3, each with one render at a time and an encoder that tests can make a poison of.</summary>
public sealed class VideoNodes : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly HttpClient[] _videos;

    private VideoNodes(TempFolder folder, Cluster cluster)
    {
        (_folder, Cluster) = (folder, cluster);
        Frames = Http.Client(cluster.Frames[0].Address);
        _videos = [.. cluster.Videos.Select(node => Http.Client(node.Address))];
        Rows = cluster.Rows();
    }

    public Cluster Cluster { get; }

    public HttpClient Frames { get; }

    public RowReader Rows { get; }

    /// <summary>A film whose ID is written here ends the process of whoever begins to encode it.</summary>
    public string Poison => _folder.Combine("poison");

    /// <summary>Starts them.</summary>
    public static async Task<VideoNodes> StartAsync(int count, Dictionary<string, string> settings)
    {
        var folder = new TempFolder();
        var encoder = folder.Combine("ffmpeg");
        await File.WriteAllTextAsync(encoder, $"""
            #!/bin/sh
            if read -r id < '{folder.Combine("poison")}' 2>/dev/null; then case "$*" in *"$id"*) kill -s KILL $PPID; exit 1 ;; esac; fi
            exec ffmpeg "$@"
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(encoder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        settings["Rendering:Ffmpeg"] = encoder;
        settings["Jobs:Concurrency"] = "1";
        return new VideoNodes(folder, await Cluster.StartAsync(await Backend.ServersAsync(), 1, count, settings));
    }

    public HttpClient Videos(int node) => _videos[node];

    /// <summary>A session with small pictures.</summary>
    public async Task<RequestId> SaveAsync(int count)
    {
        var id = RequestId.New(TimeProvider.System);
        for (var number = 1; number <= count; number++) await Frames.PutPictureAsync(id, number, Pictures.Png(160, 90, 0xff000000u + ((uint)number * 5003))).ReadAsync<Frame>();
        return id;
    }

    /// <summary>Asks one node for a film that is rendered quickly.</summary>
    public Task<Video> QuickAsync(int node, RequestId session) => Videos(node).PostAsync("/v1/videos", new { requestId = session, fps = 24, quality = "draft", secondsPerFrame = 0.5, motion = "none" }).ReadAsync<Video>();

    /// <summary>Asks one node for a film that takes minutes.</summary>
    public Task<Video> SlowAsync(int node, RequestId session) => Videos(node).PostAsync("/v1/videos", new { requestId = session, fps = 60, quality = "high", secondsPerFrame = 60, motion = "kenburns" }).ReadAsync<Video>();

    /// <summary>A film of some seconds of work.</summary>
    public Task<Video> MiddlingAsync(int node, RequestId session) => Videos(node).PostAsync("/v1/videos", new { requestId = session, fps = 30, secondsPerFrame = 1 }).ReadAsync<Video>();

    /// <summary>Which attempt works on a film or did last.</summary>
    public async Task<int> AttemptAsync(VideoId video) => Convert.ToInt32((await Rows.VideosAsync($"SELECT attempt FROM videos WHERE video_id = '{video}'"))[0][0], CultureInfo.InvariantCulture);

    /// <summary>When a film was first taken up.</summary>
    public async Task<DateTimeOffset?> StartedAsync(VideoId video) =>
        (await Rows.VideosAsync($"SELECT started_at FROM videos WHERE video_id = '{video}'"))[0][0] is DateTime time ? new DateTimeOffset(time.ToUniversalTime()) : null;

    /// <summary>The encoders that work on a film now: node and process.</summary>
    public IReadOnlyList<(int Node, int Process)> Encoders(VideoId video)
    {
        var found = new List<(int, int)>();
        foreach (var path in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(path), out var process)) continue;
            try
            {
                var command = File.ReadAllText(Path.Combine(path, "cmdline"));
                if (!command.Contains($"render-{video}-", StringComparison.Ordinal)) continue;
                var node = Enumerable.Range(0, Cluster.Videos.Count).FirstOrDefault(node => command.Contains(Cluster.Data.Combine($"data-videos-{node + 1}", ""), StringComparison.Ordinal), -1);
                found.Add((node, process));
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return found;
    }

    /// <summary>Waits until a film is being encoded, and answers where.</summary>
    public async Task<int> EncodingAsync(VideoId video, Func<int, bool>? node = null)
    {
        var at = -1;
        await Wait.UntilAsync(() => (at = Encoders(video).Select(encoder => encoder.Node).FirstOrDefault(found => node?.Invoke(found) ?? true, -1)) >= 0, $"an encoder at {video}");
        return at;
    }

    public async ValueTask DisposeAsync()
    {
        await Rows.DisposeAsync();
        Frames.Dispose();
        foreach (var client in _videos) client.Dispose();
        await Cluster.DisposeAsync();
        _folder.Dispose();
    }
}
