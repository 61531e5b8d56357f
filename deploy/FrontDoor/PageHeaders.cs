namespace FrontDoor;

/// <summary>What browsers are told about the front door's own pages; what the services answer is left as it is.</summary>
internal sealed class PageHeaders(RequestDelegate next)
{
    // Pictures and films may come from the object store's own origin, by presigned links; scripts and styles come from here alone.
    private const string Policy =
        "default-src 'self'; img-src 'self' data: blob: http: https:; media-src 'self' blob: http: https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Adds the headers to the start page and its parts.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path == "/" || path == "/index.html" || path.StartsWithSegments("/page", StringComparison.Ordinal))
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-cache";
        }

        return next(context);
    }
}
