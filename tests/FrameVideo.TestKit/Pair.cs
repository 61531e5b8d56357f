using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameVideo.TestKit;

/// <summary>Both services as processes on one backend, as an operator would run them.</summary>
public sealed class Pair : IAsyncDisposable
{
    private readonly Backend _backend;

    private Pair(TempFolder data, Backend backend, ServiceProcess frames, ServiceProcess videos) => (Data, _backend, Frames, Videos) = (data, backend, frames, videos);

    public TempFolder Data { get; }

    public ServiceProcess Frames { get; }

    public ServiceProcess Videos { get; }

    public string OutageFile => Data.Combine("outage");

    /// <summary>Starts both, on a folder and SQLite unless another backend is given, which then belongs to the pair.</summary>
    /// <param name="backend">What they keep their rows and objects in.</param>
    /// <param name="settings">Further configuration (<c>Section:Key</c>) for both, which wins over the backend's.</param>
    /// <param name="videosIn">What VideoService and its encoders may hold.</param>
    public static async Task<Pair> StartAsync(Backend? backend = null, IReadOnlyDictionary<string, string>? settings = null, MemoryGroup? videosIn = null)
    {
        backend ??= Backend.Embedded();
        var data = new TempFolder();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Folder"] = data.Combine("data"),
            ["Storage__Simulate__OutageFile"] = data.Combine("outage"),
            ["Storage__Upload__BreakerPause"] = "00:00:01",
        };
        foreach (var (key, value) in backend.Settings.Concat(settings ?? new Dictionary<string, string>())) environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var frames = new ServiceProcess("FrameService", data.Combine("frames.log"), environment);
        environment["FrameService__Url"] = frames.Address;
        var videos = new ServiceProcess("VideoService", data.Combine("videos.log"), environment, videosIn);
        await Task.WhenAll(frames.StartAsync(), videos.StartAsync());
        return new Pair(data, backend, frames, videos);
    }

    /// <summary>How many objects lie under a session, whoever made them.</summary>
    public Task<int> ObjectsOfAsync(string user, RequestId id) => _backend.CountAsync(Data.Combine("data", "objects"), $"{user}/{id}/");

    /// <summary>Both services' rows, past the services.</summary>
    public RowReader Rows() => _backend.Rows(Data.Combine("data"));

    /// <summary>Kills both services and drops the databases of both; the object store stays.</summary>
    public async Task LoseRowsAsync()
    {
        await Videos.KillAsync();
        await Frames.KillAsync();
        await _backend.LoseRowsAsync(Data.Combine("data"));
    }

    /// <summary>Waits until the store has a session's record as it is now.</summary>
    public Task RecordedAsync(Session session) => Wait.UntilAsync(
        async () => await _backend.ReadAsync(Data.Combine("data", "objects"), $"{session.UserId}/{session.Id}/manifest.json") is { } text
            && JsonDocument.Parse(text).RootElement.GetProperty("updatedAt").GetDateTimeOffset() == session.UpdatedAt,
        $"the record of {session.Id}");

    public HttpClient FrameClient(string? user = null) => Http.Client(Frames.Address, user);

    public HttpClient VideoClient(string? user = null) => Http.Client(Videos.Address, user);

    public async ValueTask DisposeAsync()
    {
        await Videos.DisposeAsync();
        await Frames.DisposeAsync();
        await _backend.DisposeAsync();
        Data.Dispose();
    }
}
