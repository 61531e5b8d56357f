using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using Xunit.Abstractions;

namespace FrameVideo.Api.Tests.Hardening;

/// <summary>
/// Hundreds of bad connections of each kind against the service and against the front door, while somebody else works: every request of the bystander succeeds, in about its usual time.
/// Quiet and attacked stretches take turns. In the normal run a small slice, without figures to hold.
/// </summary>
[Trait("Campaign", "slow-clients")]
public sealed class SlowClientCampaign(ITestOutputHelper output, DoorAndService pair) : IClassFixture<DoorAndService>
{
    private const double MaxRatio = 2;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("FRAMEVIDEO_LONG") == "1";
    private static readonly int OfEachKind = IsLong ? 200 : 8;
    private static readonly int Rounds = IsLong ? 6 : 1;
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(IsLong ? 12 : 1.5);

    /// <summary>The kinds of bad connections, and the answers that may end each: 0 is an end without an answer.</summary>
    private static readonly Dictionary<string, int[]> Expected = new(StringComparer.Ordinal)
    {
        ["slow headers"] = [408, 0],
        ["slow body"] = [408, 0],
        ["endless chunks"] = [413, 408, 0],
        ["1 GB"] = [413, 0],
        ["conflicting lengths"] = [400, 0],
        ["never reads"] = [200, 0],
        ["half-closed"] = [400, 408, 0],
    };

    [Theory]
    [InlineData("service")]
    [InlineData("door")]
    public async Task Bad_connections_of_every_kind_are_cut_and_a_bystander_is_served_as_ever(string who)
    {
        var address = pair.AddressOf(who);
        using var http = Http.Client(address, "bystander");
        var id = RequestId.New(TimeProvider.System);
        using var picture = new LargePictures(IsLong ? 20_000_000 : 8_000_000).Body(1);
        var film = new Uri((await http.PutAsync($"/v1/sessions/{id}/frames/1", picture).ReadAsync<Frame>()).ImageUrl!).PathAndQuery;
        await using var attackers = Benchmark.Attack(address, film);
        await MeasureAsync(http, id, IsLong ? Stretch : Stretch / 3);
        if (IsLong)
        {
            // What a service that has just been started has to compile for answers of this kind is not what is asked here.
            await AskAsync(attackers, string.Create(CultureInfo.InvariantCulture, $"begin {OfEachKind}"));
            await MeasureAsync(http, id, Stretch);
            await AskAsync(attackers, "stop");
        }

        var (quiet, attacked, before) = (new List<double>(), new List<double>(), Memory());
        var (ends, during, used, theirs) = (Array.Empty<End>(), 0L, 0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            quiet.AddRange(await MeasureAsync(http, id, Stretch));
            await AskAsync(attackers, string.Create(CultureInfo.InvariantCulture, $"begin {OfEachKind}"));
            var (usedBefore, theirsBefore) = (Used(), Benchmark.ProcessorSeconds(attackers.Id));
            attacked.AddRange(await MeasureAsync(http, id, Stretch));
            (used, theirs) = (used + Used() - usedBefore, theirs + Benchmark.ProcessorSeconds(attackers.Id) - theirsBefore);
            if (!IsLong) await Wait.UntilAsync(async () => (await AskAsync(attackers, "ends")).Where(end => end.Status == 408).Select(end => end.Kind).ToHashSet(StringComparer.Ordinal).IsSupersetOf(["slow body", "slow headers"]), "the slow ones to be cut");
            during = Math.Max(during, Memory());
            ends = await AskAsync(attackers, "stop");
        }

        foreach (var (kind, expected) in Expected)
        {
            var these = ends.Where(end => end.Kind == kind).OrderBy(end => end.Status).ToList();
            output.WriteLine($"{kind,-20} {string.Join(", ", these.Select(end => $"{(end.Status == 0 ? "cut" : end.Status)} x {end.Count}"))}");
            Assert.All(these, end => Assert.Contains(end.Status, expected));
        }

        var (normal, burdened) = (P99(quiet), P99(attacked));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{who}: {OfEachKind * Expected.Count} bad connections at a time; bystander p99 {normal:F1} ms of {quiet.Count} quiet, {burdened:F1} ms of {attacked.Count} during; ratio {burdened / normal:F2} (at most {MaxRatio}); memory {before} to {during} MiB; of the processors' time meanwhile, door and service {used / (Rounds * Stretch.TotalSeconds):P0} of one, the bad ones {theirs / (Rounds * Stretch.TotalSeconds):P0}"));
        await Wait.UntilAsync(() => !pair.Spooled().Any(), "the spooled files to go");
        Assert.All(pair.Objects(), file => Assert.DoesNotContain("req_1_bad", file, StringComparison.Ordinal));
        if (IsLong) Assert.InRange(burdened / normal, 0, MaxRatio);
    }

    /// <summary>What a page does: reads its session, its list, a part of a picture. Every answer is a success, or the test fails.</summary>
    private static async Task<List<double>> MeasureAsync(HttpClient http, RequestId id, TimeSpan time)
    {
        string[] paths = [$"/v1/sessions/{id}", "/v1/sessions?limit=5", $"/v1/sessions/{id}/frames/1"];
        var all = new List<double>();
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async worker =>
        {
            for (var i = worker; Stopwatch.GetElapsedTime(began) < time; i++)
            {
                var start = Stopwatch.GetTimestamp();
                using var answer = await http.GetAsync(paths[i % paths.Length]);
                await answer.Content.ReadAsByteArrayAsync();
                var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                Assert.Equal(200, (int)answer.StatusCode);
                lock (all) all.Add(took);
                await Task.Delay(5);
            }
        }));
        return all;
    }

    private static double P99(List<double> times)
    {
        times.Sort();
        return times[(int)(times.Count * 0.99)];
    }

    private static async Task<End[]> AskAsync(Benchmark attackers, string line) => JsonSerializer.Deserialize<End[]>(await attackers.AskAsync(line))!;

    private double Used() => Benchmark.ProcessorSeconds(pair.Frames.Id) + Benchmark.ProcessorSeconds(pair.Door.Id);

    private long Memory() => (pair.Frames.ResidentBytes + pair.Door.ResidentBytes) >> 20;

    /// <summary>How many connections of a kind ended so.</summary>
    private sealed record End(string Kind, int Status, int Count);
}
