using FrameVideo.Hosting;

namespace FrontDoor;

/// <summary>What browsers are told about the front door's own pages and answers; what the services answer is left as it is. And what is refused here is a problem like any other.</summary>
internal sealed class AnswerHeaders(RequestDelegate next)
{
    // Pictures and films may come from the object store's own origin, by presigned links; scripts and styles come from here alone.
    private const string Page =
        "default-src 'self'; img-src 'self' data: blob: http: https:; media-src 'self' blob: http: https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Adds the headers where the services have not.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        context.Response.OnStarting(() =>
        {
            if (path == "/" || path == "/index.html" || path.StartsWithSegments("/page", StringComparison.Ordinal))
            {
                context.Response.Headers.ContentSecurityPolicy = Page;
                context.Response.Headers.CacheControl = "no-cache";
            }

            BrowserHeaders.Add(context);
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        catch (ProblemException refusal) when (!context.Response.HasStarted)
        {
            await Problems.Of(context, refusal.Code, refusal.Message).ExecuteAsync(context);
        }
    }
}
