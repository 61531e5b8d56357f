using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace FrameVideo.Telemetry;

/// <summary>
/// Which traces are recorded: the caller decides; where it has not, a part of them by <c>OTEL_TRACES_SAMPLER</c> or <c>Telemetry:SampleRatio</c>. Work that a request began is a
/// trace of its own with a link back, and is recorded where the request was. A look that a loop in the background takes at the database or the store belongs to nothing, and is not recorded.
/// </summary>
internal sealed class Sampling(Sampler chosen, bool followsLinks) : Sampler
{
    private static readonly SamplingResult Recorded = new(SamplingDecision.RecordAndSample);
    private static readonly SamplingResult Dropped = new(SamplingDecision.Drop);

    /// <inheritdoc/>
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        if (samplingParameters.ParentContext.TraceId != default) return chosen.ShouldSample(samplingParameters);
        if (samplingParameters.Kind == ActivityKind.Client) return Dropped;
        if (followsLinks && samplingParameters.Links?.FirstOrDefault() is { Context: var origin } && origin.TraceId != default)
            return origin.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? Recorded : Dropped;
        return chosen.ShouldSample(samplingParameters);
    }

    /// <summary>The one that configuration chooses. A name or a number that the standard does not know counts as not set, as the standard says.</summary>
    internal static Sampling Read(IConfiguration configuration, TelemetryOptions options)
    {
        var ratio = configuration["OTEL_TRACES_SAMPLER_ARG"] is { } text && double.TryParse(text, CultureInfo.InvariantCulture, out var given) && given is >= 0 and <= 1 ? given : 1;
        return configuration["OTEL_TRACES_SAMPLER"]?.ToUpperInvariant() switch
        {
            "ALWAYS_ON" => new Sampling(new AlwaysOnSampler(), followsLinks: false),
            "ALWAYS_OFF" => new Sampling(new AlwaysOffSampler(), followsLinks: false),
            "TRACEIDRATIO" => new Sampling(PartOf(ratio), followsLinks: false),
            "PARENTBASED_ALWAYS_ON" => ByParent(new AlwaysOnSampler()),
            "PARENTBASED_ALWAYS_OFF" => ByParent(new AlwaysOffSampler()),
            "PARENTBASED_TRACEIDRATIO" => ByParent(PartOf(ratio)),
            _ => ByParent(PartOf(options.SampleRatio)),
        };
    }

    private static Sampler PartOf(double ratio) => ratio >= 1 ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(Math.Max(0, ratio));

    private static Sampling ByParent(Sampler root) => new(new ParentBasedSampler(root), followsLinks: true);
}
