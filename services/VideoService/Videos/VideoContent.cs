using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace VideoService.Videos;

/// <summary>The way from a video to its bytes.</summary>
internal static class VideoContent
{
    public static void MapVideoContent(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/videos/{videoId}/content", GetAsync).OpenByVideo(VideoEndpoints.RequestOfAsync).MayBeEmbedded().WithName("getVideoContent").WithTags("Videos")
        .WithSummary("The film, its poster or one of its clips.")
        .WithDescription("`variant` is film (the default), poster, captions, hls (the playlist of a film of that format) or clip; a clip is named by its frame's number, `clip=3`. Redirects to a link that works without headers; with `Accept: application/json` the link is answered instead. What is not there yet is 409 `video-not-completed`, with `Retry-After` while the film is being made.")
        .WithRedirect()
        .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.InvalidToken, ErrorCodes.VideoNotFound, ErrorCodes.ObjectNotFound, ErrorCodes.VideoNotCompleted, ErrorCodes.CaptionsNotFound, ErrorCodes.PlaylistNotFound, ErrorCodes.ValidationFailed, ErrorCodes.DatabaseUnavailable);

    private static async Task<Results<RedirectHttpResult, Ok<Link>, NotModified>> GetAsync(
        VideoId videoId, string? variant, int? clip, Caller caller, HttpContext context, VideoTable videos, PinTable pins, IObjectStore store, PublicLinks links, CancellationToken cancellationToken)
    {
        var row = await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        var link = variant switch
        {
            null or "film" => store.Link(row.FilmKey ?? throw NotYet(row, "film")),
            "poster" => store.Link(row.PosterKey ?? throw NotYet(row, "poster")),
            "clip" => store.Link(await ClipAsync(row, clip, pins, cancellationToken)),
            "hls" => row.Asked.Format == VideoFormat.Hls ? links.Signed(row.UserId, VideoPlaylist.PathOf(videoId)) : throw VideoPlaylist.NotFound(row),
            "captions" => row.Asked.Captions is null ? throw new ProblemException(ErrorCodes.CaptionsNotFound, "The film has no captions.")
                : store.Link(row.FilmKey is null ? throw NotYet(row, "file of captions") : ObjectKeys.Captions(row.UserId, row.RequestId, row.VideoId)),
            _ => throw ProblemException.Field("variant", "A variant is film, poster, captions, hls or clip."),
        };
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (ByteHeaders.WantsLink(context.Request)) return Conditional.IsCurrent(context, Conditional.Digest([link.Url])) ? NotModified.Answer : TypedResults.Ok(link);
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Redirect(link.Url);
    }

    private static async Task<ObjectKey> ClipAsync(VideoRow row, int? number, PinTable pins, CancellationToken cancellationToken)
    {
        if (number is null) throw ProblemException.Field("clip", "Which clip? It is named by its frame's number, such as clip=3.");
        var pieces = await pins.PiecesAsync([row.VideoId], cancellationToken);
        var clip = pieces[row.VideoId].FirstOrDefault(piece => piece.IsClip && piece.Number == number)
            ?? throw new ProblemException(ErrorCodes.ObjectNotFound, $"The film has no frame {number}.");
        return clip is { Status: VideoPieceRow.Completed, ObjectKey: { } key } ? key : throw NotYet(row, $"clip {number}");
    }

    private static ProblemException NotYet(VideoRow row, string what) => row.IsOpen
        ? new(ErrorCodes.VideoNotCompleted, $"There is no {what} yet: the video is {row.Status}, {row.Progress} % done. Its events tell when it is completed.")
        : new(ErrorCodes.VideoNotCompleted, $"There is no {what}: the video is {row.Status}. A retry goes on with it.") { RetryAfter = Timeout.InfiniteTimeSpan };
}
