using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Telemetry;

namespace FrameVideo.Api.Tests.Telemetry;

/// <summary>A collector is no part of the service: it may be away, and nobody waits for it.</summary>
public sealed class CollectorTests
{
    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task One_that_is_down_is_said_once_harms_nothing_and_is_used_again_when_it_is_back(string protocol)
    {
        var port = Ports.Free();
        using var data = new TempFolder();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Data__Folder"] = data.Combine("data"),
            // The standard's own names, which win.
            ["Telemetry__OtlpEndpoint"] = "http://127.0.0.1:9",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-secret=never-in-a-log",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_SERVICE_NAME"] = "frames-of-the-house",
        };
        await using var service = new ServiceProcess("FrameService", data.Combine("frames.log"), environment);
        await service.StartAsync();
        await Wait.UntilAsync(() => service.Log.Contains("The telemetry collector takes nothing", StringComparison.Ordinal), "the line about the collector");
        using var http = Http.Client(service.Address);
        var id = RequestId.New(TimeProvider.System);
        await http.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();

        await using var collector = await OtlpReceiver.StartAsync(port, isGrpc: protocol == "grpc");
        await collector.UntilAsync(seen => seen.Metrics.FirstOrDefault(metric => metric.Name == "framevideo.frames.stored"), "metrics at the collector that came late");
        Assert.All(collector.Metrics, metric => Assert.Equal("frames-of-the-house", metric.Service));
        Assert.All(collector.Headers, headers => Assert.Equal("never-in-a-log", headers["x-secret"]));
        await Wait.UntilAsync(() => service.Log.Contains("The telemetry collector takes again", StringComparison.Ordinal), "the line about its return");

        // On SQLite and a folder, a request has the spans of its statements and of the store.
        await http.PutPictureAsync(id, 2, Pictures.Png()).ReadAsync<Frame>();
        var put = await collector.UntilAsync(seen => seen.Spans.FirstOrDefault(span => span.Name == "folder.put"), "the span of the folder");
        var write = await collector.UntilAsync(seen => seen.Spans.FirstOrDefault(span => span.Name == "sqlite write" && span.TraceId == put.TraceId), "the span of the transaction");
        Assert.Equal(("sqlite", "frames", ExportedSpan.Client), (write["db.system.name"], write["db.namespace"], write.Kind));
        // The loops in the background ask the database several times a second, and belong to no trace.
        Assert.DoesNotContain(collector.Spans, span => span.Kind == ExportedSpan.Client && span.ParentId.Length == 0);

        Assert.Equal(0, await service.TerminateAsync());
        Assert.Single(service.Log.Split('\n'), line => line.Contains("takes nothing", StringComparison.Ordinal));
        Assert.DoesNotContain("never-in-a-log", service.Log, StringComparison.Ordinal);
    }
}
