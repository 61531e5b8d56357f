using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FrameVideo.TestKit.Telemetry;

/// <summary>A collector that speaks OTLP over HTTP or gRPC and keeps what it is sent, as it came and read.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private const string Services = "opentelemetry.proto.collector";
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ExportedSpan> _spans = [];
    private readonly ConcurrentDictionary<(string Service, string Name), ExportedMetric> _metrics = [];
    private readonly ConcurrentQueue<byte[]> _bodies = [];
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _headers = [];

    private OtlpReceiver(WebApplication app, string address) => (_app, Address) = (app, address);

    /// <summary>What <c>Telemetry:OtlpEndpoint</c> is set to.</summary>
    public string Address { get; }

    /// <summary>All spans so far.</summary>
    public IReadOnlyCollection<ExportedSpan> Spans => _spans;

    /// <summary>Each metric of each service, as it was sent last.</summary>
    public IReadOnlyCollection<ExportedMetric> Metrics => [.. _metrics.Values];

    /// <summary>The headers of each request.</summary>
    public IReadOnlyCollection<IReadOnlyDictionary<string, string>> Headers => _headers;

    /// <summary>The configuration that sends everything here at once.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Telemetry:OtlpEndpoint"] = Address,
        ["Telemetry:OtlpProtocol"] = "http/protobuf",
        ["Telemetry:GaugePeriod"] = "00:00:00.2",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    /// <summary>Listens.</summary>
    /// <param name="port">Where; any by default.</param>
    /// <param name="isGrpc">Whether it speaks gRPC, over HTTP/2 without TLS, and nothing else.</param>
    public static async Task<OtlpReceiver> StartAsync(int? port = null, bool isGrpc = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = $"http://127.0.0.1:{port ?? Ports.Free()}";
        builder.WebHost.UseSetting("urls", address);
        if (isGrpc) builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var receiver = new OtlpReceiver(app, address);
        Func<HttpContext, Action<ProtoMessage>, Task> take = isGrpc ? receiver.TakeCallAsync : receiver.TakeAsync;
        app.MapPost(isGrpc ? $"/{Services}.trace.v1.TraceService/Export" : "/v1/traces", context => take(context, message =>
        {
            foreach (var span in ExportedSpan.Read(message)) receiver._spans.Enqueue(span);
        }));
        app.MapPost(isGrpc ? $"/{Services}.metrics.v1.MetricsService/Export" : "/v1/metrics", context => take(context, message =>
        {
            foreach (var metric in ExportedMetric.Read(message)) receiver._metrics[(metric.Service, metric.Name)] = metric;
        }));
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Whether anything that was sent holds a text, wherever it stands.</summary>
    public bool Holds(string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        return _bodies.Any(body => body.AsSpan().IndexOf(wanted) >= 0);
    }

    /// <summary>Waits until the spans are such.</summary>
    public Task<T> UntilAsync<T>(Func<OtlpReceiver, T?> look, string what)
        where T : class => Wait.ForAsync(() => Task.FromResult(look(this)), what);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context, Action<ProtoMessage> take)
    {
        using var body = new MemoryStream();
        if (context.Request.Headers.ContentEncoding == "gzip")
        {
            await using var plain = new GZipStream(context.Request.Body, CompressionMode.Decompress);
            await plain.CopyToAsync(body);
        }
        else
        {
            await context.Request.Body.CopyToAsync(body);
        }

        Keep(context, body.ToArray(), take);
        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary>A call of one message, as gRPC has it over HTTP/2: a byte that says whether it is compressed, its length, the message; and the outcome after the answer's body.</summary>
    private async Task TakeCallAsync(HttpContext context, Action<ProtoMessage> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        var isWhole = bytes.Length >= 5 && bytes[0] == 0 && BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)) == bytes.Length - 5 && context.Request.ContentType == "application/grpc";
        if (isWhole) Keep(context, bytes[5..], take);
        context.Response.ContentType = "application/grpc";
        if (isWhole) await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", isWhole ? "0" : "3");
    }

    private void Keep(HttpContext context, byte[] body, Action<ProtoMessage> take)
    {
        _headers.Enqueue(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        _bodies.Enqueue(body);
        take(new ProtoMessage(body));
    }
}
