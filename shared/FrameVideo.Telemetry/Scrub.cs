using System.Diagnostics;
using OpenTelemetry;

namespace FrameVideo.Telemetry;

/// <summary>
/// Takes out of a span what is nobody's business: query strings, which may carry tokens, whatever the instrumentation makes of them; and the names of people's own files, with which keys of
/// uploads end.
/// </summary>
internal sealed class Scrub : BaseProcessor<Activity>
{
    private const string Uploads = "/user-uploads/";

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Kind is not (ActivityKind.Server or ActivityKind.Client)) return;
        data.SetTag("url.query", null);
        if (data.GetTagItem("url.path") is string path) data.SetTag("url.path", Clean(path));
        if (data.GetTagItem("url.full") is string full) data.SetTag("url.full", Clean(full));
    }

    /// <summary>An address without its query, and without the name of an upload.</summary>
    internal static string Clean(string address)
    {
        var end = address.IndexOfAny(['?', '#']);
        if (end >= 0) address = address[..end];
        var uploads = address.IndexOf(Uploads, StringComparison.OrdinalIgnoreCase);
        return uploads < 0 ? address : address[..(uploads + Uploads.Length)] + "*";
    }
}
