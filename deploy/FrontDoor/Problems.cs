using System.Diagnostics;
using FrameVideo.Contracts;

namespace FrontDoor;

/// <summary>The errors that the front door answers with itself, in the shape of every other error of the pair.</summary>
internal static class Problems
{
    private static readonly ErrorCode VideoServiceUnavailable = new("video-service-unavailable", 503, "VideoService does not answer.", true);

    /// <summary>There is no route to this address; <c>/internal</c> is between the services, and so never has one.</summary>
    public static IResult NotRouted(HttpContext context) => Answer(context, ErrorCodes.NotFound, "There is nothing at this address; /swagger lists what there is.");

    /// <summary>A service that cannot be reached; the caller is told when to come again.</summary>
    public static IResult Unavailable(HttpContext context, string? cluster)
    {
        context.Response.Headers.RetryAfter = "2";
        var code = cluster == Backends.Videos ? VideoServiceUnavailable : ErrorCodes.FrameServiceUnavailable;
        return Answer(context, code, $"{code.Title} It may be starting; try again in a moment.");
    }

    /// <summary>A refusal of the front door's own.</summary>
    public static IResult Of(HttpContext context, ErrorCode code, string detail) => Answer(context, code, detail);

    /// <summary>The caller's body came too slowly, is too large, or ended before it was whole.</summary>
    public static IResult BrokenBody(HttpContext context, int? status) => status switch
    {
        StatusCodes.Status408RequestTimeout => Answer(context, ErrorCodes.RequestTimeout, "The request's body came too slowly."),
        StatusCodes.Status413PayloadTooLarge => Answer(context, LargeBody.CodeOf(context), LargeBody.CodeOf(context).Title),
        _ => Answer(context, ErrorCodes.InvalidRequest, "The request's body ended before it was whole."),
    };

    private static IResult Answer(HttpContext context, ErrorCode code, string detail)
    {
        var trace = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Correlation-Id"] = trace;
        return Results.Problem(
            detail,
            instance: context.Request.Path,
            statusCode: code.Status,
            title: code.Title,
            type: $"urn:framevideo:problem:{code.Code}",
            extensions: [KeyValuePair.Create<string, object?>("code", code.Code), KeyValuePair.Create<string, object?>("traceId", trace)]);
    }
}
