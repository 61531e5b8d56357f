using System.Diagnostics;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests.Kills;

/// <summary>One node of each service on SQLite and a folder.</summary>
public sealed class KillTests(ITestOutputHelper output) : KillSuite(output)
{
    protected override Task<Cluster> StartAsync(Dictionary<string, string> settings) => Cluster.StartAsync(null, 1, 1, settings);
}

/// <summary>Several nodes of each service on PostgreSQL and S3.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class KillOnServersTests(ITestOutputHelper output) : KillSuite(output)
{
    protected override async Task<Cluster> StartAsync(Dictionary<string, string> settings)
    {
        // So that what a killed node has held is not waited for; a slice has no time to wait.
        settings["Jobs:CheckinPeriod"] = Campaign.IsLong ? "00:00:02" : "00:00:00.500";
        var nodes = Campaign.IsLong ? 3 : 2;
        return await Cluster.StartAsync(await Backend.ServersAsync(), nodes, nodes, settings);
    }
}

/// <summary>
/// Services that are killed at any moment of a mixed load: afterwards every acknowledged request has exactly one outcome, nothing has gone backwards, every link leads to the bytes of its
/// hash, and nothing half made is left. <c>FRAMEVIDEO_SEED</c> repeats what is done and who is killed.
/// </summary>
public abstract class KillSuite(ITestOutputHelper output)
{
    protected abstract Task<Cluster> StartAsync(Dictionary<string, string> settings);

    [ServerFact]
    [Trait("Campaign", "kills")]
    public async Task Every_acknowledged_request_has_one_outcome_whoever_is_killed()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED"), out var given) ? given : Campaign.IsLong ? Environment.ProcessId : 20261122;
        var (kills, wanted) = Campaign.IsLong ? (100, 200) : (2, 4);
        output.WriteLine($"FRAMEVIDEO_SEED={seed}");
        var began = Stopwatch.GetTimestamp();
        // What cannot be finished is what kills are blamed for; a film that gives up after eight in a row would say so rightly.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Rendering:MaxAttempts"] = "50", ["Jobs:RetryDelay"] = "00:00:01", ["Idempotency:Lease"] = "00:00:02" };
        await using var cluster = await StartAsync(settings);
        Killer killer = null!;
        using var load = new KillLoad(cluster, seed, wanted, () => killer is null || killer.Done < kills);
        killer = new Killer(cluster, load, new Random(seed), kills, wanted / kills);
        IReadOnlyCollection<string> observed;
        await using (var observers = new Observers(cluster, load))
        {
            await killer.RunAsync();
            await load.EndAsync();
            observed = observers.Wrong;
            output.WriteLine($"{killer.Done} kills, {load.Promises.Count} sessions and videos, {observers.Readings} readings in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s; acknowledged: {load.Summary}");
        }

        var aftermath = new Aftermath(cluster, load);
        await aftermath.CalmAsync();
        // The last, calm start: what killed processes have left goes now.
        await Task.WhenAll(cluster.Nodes.Select(node => node.TerminateAsync()));
        // Pictures that were killed between put and commit go; what is promised is looked at after that.
        foreach (var said in await Task.WhenAll(SweepAsync(cluster.Frames[0]), SweepAsync(cluster.Videos[0]))) output.WriteLine($"sweep: {said}");
        await Task.WhenAll(cluster.Nodes.Select(node => node.StartAsync()));
        await aftermath.PromisesAsync();
        await aftermath.RowsAsync();
        if (Campaign.IsLong) Assert.All(await Task.WhenAll(SweepAsync(cluster.Frames[0]), SweepAsync(cluster.Videos[0])), said => Assert.Contains(" 0 orphans removed", said, StringComparison.Ordinal));
        output.WriteLine($"{aftermath.Compared} links compared, {aftermath.Exhausted} gave up honestly; {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s in all");
        var wrong = load.Wrong.Concat(observed).Concat(aftermath.Wrong).Concat(Left(cluster)).ToList();
        foreach (var sentence in wrong) output.WriteLine(sentence);
        Assert.Empty(wrong);
    }

    private static async Task<string> SweepAsync(ServiceProcess service)
    {
        var (code, said, errors) = await service.CommandAsync("sweep", "--older-than", "0");
        Assert.True(code == 0, $"{code}: {said}{errors}");
        return said.Trim().Split('\n')[^1];
    }

    /// <summary>Temporary files, and encoders that work for nobody.</summary>
    private static IEnumerable<string> Left(Cluster cluster)
    {
        string[] temporary = ["tmp", "spool", Path.Combine("objects", ".tmp")];
        return cluster.DataFolders.SelectMany(data => temporary.Select(folder => Path.Combine(data, folder))).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .Concat(Process.GetProcessesByName("ffmpeg").Select(CommandLine).Where(command => command.Contains(cluster.Data.Path, StringComparison.Ordinal)));
    }

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
