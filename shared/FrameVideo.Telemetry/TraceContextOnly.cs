using System.Diagnostics;

namespace FrameVideo.Telemetry;

/// <summary>
/// Takes the trace from a request and passes it on (W3C <c>traceparent</c> and <c>tracestate</c>), and nothing else: baggage is text of a stranger's, which would travel to every service
/// behind this one.
/// </summary>
internal sealed class TraceContextOnly : DistributedContextPropagator
{
    private readonly DistributedContextPropagator _w3c = CreateW3CPropagator();

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Fields { get; } = ["traceparent", "tracestate"];

    /// <inheritdoc/>
    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        _w3c.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;

    /// <inheritdoc/>
    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => _w3c.Inject(activity, carrier, setter);
}
