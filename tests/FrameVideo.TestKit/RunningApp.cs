using Microsoft.AspNetCore.Builder;

namespace FrameVideo.TestKit;

/// <summary>A service's own app, started in the test's process on a port and a data folder of its own; an outage of its store is a switch.</summary>
public sealed class RunningApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _outageFile;

    private RunningApp(WebApplication app, string address, string outageFile) => (_app, Address, _outageFile) = (app, address, outageFile);

    public string Address { get; }

    public IServiceProvider Services => _app.Services;

    public bool StoreIsDown
    {
        get => File.Exists(_outageFile);
        set
        {
            if (value) File.WriteAllText(_outageFile, "");
            else File.Delete(_outageFile);
        }
    }

    /// <summary>Builds and starts.</summary>
    /// <param name="build">The service's composition, from its command line.</param>
    /// <param name="data">Its data folder; the same again goes on with what is there.</param>
    /// <param name="settings">Further configuration.</param>
    public static async Task<RunningApp> StartAsync(Func<string[], WebApplication> build, TempFolder data, params string[] settings)
    {
        var address = $"http://127.0.0.1:{Ports.Free()}";
        var outage = data.Combine("outage");
        var app = build([
            $"--urls={address}", $"--PublicUrl={address}", $"--Data:Folder={data.Path}", $"--Storage:Simulate:OutageFile={outage}",
            // Tests are a load that no person makes; whoever looks at the limits sets them again.
            .. new[] { "Reads", "Writes", "Uploads", "Links", "Unauthenticated", "FailedAuthentications", "ConcurrentRequests", "ConcurrentUploads" }.Select(limit => $"--RateLimits:{limit}=0"),
            "--Storage:Upload:BaseDelay=00:00:00.010", "--Storage:Upload:BreakerPause=00:00:01", "--Jobs:RetryDelay=00:00:00.200", "--Logging:LogLevel:Default=Warning", .. settings.Select(setting => "--" + setting)]);
        await app.StartAsync();
        return new RunningApp(app, address, outage);
    }

    public HttpClient Client(string? user = null) => Http.Client(Address, user);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
