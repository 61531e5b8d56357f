using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Model;

namespace FrontDoor;

/// <summary>
/// Refuses by its length what the service would refuse, too: a service that answers while a body is still being sent ends the connection with it, and a proxy in between sees the end and
/// not always the answer.
/// </summary>
internal sealed class LargeBody(RequestDelegate next)
{
    /// <summary>Forwards what the route takes.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var route = context.GetReverseProxyFeature().Route.Config;
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        // The proxy itself tells the server about the limit, but after this, when the body has begun to be read.
        if (limit is { IsReadOnly: false } && route.MaxRequestBodySize is { } own) limit.MaxRequestBodySize = own;
        var most = route.MaxRequestBodySize ?? limit?.MaxRequestBodySize;
        if (context.Request.ContentLength <= most || context.Request.ContentLength is null) return next(context);
        context.Response.Headers.Connection = "close";
        var code = CodeOf(context);
        return Problems.Of(context, code, code.Title).ExecuteAsync(context);
    }

    /// <summary>What the route calls a body that is too large.</summary>
    public static ErrorCode CodeOf(HttpContext context) => ErrorCodes.All[context.GetReverseProxyFeature().Route.Config.Metadata?.GetValueOrDefault("TooLarge") ?? ErrorCodes.BodyTooLarge.Code];
}
