using System.Globalization;
using FrameService.Sessions;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.Api.Tests.Reads;

/// <summary>
/// How fast is read, with the services as processes, keys and all, on PostgreSQL: beside the least that answers from the same rows by the same statement; and with a hundred thousand sessions
/// beside a thousand. Rounds alternate, so what else the machine does meets both. For a machine that has nothing else to do: caller, service and database share it.
/// </summary>
[Needs(TestServers.Postgres)]
[Trait("Campaign", "reads")]
[Trait("Depth", "long")]
public sealed class ReadCampaign(ITestOutputHelper output)
{
    private const int Few = 1000;
    private const int Many = 100_000;
    private const int Rounds = 15;
    private const double BarOfRequests = 0.8;
    private const double BarOfP99 = 1.2;

    [ServerFact]
    public async Task Reading_a_session_costs_little_more_than_its_query()
    {
        await using var server = await OwnPostgres.StartAsync(fsync: false);
        await using var database = await server.NewDatabaseAsync();
        await using var side = await ReadingSide.StartAsync(database, Few, withVideos: false);
        var address = $"http://127.0.0.1:{Ports.Free()}";
        await using var bare = await Benchmark.BareAsync(address, $"{database.ConnectionString};Search Path=frames;Max Auto Prepare=100;No Reset On Close=true", SessionTable.WithFrames);
        await using var load = Benchmark.Load();
        var requests = side.Requests("sessions", row => $"/v1/sessions/{row.Session}");
        var rounds = new List<(LoadOutcome Own, double OwnCpu, LoadOutcome Bare, double BareCpu)>();
        for (var round = -2; round < Rounds; round++)
        {
            // Which comes first takes turns, too; two rounds warm both up.
            var isFirst = round % 2 == 0;
            var first = isFirst ? await CallAsync(side.Frames.Address, side.Frames.Id, side.Key) : await CallAsync(address, bare.Id, null);
            var second = isFirst ? await CallAsync(address, bare.Id, null) : await CallAsync(side.Frames.Address, side.Frames.Id, side.Key);
            var (own, other) = isFirst ? (first, second) : (second, first);
            if (round >= 0) rounds.Add((own.Outcome, own.Cpu, other.Outcome, other.Cpu));
        }

        var ratio = Median(rounds.Select(round => round.Own.PerSecond / round.Bare.PerSecond));
        Say($"requests per second: {Median(rounds.Select(round => round.Own.PerSecond)):F0}, bare {Median(rounds.Select(round => round.Bare.PerSecond)):F0}; ratio, median of {Rounds} rounds: {ratio:F3} ({rounds.Min(round => round.Own.PerSecond / round.Bare.PerSecond):F3}-{rounds.Max(round => round.Own.PerSecond / round.Bare.PerSecond):F3})");
        Say($"processor time of the service alone, a request: {Median(rounds.Select(round => round.OwnCpu)):F0} us, bare {Median(rounds.Select(round => round.BareCpu)):F0} us; ratio {Median(rounds.Select(round => round.BareCpu / round.OwnCpu)):F3}");
        Say($"p99: {Median(rounds.Select(round => round.Own.P99Ms)):F2} ms, bare {Median(rounds.Select(round => round.Bare.P99Ms)):F2} ms; bytes of an answer: {rounds[0].Own.Bytes / rounds[0].Own.Answers}, bare {rounds[0].Bare.Bytes / rounds[0].Bare.Answers}");
        Assert.True(ratio >= BarOfRequests, $"The ratio is {ratio:F3}.");

        async Task<(LoadOutcome Outcome, double Cpu)> CallAsync(string to, int process, string? key)
        {
            var used = Benchmark.ProcessorSeconds(process);
            var outcome = await load.CallAsync(to, requests, key, connections: 8, seconds: 3);
            return (outcome, (Benchmark.ProcessorSeconds(process) - used) * 1e6 / outcome.Answers);
        }
    }

    [ServerFact]
    public async Task A_hundred_thousand_sessions_are_read_as_fast_as_a_thousand()
    {
        await using var server = await OwnPostgres.StartAsync(fsync: false);
        await using var few = await server.NewDatabaseAsync();
        await using var many = await server.NewDatabaseAsync();
        await using var small = await ReadingSide.StartAsync(few, Few, withVideos: true);
        await using var large = await ReadingSide.StartAsync(many, Many, withVideos: true);
        await using var load = Benchmark.Load();
        var failures = new List<string>();
        foreach (var (what, isVideos, path) in Readings())
        {
            var (requestsOfSmall, requestsOfLarge) = (small.Requests(what, path), large.Requests(what, path));
            var rounds = new List<(LoadOutcome Small, LoadOutcome Large)>();
            for (var round = -1; round < Rounds; round++)
            {
                var first = await load.CallAsync(small.AddressOf(isVideos), requestsOfSmall, small.Key, connections: 2, seconds: 2);
                var second = await load.CallAsync(large.AddressOf(isVideos), requestsOfLarge, large.Key, connections: 2, seconds: 2);
                if (round >= 0) rounds.Add((first, second));
            }

            var ratio = Median(rounds.Select(round => round.Large.P99Ms / round.Small.P99Ms));
            Say($"{what,-28} p99 {Median(rounds.Select(round => round.Small.P99Ms)),6:F2} ms with {Few}, {Median(rounds.Select(round => round.Large.P99Ms)),6:F2} ms with {Many}: ratio {ratio:F3}   median {Median(rounds.Select(round => round.Small.MedianMs)):F2}, {Median(rounds.Select(round => round.Large.MedianMs)):F2} ms");
            if (ratio > BarOfP99) failures.Add($"{what}: {ratio:F3}");
        }

        foreach (var plan in await large.PlansAsync()) output.WriteLine(plan);
        Assert.True(failures.Count == 0, string.Join("; ", failures));
    }

    private static IEnumerable<(string What, bool IsVideos, Func<SampledRow, string> Path)> Readings() =>
    [
        ("a session", false, row => $"/v1/sessions/{row.Session}"),
        ("a frame", false, row => $"/v1/sessions/{row.Session}/frames/3"),
        ("sessions, the first page", false, _ => "/v1/sessions"),
        ("sessions, a deep page", false, row => $"/v1/sessions?cursor={Paging.Write(row.CreatedAt, row.Session)}"),
        ("a film", true, row => $"/v1/videos/{row.Film}"),
        ("films, the first page", true, _ => "/v1/videos"),
        ("films, a deep page", true, row => $"/v1/videos?cursor={Paging.Write(row.CreatedAt, row.Film)}"),
        ("films of a session", true, row => $"/v1/videos?requestId={row.Session}"),
    ];

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    private void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
