using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>Instances of both services as processes on one PostgreSQL database and one folder of objects, each with a data folder of its own.</summary>
internal sealed class DrainNodes : IAsyncDisposable
{
    private readonly TempFolder _data = new();
    private readonly TestDatabase _database;
    private readonly List<ServiceProcess> _started = [];

    private DrainNodes(TestDatabase database) => _database = database;

    public static async Task<DrainNodes> CreateAsync() => new(await PostgresServer.NewDatabaseAsync());

    /// <summary>The data folder of an instance.</summary>
    public string FolderOf(string name) => _data.Combine(name);

    /// <summary>Starts one more instance.</summary>
    /// <param name="service"><c>FrameService</c> or <c>VideoService</c>.</param>
    /// <param name="name">The instance's name among these.</param>
    /// <param name="settings">Further configuration, as <c>Section__Key</c>.</param>
    public async Task<ServiceProcess> StartAsync(string service, string name, params (string Key, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Folder"] = FolderOf(name),
            ["Storage__Folder"] = _data.Combine("objects"),
            ["Storage__LinkKeyFile"] = _data.Combine("link.key"),
            ["Database__Kind"] = "postgres",
            ["Database__ConnectionString"] = _database.ConnectionString,
        };
        foreach (var (key, value) in settings) environment[key] = value;
        var process = new ServiceProcess(service, _data.Combine(name + ".log"), environment);
        _started.Add(process);
        await process.StartAsync();
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _started) await process.DisposeAsync();
        await _database.DisposeAsync();
        _data.Dispose();
    }
}
