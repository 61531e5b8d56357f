using Microsoft.AspNetCore.Http;

namespace FrameVideo.Hosting;

/// <summary>What browsers are told to do with an answer, at the services and at the front door.</summary>
internal static class BrowserHeaders
{
    /// <summary>An answer is data: opened as a page it loads nothing, runs nothing, and stands in no frame.</summary>
    private const string Inert = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>The page that shows the API: its own scripts alone. It styles itself in place, shows pictures of answers, and calls this address.</summary>
    private const string Swagger =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: http: https:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Adds what nobody has said before.</summary>
    public static void Add(HttpContext context)
    {
        var headers = context.Response.Headers;
        var isPage = context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Addresses of ours may bear tokens.
        headers["Referrer-Policy"] = "no-referrer";
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = isPage ? Swagger : Inert;
        // Answers carry links that open without a key, so they are kept by nobody who was not told how long.
        if (headers.CacheControl.Count == 0) headers.CacheControl = isPage ? "no-cache" : "no-store";
        headers.TryAdd("Cross-Origin-Resource-Policy", context.GetEndpoint()?.Metadata.GetMetadata<Embeddable>() is null ? "same-origin" : "cross-origin");
    }

    /// <summary>Marks addresses of pictures and films, which pages of other origins show by their links.</summary>
    internal sealed record Embeddable;
}
