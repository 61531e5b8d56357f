namespace FrameVideo.TestKit;

/// <summary>Both services as processes on one data folder, as an operator would run them.</summary>
public sealed class Pair : IAsyncDisposable
{
    private Pair(TempFolder data, ServiceProcess frames, ServiceProcess videos) => (Data, Frames, Videos) = (data, frames, videos);

    public TempFolder Data { get; }

    public ServiceProcess Frames { get; }

    public ServiceProcess Videos { get; }

    public string OutageFile => Data.Combine("outage");

    public static async Task<Pair> StartAsync()
    {
        var data = new TempFolder();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Folder"] = data.Combine("data"),
            ["Storage__Simulate__OutageFile"] = data.Combine("outage"),
            ["Storage__Upload__BreakerPause"] = "00:00:01",
        };
        var frames = new ServiceProcess("FrameService", data.Combine("frames.log"), settings);
        settings["FrameService__Url"] = frames.Address;
        var videos = new ServiceProcess("VideoService", data.Combine("videos.log"), settings);
        await Task.WhenAll(frames.StartAsync(), videos.StartAsync());
        return new Pair(data, frames, videos);
    }

    public HttpClient FrameClient(string? user = null) => Http.Client(Frames.Address, user);

    public HttpClient VideoClient(string? user = null) => Http.Client(Videos.Address, user);

    public async ValueTask DisposeAsync()
    {
        await Videos.DisposeAsync();
        await Frames.DisposeAsync();
        Data.Dispose();
    }
}
