using System.Collections.Concurrent;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Xunit.Abstractions;

namespace FrameVideo.EndToEnd.Tests.Streams;

/// <summary>Many open streams on one instance: each event reaches all of them, once and in order; how soon, is printed.</summary>
public abstract class StreamCampaign(ITestOutputHelper output)
{
    private readonly int _streams = Campaign.IsLong ? 500 : 60;
    private readonly int _events = Campaign.IsLong ? 100 : 8;

    /// <summary>What the instances share.</summary>
    protected abstract Task<Backend> BackendAsync();

    /// <summary>Instances beside the one that has the streams; they write, too.</summary>
    protected abstract int Others { get; }

    [ServerTheory]
    [Trait("Campaign", "streams")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_event_reaches_every_stream(bool ofManySessions)
    {
        using var data = new TempFolder();
        await using var backend = await BackendAsync();
        var environment = backend.Settings.ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value, StringComparer.Ordinal);
        environment["Data__Folder"] = data.Combine("data");
        environment["Events__MaxStreamsPerUser"] = "1000";
        var instances = Enumerable.Range(0, 1 + Others).Select(i => new ServiceProcess("FrameService", data.Combine($"frames-{i}.log"), environment)).ToList();
        try
        {
            // The first makes the schema.
            foreach (var instance in instances) await instance.StartAsync();
            await RunAsync(instances, ofManySessions ? _streams / 10 : 1);
        }
        finally
        {
            foreach (var instance in instances) await instance.DisposeAsync();
        }
    }

    private async Task RunAsync(List<ServiceProcess> instances, int sessionCount)
    {
        var writers = instances.Select(instance => Http.Client(instance.Address)).ToList();
        using var http = Http.Client(instances[0].Address);
        var sessions = Enumerable.Range(0, sessionCount).Select(_ => RequestId.New(TimeProvider.System)).ToList();
        var picture = Pictures.Png(8, 8);
        foreach (var session in sessions) await writers[0].PutPictureAsync(session, 1, picture).ReadAsync<Frame>();

        var delays = new ConcurrentBag<(bool OfOther, double Milliseconds)>();
        var memory = instances[0].ResidentBytes;
        var opened = new CountdownEvent(_streams);
        var following = Enumerable.Range(0, _streams).Select(i => FollowAsync(http, sessions[i % sessionCount], delays, opened)).ToList();
        Assert.True(await Task.Run(() => opened.Wait(TimeSpan.FromSeconds(60))), "Not every stream was opened.");
        for (var number = 2; number <= _events + 1; number++)
        {
            var writer = writers[number % writers.Count];
            await Task.WhenAll(sessions.Select(session => writer.PutPictureAsync(session, number, picture).ReadAsync<Frame>()));
            // A few a second, as a generation has them.
            await Task.Delay(100);
        }

        await Task.WhenAll(following).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(_streams * _events, delays.Count);
        Report($"{_streams} streams of {sessionCount} sessions, {_events} events each", "written on the same instance", delays.Where(delay => !delay.OfOther));
        if (Others > 0) Report($"{_streams} streams of {sessionCount} sessions, {_events} events each", "written on another instance", delays.Where(delay => delay.OfOther));
        output.WriteLine($"  memory of the instance: {memory / 1e6:0} MB before, {instances[0].ResidentBytes / 1e6:0} MB with the streams");
        writers.ForEach(writer => writer.Dispose());
    }

    /// <summary>Follows until the last event; every one has to come, in order and once.</summary>
    private async Task FollowAsync(HttpClient http, RequestId session, ConcurrentBag<(bool, double)> delays, CountdownEvent opened)
    {
        using var stream = await EventStream.OpenAsync(http, $"/v1/sessions/{session}/events");
        var expected = 1L;
        await foreach (var entry in stream!.ReadAsync())
        {
            // The log's time is taken in the transaction, so what is measured has the commit within it.
            var delay = TimeProvider.System.GetUtcNow() - entry.Time;
            Assert.Equal(expected++, entry.Number);
            if (entry.Number == 1) opened.Signal();
            else delays.Add((entry.Number % (1 + Others) != 0, delay.TotalMilliseconds));
            if (entry.Number == _events + 1) return;
        }

        Assert.Fail("The stream ended early.");
    }

    private void Report(string what, string where, IEnumerable<(bool, double Milliseconds)> delays)
    {
        var sorted = delays.Select(delay => delay.Milliseconds).Order().ToList();
        output.WriteLine($"{what}, {where}: from the log's time to the client median {sorted[sorted.Count / 2]:0} ms, p99 {sorted[sorted.Count * 99 / 100]:0} ms, max {sorted[^1]:0} ms ({sorted.Count} deliveries)");
    }
}

[Trait("Depth", "long")]
public sealed class StreamCampaignOnSqlite(ITestOutputHelper output) : StreamCampaign(output)
{
    protected override int Others => 0;

    protected override Task<Backend> BackendAsync() => Task.FromResult(Backend.Embedded());
}

[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class StreamCampaignOnServers(ITestOutputHelper output) : StreamCampaign(output)
{
    protected override int Others => 1;

    protected override Task<Backend> BackendAsync() => Backend.ServersAsync();
}
