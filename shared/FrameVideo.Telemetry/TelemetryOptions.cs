using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Telemetry;

/// <summary>
/// Where traces and metrics go. Section <c>Telemetry</c>. The environment's standard variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>..._PROTOCOL</c>, <c>..._HEADERS</c>, each also for
/// <c>TRACES</c> and <c>METRICS</c> alone, <c>OTEL_TRACES_SAMPLER</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>, <c>OTEL_SDK_DISABLED</c>, ...) do the same, and win.
/// </summary>
public sealed class TelemetryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Telemetry";

    /// <summary>A collector's address, such as <c>http://collector:4317</c>; none by default: nothing is recorded then.</summary>
    public string? OtlpEndpoint { get; set; }

    /// <summary><c>grpc</c>, which is the default, or <c>http/protobuf</c>.</summary>
    [AllowedValues("grpc", "http/protobuf", null)]
    public string? OtlpProtocol { get; set; }

    /// <summary>Headers for the collector, <c>name=value,name=value</c>: secrets, never logged.</summary>
    public string? OtlpHeaders { get; set; }

    /// <summary>The part of the traces that is recorded where the caller has not decided: 0 to 1, default 1. Work that a request began follows the request.</summary>
    [Range(0, 1.0)]
    public double SampleRatio { get; set; } = 1;

    /// <summary>How often the gauges that ask the database (queues, parked pictures, callbacks) are looked at: 0.1 s to 10 minutes, default 15 s. Nobody asks while nobody listens.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan GaugePeriod { get; set; } = TimeSpan.FromSeconds(15);
}
