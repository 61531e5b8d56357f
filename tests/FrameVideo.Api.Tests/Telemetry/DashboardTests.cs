using System.Text.Json;
using System.Text.RegularExpressions;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Telemetry;

/// <summary>The dashboard that operators import.</summary>
public sealed partial class DashboardTests
{
    [Fact]
    public void The_dashboard_asks_for_metrics_that_there_are()
    {
        var known = ListedMetrics.All.SelectMany(one => Prometheus(one.Name, one.Unit))
            .Concat([.. Prometheus("http.server.request.duration", "s"), .. Prometheus("db.client.operation.duration", "s"), .. Prometheus("dotnet.process.memory.working_set", "By")]).ToHashSet(StringComparer.Ordinal);
        var dashboard = JsonDocument.Parse(File.ReadAllText(Repository.Combine("deploy/dashboards/framevideo.json"))).RootElement;
        var queries = dashboard.GetProperty("panels").EnumerateArray().Where(panel => panel.TryGetProperty("targets", out _)).SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!).ToList();
        Assert.True(queries.Count >= 15);
        var asked = queries.SelectMany(query => Metric().Matches(query).Select(match => match.Value)).Distinct().ToList();
        Assert.Empty(asked.Except(known, StringComparer.Ordinal));
        Assert.All(queries, query => Assert.Matches(Metric(), query));
    }

    /// <summary>The names under which Prometheus keeps a metric of OTLP.</summary>
    private static IEnumerable<string> Prometheus(string name, string unit)
    {
        var plain = name.Replace('.', '_') + unit switch { "s" => "_seconds", "By" => "_bytes", "1" => "_ratio", _ => "" };
        return [plain, $"{plain}_total", $"{plain}_bucket", $"{plain}_count", $"{plain}_sum"];
    }

    [GeneratedRegex(@"\b(framevideo|http_server|http_client|db|dotnet|kestrel)_[a-z_]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Metric();
}
