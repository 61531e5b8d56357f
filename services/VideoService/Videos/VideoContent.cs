using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace VideoService.Videos;

/// <summary>The way from a video to its bytes.</summary>
internal static class VideoContent
{
    public static void MapVideoContent(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/videos/{videoId}/content", GetAsync).OpenByVideo(VideoEndpoints.RequestOfAsync).MayBeEmbedded().WithName("getVideoContent").WithTags("Videos")
        .WithSummary("The film, its poster or one of its clips.")
        .WithDescription("`variant` is film (the default), poster or clip; a clip is named by its frame's number, `clip=3`. Redirects to a link that works without headers; with `Accept: application/json` the link is answered instead.")
        .WithRedirect()
        .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.InvalidToken, ErrorCodes.VideoNotFound, ErrorCodes.ObjectNotFound, ErrorCodes.ValidationFailed, ErrorCodes.DatabaseUnavailable);

    private static async Task<Results<RedirectHttpResult, Ok<Link>>> GetAsync(
        VideoId videoId, string? variant, int? clip, Caller caller, HttpContext context, VideoTable videos, PinTable pins, IObjectStore store, CancellationToken cancellationToken)
    {
        var row = await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        var key = variant switch
        {
            null or "film" => row.FilmKey ?? throw NotYet(row, "film"),
            "poster" => row.PosterKey ?? throw NotYet(row, "poster"),
            "clip" => await ClipAsync(row, clip, pins, cancellationToken),
            _ => throw ProblemException.Field("variant", "A variant is film, poster or clip."),
        };
        var link = store.Link(key);
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.Vary = "Accept";
        return context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            ? TypedResults.Ok(link)
            : TypedResults.Redirect(link.Url);
    }

    private static async Task<ObjectKey> ClipAsync(VideoRow row, int? number, PinTable pins, CancellationToken cancellationToken)
    {
        if (number is null) throw ProblemException.Field("clip", "Which clip? It is named by its frame's number, such as clip=3.");
        var pieces = await pins.PiecesAsync([row.VideoId], cancellationToken);
        var clip = pieces[row.VideoId].FirstOrDefault(piece => piece.IsClip && piece.Number == number)
            ?? throw new ProblemException(ErrorCodes.ObjectNotFound, $"The film has no frame {number}.");
        return clip is { Status: VideoPieceRow.Completed, ObjectKey: { } key } ? key : throw NotYet(row, $"clip {number}");
    }

    private static ProblemException NotYet(VideoRow row, string what) => new(ErrorCodes.ObjectNotFound, $"There is no {what} yet: the video is {row.Status}.");
}
