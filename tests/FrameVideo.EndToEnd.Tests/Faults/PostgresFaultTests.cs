using System.Diagnostics;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Faults;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests.Faults;

/// <summary>PostgreSQL crashes and is cut off under load: callers see 503 and nothing else, and what was acknowledged is there.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class PostgresFaultTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(Campaign.IsLong ? 5 : 60);

    [ServerFact]
    [Trait("Campaign", "postgres-faults")]
    public async Task A_database_that_crashes_or_is_cut_off_loses_nothing_and_comes_back()
    {
        await using var server = await OwnPostgres.StartAsync(fsync: true);
        await using var proxy = PostgresFaultProxy.Start(server.Port);
        var database = await server.NewDatabaseAsync();
        await using var pair = await Pair.StartAsync(
            await Backend.ServersAsync(database), new Dictionary<string, string>(StringComparer.Ordinal) { ["Database:ConnectionString"] = proxy.Through(database.ConnectionString) });
        await using var load = new UploadLoad(pair, users: 6, TimeSpan.FromMilliseconds(50));
        await load.WorksAsync("uploads before the first fault", TimeSpan.FromSeconds(30));
        for (var round = 1; round <= (Campaign.IsLong ? 10 : 2); round++)
        {
            await FaultAsync($"round {round}, restarted with -m immediate", () => server.RestartAsync(immediate: true));
            await FaultAsync($"round {round}, all connections cut", () =>
            {
                proxy.CutAll();
                return Task.CompletedTask;
            });
            await FaultAsync($"round {round}, refused until some callers have noticed", async () =>
            {
                var before = load.Unavailable;
                await proxy.RefuseNewAsync();
                proxy.CutAll();
                await Wait.UntilAsync(() => Task.FromResult(load.Unavailable >= before + 3), "503");
                proxy.AcceptNew();
            });
        }

        await load.StopAsync();
        output.WriteLine($"{load.Acknowledged.Count} acknowledged, {load.Unavailable} times 503");
        Assert.Empty(load.Wrong);
        await load.AllAreThereAsync();

        async Task FaultAsync(string what, Func<Task> fault)
        {
            var (acknowledged, refused) = (load.Acknowledged.Count, load.Unavailable);
            await fault();
            var over = Stopwatch.GetTimestamp();
            await load.WorksAsync($"uploads of every user after: {what}", Recovery);
            output.WriteLine($"{what}: every user served again {Stopwatch.GetElapsedTime(over).TotalSeconds:0.00} s after its end; {load.Acknowledged.Count - acknowledged} acknowledged, {load.Unavailable - refused} times 503 meanwhile");
        }
    }
}
