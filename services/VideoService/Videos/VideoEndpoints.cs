using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace VideoService.Videos;

/// <summary>The routes of videos and their typed results.</summary>
internal static class VideoEndpoints
{
    public static void MapVideos(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/videos", CreateAsync).WithName("createVideo").WithTags("Videos")
            .WithSummary("Makes a film of a session's frames.")
            .WithDescription(
                "Reads the session by its request ID, pins its frames and asks for the render; Location leads to the video. With `dryRun` it answers 200 with the plan, and nothing is kept. "
                + "Whoever has seen the last frame saved can call this at once.")
            .WithErrors(
                ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.InvalidUserId, ErrorCodes.UserMismatch, ErrorCodes.SessionNotFound,
                ErrorCodes.FramesNotReady, ErrorCodes.FramesMissing, ErrorCodes.FramesRevisionChanged, ErrorCodes.SessionDeleted, ErrorCodes.UnsupportedMediaType,
                ErrorCodes.ValidationFailed, ErrorCodes.TooManyQueuedJobs, ErrorCodes.FrameServiceUnavailable, ErrorCodes.DatabaseUnavailable);
        routes.MapGet("/v1/videos", ListAsync).WithName("listVideos").WithTags("Videos")
            .WithSummary("The caller's films, the newest first.")
            .WithDescription("Of one session with `requestId`. `limit` is 1-100, 20 by default; hand `nextCursor` back as `cursor` for what follows.")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.InvalidCursor, ErrorCodes.ValidationFailed, ErrorCodes.DatabaseUnavailable);
        routes.MapGet("/v1/videos/{videoId}", GetAsync).WithName("getVideo").WithTags("Videos")
            .WithSummary("One film: how far it is, its clips and its links.")
            .WithDescription("Links work without headers and end after a while; ask again for fresh ones. With If-None-Match it answers 304 while nothing has changed.")
            .Produces(StatusCodes.Status304NotModified)
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.DatabaseUnavailable);
        routes.MapGet("/v1/videos/{videoId}/events", EventsAsync).WithName("listVideoEvents").WithTags("Videos")
            .WithSummary("The film's event log, oldest first: a page, or a stream that goes on.")
            .WithEventDescription()
            .WithErrors(
                ErrorCodes.InvalidRequest, ErrorCodes.InvalidVideoId, ErrorCodes.InvalidCursor, ErrorCodes.TokenExpired, ErrorCodes.InvalidToken, ErrorCodes.VideoNotFound, ErrorCodes.ValidationFailed,
                ErrorCodes.TooManyRequests, ErrorCodes.DatabaseUnavailable);
        routes.MapPost("/v1/videos/{videoId}/cancel", CancelAsync).WithName("cancelVideo").WithTags("Videos")
            .WithSummary("Stops a film that is queued or in progress.")
            .WithDescription("The encoder ends at once. Clips that were finished stay for a retry.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.WrongState, ErrorCodes.DatabaseUnavailable);
        routes.MapPost("/v1/videos/{videoId}/retry", RetryAsync).WithName("retryVideo").WithTags("Videos")
            .WithSummary("Goes on with a film that failed or was canceled.")
            .WithDescription("The same video with the frames that it pinned; only what is missing is made.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.WrongState, ErrorCodes.TooManyQueuedJobs, ErrorCodes.DatabaseUnavailable);
        routes.MapPost("/v1/videos/{videoId}/rerender", RerenderAsync).WithName("rerenderVideo").WithTags("Videos")
            .WithSummary("Makes a new film of the session's present frames with the same settings.")
            .WithDescription("Clips whose frames have not changed are found again. The former film stays.")
            .WithErrors(
                ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.SessionNotFound, ErrorCodes.FramesNotReady, ErrorCodes.FramesMissing, ErrorCodes.FramesRevisionChanged,
                ErrorCodes.SessionDeleted, ErrorCodes.ValidationFailed, ErrorCodes.TooManyQueuedJobs, ErrorCodes.FrameServiceUnavailable, ErrorCodes.DatabaseUnavailable);
        routes.MapVideoContent();
        routes.MapVideoDeletion();
    }

    private static async Task<Results<Accepted<Video>, Ok<VideoPlan>>> CreateAsync(
        CreateVideoRequest body, Caller caller, HttpContext context, CreateVideo create, VideoView view, CancellationToken cancellationToken)
    {
        var settings = CreateVideoRules.Check(body);
        var credential = CallerCredential.Of(context, caller.For(body.UserId));
        var draft = await create.DraftAsync(RouteIds.ParseRequestId(body.RequestId), settings, body.FramesRevision, credential, cancellationToken);
        if (body.DryRun) return TypedResults.Ok(draft.ToPlan());
        return await AcceptedAsync(await create.PinAsync(draft, body.Metadata, credential, cancellationToken), view, cancellationToken);
    }

    private static async Task<Ok<Page<Video>>> ListAsync(
        string? requestId, int? limit, string? cursor, Caller caller, VideoTable videos, VideoView view, CancellationToken cancellationToken)
    {
        RequestId? of = string.IsNullOrEmpty(requestId) ? null : RouteIds.ParseRequestId(requestId);
        var size = Paging.Limit(limit);
        var (time, id) = Paging.Read(cursor);
        VideoId? beforeId = id is null ? null : VideoId.TryParse(id, out var before) ? before : throw Paging.Invalid();
        var rows = await videos.ListAsync(caller.UserId, of, time, beforeId, size + 1, cancellationToken);
        var shown = rows.Take(size).ToList();
        var next = rows.Count > size ? Paging.Write(shown[^1].CreatedAt, shown[^1].VideoId.ToString()) : null;
        return TypedResults.Ok(new Page<Video>(await view.ShowAsync(shown, cancellationToken), next));
    }

    private static async Task<Results<Ok<Video>, StatusCodeHttpResult>> GetAsync(
        VideoId videoId, Caller caller, HttpContext context, VideoTable videos, VideoView view, CancellationToken cancellationToken)
    {
        var row = await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        var stale = await view.IsStaleAsync(row, cancellationToken);
        // Nothing of this row changes when the session's frames move on.
        if (Conditional.IsCurrent(context, row.Revision, stale switch { true => "stale", false => null, null => "unknown" })) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Ok(await view.ShowAsync(row, stale, cancellationToken));
    }

    private static Task<Results<Ok<Page<Event>>, EventStreamResult, NoContent>> EventsAsync(
        VideoId videoId, [AsParameters] EventQuery query, Caller caller, VideoTable videos, EventFeed feed, HttpContext context) => feed.AnswerAsync(
        context, new ResourceKey(caller.UserId, videoId.ToString()), query, token => videos.RequireAsync(caller.UserId, videoId, token));

    private static async Task<Ok<Video>> CancelAsync(VideoId videoId, Caller caller, ChangeVideo change, VideoView view, CancellationToken cancellationToken) =>
        TypedResults.Ok(await view.ShowAsync(await change.CancelAsync(caller.UserId, videoId, cancellationToken), cancellationToken));

    private static async Task<Accepted<Video>> RetryAsync(VideoId videoId, Caller caller, ChangeVideo change, VideoView view, CancellationToken cancellationToken) =>
        await AcceptedAsync(await change.RetryAsync(caller.UserId, videoId, cancellationToken), view, cancellationToken);

    private static async Task<Accepted<Video>> RerenderAsync(
        VideoId videoId, Caller caller, HttpContext context, VideoTable videos, CreateVideo create, VideoView view, CancellationToken cancellationToken)
    {
        var former = await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        var credential = CallerCredential.Of(context, caller.UserId);
        var draft = await create.DraftAsync(former.RequestId, former.Asked, framesRevision: null, credential, cancellationToken);
        var notes = former.Metadata is { } text ? JsonSerializer.Deserialize<Dictionary<string, string>>(text, WireJson.Options) : null;
        return await AcceptedAsync(await create.PinAsync(draft, notes, credential, cancellationToken), view, cancellationToken);
    }

    private static async Task<Accepted<Video>> AcceptedAsync(VideoRow row, VideoView view, CancellationToken cancellationToken) =>
        TypedResults.Accepted(view.Self(row.VideoId), await view.ShowAsync(row, cancellationToken));
}
