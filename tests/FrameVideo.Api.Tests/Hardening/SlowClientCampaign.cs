using System.Diagnostics;
using System.Globalization;
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
        var bad = new BadClient(address, film);
        await MeasureAsync(http, id, IsLong ? Stretch : Stretch / 3);
        var (quiet, attacked, before) = (new List<double>(), new List<double>(), Memory());
        long during = 0;
        for (var round = 0; round < Rounds; round++)
        {
            quiet.AddRange(await MeasureAsync(http, id, Stretch));
            using var stop = new CancellationTokenSource();
            var clients = BadClient.Kinds.Keys.SelectMany(kind => Enumerable.Range(0, OfEachKind).Select(i => bad.RunAsync(kind, i, stop.Token))).ToList();
            attacked.AddRange(await MeasureAsync(http, id, Stretch));
            if (!IsLong) await Wait.UntilAsync(() => bad.Ends.ContainsKey(("slow body", 408)) && bad.Ends.ContainsKey(("slow headers", 408)), "the slow ones to be cut");
            during = Math.Max(during, Memory());
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        }

        foreach (var (kind, expected) in BadClient.Kinds)
        {
            output.WriteLine($"{kind,-20} {bad.Summary(kind)}");
            Assert.All(bad.Ends.Keys.Where(end => end.Kind == kind), end => Assert.Contains(end.Status, expected));
        }

        var (normal, burdened) = (P99(quiet), P99(attacked));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{who}: {OfEachKind * BadClient.Kinds.Count} bad connections at a time; bystander p99 {normal:F1} ms of {quiet.Count} quiet, {burdened:F1} ms of {attacked.Count} during; ratio {burdened / normal:F2} (at most {MaxRatio}); memory {before} to {during} MiB"));
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

    private long Memory() => (pair.Frames.ResidentBytes + pair.Door.ResidentBytes) >> 20;
}
