using System.Globalization;

namespace FrameVideo.TestKit.Telemetry;

/// <summary>A span as a collector gets it: its service by <c>service.name</c>, kind and status by OTLP's numbers (a status of 2 is an error).</summary>
public sealed record ExportedSpan(
    string Service, string Source, string TraceId, string Id, string ParentId, string Name, int Kind, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<ExportedEvent> Events,
    IReadOnlyList<(string TraceId, string SpanId)> Links, int Status, ulong Start, ulong End)
{
    public const int Server = 2;
    public const int Client = 3;

    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    internal static IEnumerable<ExportedSpan> Read(ProtoMessage request) =>
        from resource in request.Messages(1)
        let service = Otlp.ServiceOf(resource)
        from scope in resource.Messages(2)
        let source = scope.Messages(1).Single().Text(1)
        from span in scope.Messages(2)
        select new ExportedSpan(
            service, source, span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (int)span.Number(6), Otlp.Attributes(span.Messages(9)),
            [.. span.Messages(11).Select(one => new ExportedEvent(one.Text(2), Otlp.Attributes(one.Messages(3))))],
            [.. span.Messages(13).Select(link => (link.Hex(1), link.Hex(2)))],
            (int)(span.Messages(15).FirstOrDefault()?.Number(3) ?? 0), span.Number(7), span.Number(8));
}

/// <summary>What happened within a span.</summary>
public sealed record ExportedEvent(string Name, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A metric with its latest points, as a collector gets it; its kind is <c>gauge</c>, <c>sum</c> or <c>histogram</c>.</summary>
public sealed record ExportedMetric(string Service, string Meter, string Name, string Description, string Unit, string Kind, IReadOnlyList<ExportedPoint> Points)
{
    internal static IEnumerable<ExportedMetric> Read(ProtoMessage request) =>
        from resource in request.Messages(1)
        let service = Otlp.ServiceOf(resource)
        from scope in resource.Messages(2)
        let meter = scope.Messages(1).Single().Text(1)
        from metric in scope.Messages(2)
        let kind = metric.Has(5) ? 5 : metric.Has(7) ? 7 : 9
        select new ExportedMetric(
            service, meter, metric.Text(1), metric.Text(2), metric.Text(3), kind switch { 5 => "gauge", 7 => "sum", _ => "histogram" },
            [.. metric.Messages(kind).Single().Messages(1).Select(point => kind == 9
                ? new ExportedPoint(Otlp.Attributes(point.Messages(9)), point.Double(5), (long)point.Number(4))
                : new ExportedPoint(Otlp.Attributes(point.Messages(7)), point.Has(6) ? (long)point.Number(6) : point.Double(4), 1))]);
}

/// <summary>One series of a metric: its value, or a histogram's sum and how many went into it.</summary>
public sealed record ExportedPoint(IReadOnlyDictionary<string, string> Attributes, double Value, long Count);

/// <summary>What all messages of OTLP have in common.</summary>
internal static class Otlp
{
    public static string ServiceOf(ProtoMessage resource) => Attributes(resource.Messages(1).Single().Messages(1))["service.name"];

    public static IReadOnlyDictionary<string, string> Attributes(IEnumerable<ProtoMessage> pairs) =>
        pairs.ToDictionary(pair => pair.Text(1), pair => Value(pair.Messages(2).Single()), StringComparer.Ordinal);

    private static string Value(ProtoMessage any) =>
        any.Has(1) ? any.Text(1)
        : any.Has(2) ? any.Number(2) == 1 ? "true" : "false"
        : any.Has(3) ? ((long)any.Number(3)).ToString(CultureInfo.InvariantCulture)
        : any.Has(4) ? any.Double(4).ToString(CultureInfo.InvariantCulture)
        : any.Has(5) ? string.Join(',', any.Messages(5).Single().Messages(1).Select(Value))
        : "";
}
