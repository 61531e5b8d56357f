using System.Diagnostics;
using System.Globalization;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests.Nodes;

/// <summary>
/// How soon work is taken up, taken over and stopped, with nodes as processes and the configuration as it comes. In the normal run a tiny slice, without figures to hold; whole, it holds the
/// bars, which are for a machine that has nothing else to do.
/// </summary>
[Needs(TestServers.Postgres | TestServers.S3)]
[Trait("Campaign", "latency")]
[Trait("Depth", "long")]
[Collection(nameof(TwoVideoNodes))]
public sealed class LatencyCampaign(TwoVideoNodes two, ITestOutputHelper output)
{
    private static readonly int PickUps = Campaign.IsLong ? 120 : 1;
    private static readonly int Rounds = Campaign.IsLong ? 6 : 1;

    [ServerFact]
    public async Task Work_is_taken_up_taken_over_and_stopped_in_time()
    {
        var nodes = two.Nodes;
        var session = await nodes.SaveAsync(1);
        var figures = new List<(string What, double Median, double P95, double Max, int Count, double Bar)>();

        // Warm: what a process does for the first time is not what is measured.
        foreach (var node in new[] { 0, 1 }) await nodes.Videos(node).EndedAsync((await nodes.QuickAsync(node, session)).Id);
        Tell("render taken up, either node free", await PickUpsAsync(nodes, session), 0.1);
        Tell("generation taken up", await GenerationsAsync(nodes), 0.1);
        var holder = await HoldAsync(nodes, session);
        Tell("render taken up, the accepting node full", await PickUpsAsync(nodes, session), 1.2);
        await StopAsync(nodes, holder);
        Tell("encoder's end after cancel, same node", await CancelsAsync(nodes, session, isSame: true), 1);
        Tell("encoder's end after cancel, other node", await CancelsAsync(nodes, session, isSame: false), 3);
        if (Campaign.IsLong) Tell("taken over after the node's death", await TakeOversAsync(nodes, session), 30);

        if (!Campaign.IsLong) return;
        Assert.All(figures, figure => Assert.True((figure.Count >= 100 ? figure.Median : figure.Max) < figure.Bar, $"{figure.What}: {figure}"));

        void Tell(string what, List<double> seconds, double bar)
        {
            seconds.Sort();
            var (median, p95) = (seconds[seconds.Count / 2], seconds[(int)(seconds.Count * 0.95)]);
            figures.Add((what, median, p95, seconds[^1], seconds.Count, bar));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-42} n {seconds.Count,3}   median {median,7:F3} s   p95 {p95,7:F3} s   max {seconds[^1],7:F3} s   bar {bar:F1} s"));
        }
    }

    /// <summary>From the answer of the first node to the start that the row tells.</summary>
    private static async Task<List<double>> PickUpsAsync(VideoNodes nodes, RequestId session)
    {
        var seconds = new List<double>();
        for (var i = 0; i < PickUps; i++)
        {
            var film = await nodes.QuickAsync(0, session);
            var accepted = TimeProvider.System.GetUtcNow();
            Assert.Equal(VideoStatus.Completed, (await nodes.Videos(0).EndedAsync(film.Id)).Status);
            seconds.Add(Math.Max(0, ((await nodes.StartedAsync(film.Id))!.Value - accepted).TotalSeconds));
        }

        return seconds;
    }

    /// <summary>From the answer to the first reading that shows it in progress.</summary>
    private static async Task<List<double>> GenerationsAsync(VideoNodes nodes)
    {
        var seconds = new List<double>();
        for (var i = 0; i < PickUps; i++)
        {
            var id = (await nodes.Frames.PostAsync("/v1/sessions", new { prompt = "a lamp", frameCount = 1, videoDuration = 2 }).ReadAsync<Session>()).Id;
            var accepted = Stopwatch.GetTimestamp();
            while ((await nodes.Frames.GetAsync<Session>($"/v1/sessions/{id}")).Status == SessionStatus.Queued) await Task.Delay(2);
            seconds.Add(Stopwatch.GetElapsedTime(accepted).TotalSeconds);
            await nodes.Frames.EndedAsync(id);
        }

        return seconds;
    }

    /// <summary>Fills the first node with a film that takes minutes.</summary>
    private static async Task<VideoId> HoldAsync(VideoNodes nodes, RequestId session)
    {
        while (true)
        {
            var film = await nodes.SlowAsync(0, session);
            if (await nodes.EncodingAsync(film.Id) == 0) return film.Id;
            await StopAsync(nodes, film.Id);
        }
    }

    private static async Task<List<double>> CancelsAsync(VideoNodes nodes, RequestId session, bool isSame)
    {
        var seconds = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var film = await nodes.SlowAsync(round % 2, session);
            var node = await nodes.EncodingAsync(film.Id);
            var asked = Stopwatch.GetTimestamp();
            await nodes.Videos(isSame ? node : 1 - node).PostAsync($"/v1/videos/{film.Id}/cancel", new { }).ReadAsync<Video>();
            while (nodes.Encoders(film.Id).Count > 0) await Task.Delay(5);
            seconds.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
        }

        return seconds;
    }

    /// <summary>From the KILL of the node that renders to the first encoder of another one.</summary>
    private static async Task<List<double>> TakeOversAsync(VideoNodes nodes, RequestId session)
    {
        var seconds = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var film = await nodes.SlowAsync(round % 2, session);
            var node = await nodes.EncodingAsync(film.Id);
            var killed = Stopwatch.GetTimestamp();
            await nodes.Cluster.Videos[node].KillAsync();
            await nodes.EncodingAsync(film.Id, other => other != node);
            seconds.Add(Stopwatch.GetElapsedTime(killed).TotalSeconds);
            Assert.Equal(2, await nodes.AttemptAsync(film.Id));
            await nodes.Cluster.Videos[node].StartAsync();
            await StopAsync(nodes, film.Id);
        }

        return seconds;
    }

    private static async Task StopAsync(VideoNodes nodes, VideoId film)
    {
        await nodes.Videos(0).PostAsync($"/v1/videos/{film}/cancel", new { }).ReadAsync<Video>();
        await Wait.UntilAsync(() => nodes.Encoders(film).Count == 0, "the encoders to end");
    }
}
