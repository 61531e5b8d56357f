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
        // As its parts come; and once more, for a look, with the service's own settings of the connection.
        var connection = $"{database.ConnectionString};Search Path=frames";
        var (address, preparedAddress) = ($"http://127.0.0.1:{Ports.Free()}", $"http://127.0.0.1:{Ports.Free()}");
        await using var bare = await Benchmark.BareAsync(address, connection, SessionTable.WithFrames);
        await using var prepared = await Benchmark.BareAsync(preparedAddress, $"{connection};Max Auto Prepare=100;No Reset On Close=true", SessionTable.WithFrames);
        await using var load = Benchmark.Load();
        var requests = side.Requests("sessions", row => $"/v1/sessions/{row.Session}");
        (string Name, string Address, int Process, string? Key)[] contenders = [("service", side.Frames.Address, side.Frames.Id, side.Key), ("bare", address, bare.Id, null), ("bare, prepared", preparedAddress, prepared.Id, null)];
        var rounds = new List<Dictionary<string, (LoadOutcome Outcome, double Cpu)>>();
        for (var round = -2; round < Rounds; round++)
        {
            var outcomes = new Dictionary<string, (LoadOutcome, double)>(StringComparer.Ordinal);
            // Which comes first takes turns, too; two rounds warm all up.
            for (var i = 0; i < contenders.Length; i++)
            {
                var (name, to, process, key) = contenders[(i + round + 3) % contenders.Length];
                var used = Benchmark.ProcessorSeconds(process);
                var outcome = await load.CallAsync(to, requests, key, connections: 8, seconds: 3);
                outcomes[name] = (outcome, (Benchmark.ProcessorSeconds(process) - used) * 1e6 / outcome.Answers);
            }

            if (round >= 0) rounds.Add(outcomes);
        }

        foreach (var (name, _, _, _) in contenders)
            Say($"{name,-16} {Median(rounds.Select(round => round[name].Outcome.PerSecond)),6:F0} requests a second, p99 {Median(rounds.Select(round => round[name].Outcome.P99Ms)):F2} ms, its own processor time {Median(rounds.Select(round => round[name].Cpu)):F0} us a request, {rounds[0][name].Outcome.Bytes / rounds[0][name].Outcome.Answers} bytes");
        var ratio = Ratio("bare");
        Say($"the service's requests a second to the bare one's, median of {Rounds} rounds: {ratio:F3}; to those of the bare one that prepares its statements, too: {Ratio("bare, prepared"):F3}");
        Assert.True(ratio >= BarOfRequests, $"The ratio is {ratio:F3}.");

        double Ratio(string other) => Median(rounds.Select(round => round["service"].Outcome.PerSecond / round[other].Outcome.PerSecond));
    }

    [ServerFact]
    public async Task A_hundred_thousand_sessions_are_read_as_fast_as_a_thousand()
    {
        // As one has it who keeps so much: else it is measured how fast pages are copied out of the file system's cache.
        await using var server = await OwnPostgres.StartAsync(fsync: false, buffers: "2GB");
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
