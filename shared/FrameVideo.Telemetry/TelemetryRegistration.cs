using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FrameVideo.Telemetry;

/// <summary>Sends traces and metrics to a collector, where configuration names one.</summary>
public static class TelemetryRegistration
{
    private const string SdkDisabled = "OTEL_SDK_DISABLED";
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Whose meters are exported, beside the pair's own. The resolver's is not among them: the hosts that users name are without number.
    /// </summary>
    private static readonly string[] Meters = [Tracing.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Net.Http", "System.Runtime", "Npgsql"];

    /// <summary>Registers telemetry. Without a collector nothing listens, so nothing is measured or recorded; trace IDs are made and passed on all the same.</summary>
    /// <param name="builder">The program's builder.</param>
    /// <param name="service">The program's name.</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<DistributedContextPropagator, TraceContextOnly>();
        builder.Services.AddOptions<TelemetryOptions>().Bind(builder.Configuration.GetSection(TelemetryOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        var configuration = builder.Configuration;
        var options = Read(configuration);
        UseStandardNames(configuration, options);
        if (string.Equals(configuration[SdkDisabled], "true", StringComparison.OrdinalIgnoreCase)) return;
        var (traces, metrics) = (IsOn(configuration, "TRACES"), IsOn(configuration, "METRICS"));
        if (!traces && !metrics) return;

        // What is passed on is the trace alone; baggage from outside ends here.
        Sdk.SetDefaultTextMapPropagator(new TraceContextPropagator());
        builder.Services.AddHostedService<ExportWatch>();
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(Describe(service));
        if (traces)
        {
            telemetry.WithTracing(tracing => tracing
                .SetSampler(Sampling.Read(configuration, options))
                // Probes come all day; a request that is not recorded has no spans below it either.
                .AddAspNetCoreInstrumentation(web => web.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
                .AddHttpClientInstrumentation()
                .AddSource(Tracing.Name, "Npgsql")
                .AddProcessor(new Scrub())
                .AddOtlpExporter(exporter => UseSignal(configuration, "TRACES", exporter)));
        }

        if (metrics)
        {
            telemetry.WithMetrics(measuring => measuring
                .AddMeter(Meters)
                .AddOtlpExporter(exporter => UseSignal(configuration, "METRICS", exporter)));
        }
    }

    private static TelemetryOptions Read(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(TelemetryOptions.Section).Get<TelemetryOptions>() ?? new TelemetryOptions();
        }
        catch (InvalidOperationException)
        {
            // A value that cannot be read is told by the validation at the start, with the others.
            return new TelemetryOptions();
        }
    }

    /// <summary>The section in the standard's names, so that one reader serves both; what the environment has set stays.</summary>
    private static void UseStandardNames(IConfigurationManager configuration, TelemetryOptions options)
    {
        (string Name, string? Value)[] names =
        [
            (Endpoint, options.OtlpEndpoint),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", options.OtlpProtocol),
            ("OTEL_EXPORTER_OTLP_HEADERS", options.OtlpHeaders),
        ];
        configuration.AddInMemoryCollection(names.Where(pair => !string.IsNullOrEmpty(pair.Value) && string.IsNullOrEmpty(configuration[pair.Name])).Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
    }

    private static bool IsOn(IConfiguration configuration, string signal) =>
        !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
        && (configuration[Endpoint] is { Length: > 0 } || configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is { Length: > 0 });

    /// <summary>The variables of one signal, which the exporter reads for all signals at once alone.</summary>
    private static void UseSignal(IConfiguration configuration, string signal, OtlpExporterOptions exporter)
    {
        string? Value(string name) => configuration[$"OTEL_EXPORTER_OTLP_{signal}_{name}"] is { Length: > 0 } value ? value : null;
        if (Value("PROTOCOL") is { } protocol) exporter.Protocol = protocol.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        if (Value("ENDPOINT") is { } endpoint && Uri.TryCreate(endpoint, UriKind.Absolute, out var address)) exporter.Endpoint = address;
        if (Value("HEADERS") is { } headers) exporter.Headers = headers;
        if (int.TryParse(Value("TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)) exporter.TimeoutMilliseconds = milliseconds;
    }

    private static Action<ResourceBuilder> Describe(string service)
    {
        // One for the life of the process, which traces and metrics share.
        var instance = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var version = typeof(TelemetryRegistration).Assembly.GetName().Version?.ToString(3);
        return resource => resource
            .AddService(service, serviceNamespace: "framevideo", serviceVersion: version, autoGenerateServiceInstanceId: false, serviceInstanceId: instance)
            .AddAttributes([KeyValuePair.Create<string, object>("host.name", Environment.MachineName)])
            // Last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
            .AddEnvironmentVariableDetector();
    }
}
