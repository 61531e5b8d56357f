using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FrameVideo.Hosting;

/// <summary>What stands on every answer that is an object's bytes, and on what leads to them.</summary>
public static class ByteHeaders
{
    /// <summary>Pictures and films are shown, unless <c>?download</c> asks for a file; everything else is a file (RFC 6266).</summary>
    public static void Set(HttpContext http, ObjectKey key)
    {
        ArgumentNullException.ThrowIfNull(http);
        var headers = http.Response.Headers;
        var isShown = key.ContentType is "image/png" or "image/jpeg" or "image/webp" or "video/mp4" or "video/webm" && !http.Request.Query.ContainsKey("download");
        var disposition = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        disposition.SetHttpFileName(key.DownloadName);
        headers.ContentDisposition = disposition.ToString();
        headers.AcceptRanges = "bytes";
        // What people upload is shown as a picture or not at all.
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
    }

    /// <summary>Whether the caller asks for the link in place of what it leads to.</summary>
    public static bool WantsLink(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase));
    }
}
