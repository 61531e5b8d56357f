using FrameVideo.TestKit.Servers;
using FrameVideo.TestKit.Telemetry;

namespace FrameVideo.Api.Tests.Telemetry;

/// <summary>What operators are told of metrics is what the services export.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
[Collection(Traced.Name)]
public sealed class MetricTests(TracedPair pair)
{
    /// <summary>What a session and a film without a mishap do not touch.</summary>
    private static readonly string[] OfMishaps = ["framevideo.frames.parked", "framevideo.render.failures", "framevideo.event_streams.open"];

    /// <summary>Words of short lists, and no others.</summary>
    private static readonly string[] Attributes = ["operation", "outcome", "folder", "work", "state", "way", "step", "stage", "kind", "code", "error.type"];

    [ServerFact]
    public async Task Every_metric_that_the_README_lists_is_exported_with_its_unit_and_no_other()
    {
        Assert.True(ListedMetrics.All.Count >= 20);
        var wanted = ListedMetrics.All.Where(one => !OfMishaps.Contains(one.Name)).ToList();
        var own = await pair.Collector.UntilAsync(
            seen => seen.Metrics.Where(metric => metric.Meter == "FrameVideo").ToList() is var there && wanted.TrueForAll(one => there.Exists(metric => metric.Name == one.Name)) ? there : null,
            "the metrics of the README");
        Assert.Empty(own.Select(metric => (metric.Name, metric.Unit)).Distinct().Except(ListedMetrics.All));
        Assert.All(own, metric => Assert.NotEmpty(metric.Description));
        Assert.Empty(own.SelectMany(metric => metric.Points).SelectMany(point => point.Attributes.Keys).Distinct().Except(Attributes));
        Assert.All(own.SelectMany(metric => metric.Points).SelectMany(point => point.Attributes.Values), value => Assert.Matches("^[A-Za-z_-]{1,40}$", value));
    }

    [ServerFact]
    public async Task They_count_what_was_done()
    {
        Assert.Equal(4, await SumAsync("framevideo.frames.stored", point => point.Value));
        Assert.Equal(1, await SumAsync("framevideo.films", point => point.Value, ("outcome", "completed")));
        Assert.Equal(3, await SumAsync("framevideo.render.pieces", point => point.Value, ("way", "encoded")));
        Assert.Equal(1, await SumAsync("framevideo.work.duration", point => point.Count, ("work", "render"), ("outcome", "done")));
        Assert.Equal(2, await SumAsync("framevideo.generation.step.duration", point => point.Count, ("step", "frame"), ("outcome", "done")));
        Assert.Equal(0, await SumAsync("framevideo.parked.frames", point => point.Value));
    }

    [ServerFact]
    public async Task Those_of_the_conventions_are_there_too_by_route_and_not_by_path()
    {
        string[] wanted = ["http.server.request.duration", "http.client.request.duration", "kestrel.active_connections", "dotnet.gc.collections", "db.client.operation.duration"];
        var there = await pair.Collector.UntilAsync(seen => Array.TrueForAll(wanted, name => seen.Metrics.Any(metric => metric.Name == name && metric.Service == "FrameService")) ? seen.Metrics : null, "the conventions' metrics");
        var requests = there.Single(metric => metric is { Name: "http.server.request.duration", Service: "FrameService" });
        Assert.Equal("s", requests.Unit);
        Assert.Contains(requests.Points, point => point.Attributes.GetValueOrDefault("http.route") == "/v1/sessions/{requestId}");
        Assert.DoesNotContain(there.SelectMany(metric => metric.Points).SelectMany(point => point.Attributes.Values), value => value.Contains("req_", StringComparison.Ordinal) || value.Contains("Password", StringComparison.OrdinalIgnoreCase));
        // Hosts that users name would be series without number.
        Assert.All(there.Where(metric => metric.Name.StartsWith("http.client.", StringComparison.Ordinal)).SelectMany(metric => metric.Points), point => Assert.NotEqual(pair.ReceiverPort, point.Attributes.GetValueOrDefault("server.port")));
    }

    private async Task<double> SumAsync(string name, Func<ExportedPoint, double> value, params (string Name, string Value)[] attributes)
    {
        var metric = await pair.Collector.UntilAsync(
            seen => seen.Metrics.FirstOrDefault(metric => metric.Name == name && metric.Points.Any(point => Array.TrueForAll(attributes, one => point.Attributes.GetValueOrDefault(one.Name) == one.Value))), name);
        return metric.Points.Where(point => Array.TrueForAll(attributes, one => point.Attributes.GetValueOrDefault(one.Name) == one.Value)).Sum(value);
    }
}
