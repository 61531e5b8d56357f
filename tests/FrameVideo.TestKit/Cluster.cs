using FrameVideo.Contracts;

namespace FrameVideo.TestKit;

/// <summary>
/// Several nodes of each service as processes of this machine on one backend: each has a port and a data folder of its own, and of the key that signs links all have one. Embedded,
/// one node each, with one data folder for the two, as an operator has it.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly Backend _backend;
    private readonly bool _isEmbedded;

    private Cluster(TempFolder data, Backend backend, bool isEmbedded, IReadOnlyList<ServiceProcess> frames, IReadOnlyList<ServiceProcess> videos) =>
        (Data, _backend, _isEmbedded, Frames, Videos) = (data, backend, isEmbedded, frames, videos);

    /// <summary>Holds the nodes' data folders and logs.</summary>
    public TempFolder Data { get; }

    public IReadOnlyList<ServiceProcess> Frames { get; }

    public IReadOnlyList<ServiceProcess> Videos { get; }

    public IEnumerable<ServiceProcess> Nodes => Frames.Concat(Videos);

    /// <summary>The data folders of all nodes.</summary>
    public IEnumerable<string> DataFolders => Directory.EnumerateDirectories(Data.Path, "data*");

    /// <summary>Starts all nodes.</summary>
    /// <param name="backend">PostgreSQL and S3, which then belong to the cluster; null for SQLite and a folder.</param>
    /// <param name="frameNodes">Nodes of FrameService; 1 where no backend is given.</param>
    /// <param name="videoNodes">Nodes of VideoService; 1 where no backend is given.</param>
    /// <param name="settings">Further configuration (<c>Section:Key</c>) for all.</param>
    public static async Task<Cluster> StartAsync(Backend? backend, int frameNodes, int videoNodes, IReadOnlyDictionary<string, string>? settings = null)
    {
        if (backend is null && (frameNodes, videoNodes) != (1, 1)) throw new ArgumentException("A SQLite file is for one process.", nameof(backend));
        var data = new TempFolder();
        var owned = backend ?? Backend.Embedded();
        var common = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Storage__Upload__BreakerPause"] = "00:00:01",
            ["Storage__LinkKeyFile"] = data.Combine("link.key"),
            ["FrameService__DeletionsPeriod"] = "00:00:01",
        };
        foreach (var (key, value) in owned.Settings.Concat(settings ?? new Dictionary<string, string>())) common[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var (frames, videos) = (new List<ServiceProcess>(), new List<ServiceProcess>());
        for (var number = 1; number <= frameNodes; number++)
        {
            common["Data__Folder"] = data.Combine(backend is null ? "data" : $"data-frames-{number}");
            frames.Add(new ServiceProcess("FrameService", data.Combine($"frames-{number}.log"), common));
        }

        for (var number = 1; number <= videoNodes; number++)
        {
            common["Data__Folder"] = data.Combine(backend is null ? "data" : $"data-videos-{number}");
            common["FrameService__Url"] = frames[(number - 1) % frameNodes].Address;
            videos.Add(new ServiceProcess("VideoService", data.Combine($"videos-{number}.log"), common));
        }

        var cluster = new Cluster(data, owned, backend is null, frames, videos);
        try
        {
            // The key is made by whoever comes first.
            await frames[0].StartAsync();
            await Task.WhenAll(cluster.Nodes.Skip(1).Select(node => node.StartAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many objects lie under a session, whoever made them.</summary>
    public Task<int> ObjectsOfAsync(string user, RequestId id) => _backend.CountAsync(Data.Combine("data", "objects"), $"{user}/{id}/");

    /// <summary>Both services' rows, past the services.</summary>
    public RowReader Rows() => _backend.Rows(Data.Combine("data"));

    /// <summary>Whether both services share one SQLite folder.</summary>
    public bool IsEmbedded => _isEmbedded;

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        await _backend.DisposeAsync();
        Data.Dispose();
    }
}
