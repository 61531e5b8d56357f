namespace FrameVideo.TestKit.Servers;

/// <summary>
/// An S3 server of one test's own, which can be stopped and started: Ceph's gateway (radosgw) over one monitor and one store in memory. It checks
/// signatures, conditions, multipart and listing as AWS does.
/// </summary>
public sealed class OwnS3 : IAsyncDisposable
{
    internal const string Region = "us-east-1";

    private readonly ServerFolder _folder = new();
    private readonly Dictionary<string, string> _environment;
    private readonly List<HeldProcess> _store = [];
    private HeldProcess? _gateway;

    private OwnS3()
    {
        Endpoint = new Uri($"http://127.0.0.1:{Ports.Free()}");
        _environment = new(StringComparer.Ordinal) { ["CEPH_CONF"] = _folder.Combine("ceph.conf"), ["LC_ALL"] = "C" };
    }

    public Uri Endpoint { get; }

    /// <summary>Starts monitor, store and gateway, which takes about two seconds. Somebody else may have taken a port between its being found free and its being used: then others are tried.</summary>
    public static async Task<OwnS3> StartAsync()
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await StartOnceAsync();
            }
            catch (InvalidOperationException) when (tries < 3)
            {
            }
        }
    }

    private static async Task<OwnS3> StartOnceAsync()
    {
        if (!Programs.HasCeph) throw new InvalidOperationException("radosgw is missing; tests/ensure-servers installs it.");
        S3Credentials.Ensure();
        var own = new OwnS3();
        try
        {
            await own.CreateAsync();
            await own.StartAgainAsync();
            return own;
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    public Task<TestBucket> NewBucketAsync() => TestBucket.CreateAsync(Endpoint, Region);

    /// <summary>Another user, who may do nothing before a bucket's policy says so.</summary>
    public Task AddUserAsync(string name, string accessKey, string secretKey) =>
        RunAsync("radosgw-admin", "-n", "client.rgw", "user", "create", $"--uid={name}", $"--display-name={name}", $"--access-key={accessKey}", $"--secret-key={secretKey}");

    /// <summary>Ends the gateway; what it stored stays.</summary>
    public async Task StopAsync()
    {
        if (_gateway is not { } gateway) return;
        _gateway = null;
        await gateway.EndAsync("KILL");
    }

    public async Task StartAgainAsync()
    {
        _gateway = Start("radosgw", "-f", "-n", "client.rgw");
        using var http = new HttpClient { BaseAddress = Endpoint };
        await Wait.UntilAsync(
            async () =>
            {
                if (_gateway.HasEnded) throw new InvalidOperationException($"radosgw ended at its start: {_gateway.Log}");
                try
                {
                    using var response = await http.GetAsync("/");
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "radosgw to answer");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        // KILL: they take seconds over a TERM, and nothing of theirs is kept.
        foreach (var part in _store) await part.EndAsync("KILL");
        _store.Clear();
        await _folder.DisposeAsync();
    }

    private async Task CreateAsync()
    {
        var (cluster, osd) = (Guid.CreateVersion7().ToString(), Guid.CreateVersion7().ToString());
        var monitor = Ports.Free();
        foreach (var part in new[] { "mon", "osd", "run", "log", "rgw" }) Directory.CreateDirectory(_folder.Combine(part));
        await File.WriteAllTextAsync(_folder.Combine("ceph.conf"), CephConf.Text(_folder.Path, cluster, monitor, Endpoint.Port));

        await RunAsync("monmaptool", "--create", "--clobber", "--fsid", cluster, "--addv", "a", $"[v2:127.0.0.1:{monitor}/0]", _folder.Combine("monmap"));
        await RunAsync("ceph-mon", "--mkfs", "-i", "a", "--monmap", _folder.Combine("monmap"));
        _store.Add(Start("ceph-mon", "-f", "-i", "a"));
        await RunAsync("ceph", "osd", "new", osd);
        await RunAsync("ceph-osd", "--mkfs", "-i", "0", "--osd-uuid", osd);
        _store.Add(Start("ceph-osd", "-f", "-i", "0"));
        await RunAsync(
            "radosgw-admin", "-n", "client.rgw", "user", "create", "--uid=test", "--display-name=test", $"--access-key={S3Credentials.AccessKey}", $"--secret-key={S3Credentials.SecretKey}");
    }

    private HeldProcess Start(params ReadOnlySpan<string> command) => HeldProcess.Start(_folder.Combine($"{command[0]}.log"), "KILL", _environment, command);

    private Task RunAsync(params string[] command) => Programs.RunAsync(_environment, command);
}
