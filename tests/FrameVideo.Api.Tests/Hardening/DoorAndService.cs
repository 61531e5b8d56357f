using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Hardening;

/// <summary>FrameService with the front door before it, as processes, with little patience; each test asks both.</summary>
public class DoorAndService : IAsyncLifetime
{
    public TempFolder Data { get; } = new();

    public ServiceProcess Frames { get; private set; } = null!;

    public ServiceProcess Door { get; private set; } = null!;

    /// <summary>What both are told besides.</summary>
    protected virtual Dictionary<string, string> Settings => new(StringComparer.Ordinal) { ["Connections__HeadersTimeout"] = "00:00:01", ["Connections__Grace"] = "00:00:02" };

    public string AddressOf(string who) => who == "door" ? Door.Address : Frames.Address;

    public async Task InitializeAsync()
    {
        Frames = new ServiceProcess("FrameService", Data.Combine("frames.log"), new Dictionary<string, string>(Settings) { ["Data__Folder"] = Data.Combine("data") });
        Door = new ServiceProcess("FrontDoor", Data.Combine("door.log"), new Dictionary<string, string>(Settings) { ["FrameService__Url"] = Frames.Address, ["VideoService__Url"] = Frames.Address });
        await Task.WhenAll(Frames.StartAsync(), Door.StartAsync());
    }

    public async Task DisposeAsync()
    {
        await Door.DisposeAsync();
        await Frames.DisposeAsync();
        Data.Dispose();
    }

    /// <summary>Everything that lies in the service's data folder as a file that is or was an upload.</summary>
    public IEnumerable<string> Spooled() => Files("spool").Where(file => !Path.GetFileName(file).StartsWith('.') && new FileInfo(file).Length > 0);

    public IEnumerable<string> Objects() => Files("objects").Where(file => !file.Contains("/.", StringComparison.Ordinal));

    private IEnumerable<string> Files(string folder) =>
        Directory.Exists(Data.Combine("data", folder)) ? Directory.EnumerateFiles(Data.Combine("data", folder), "*", SearchOption.AllDirectories) : [];
}
