using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;
using VideoService.Clips;

namespace VideoService.Videos;

/// <summary>The routes of videos and their typed results.</summary>
internal static class VideoEndpoints
{
    public static void MapVideos(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/videos", CreateAsync).OpenByBody().WithName("createVideo").WithTags("Videos")
            .Produces<Video>(StatusCodes.Status202Accepted)
            .WithSummary("Make a film of a session's frames.")
            .WithBody("film", "A film of all frames", new CreateVideoRequest { RequestId = OpenApiExamples.RequestId })
            .WithBody("settings", "A film as it is wanted", new CreateVideoRequest { RequestId = OpenApiExamples.RequestId, Fps = 25, Quality = VideoQuality.High, Format = VideoFormat.WebM, Motion = Motion.KenBurns, Transition = Transition.Fade, OnFrameFailure = OnFrameFailure.Skip, CallbackUrl = "https://example.org/callbacks" })
            .WithBody("storyboard", "A film in which some frames have a way of their own", new CreateVideoRequest { RequestId = OpenApiExamples.RequestId, Resolution = Resolution.P1080, Fit = Fit.Pad, PadColor = "#101418", Motion = Motion.ZoomIn, Transition = Transition.Slide, TransitionSeconds = 0.6, Frames = [new FrameSettings { Number = 1, Motion = Motion.PanRight, Seconds = 3.5, Focus = new FocusPoint { X = 0.5, Y = 0.3 } }], Joints = [new JointSettings { After = 1, Transition = Transition.Wipe, Seconds = 1, Direction = Direction.Up }] })
            .WithBody("captions", "A film with captions, also as a text track", new CreateVideoRequest { RequestId = OpenApiExamples.RequestId, Captions = new CaptionsRequest { Track = true, Language = "en", Lines = [new CaptionLine { Frame = 1, Text = "A paper boat sets out." }] } })
            .WithBody("clips", "A film of moving clips by an AI service, within a budget", new CreateVideoRequest { RequestId = OpenApiExamples.RequestId, Clips = new ClipsRequest { Provider = "runway", Prompt = "The boat rocks on the waves; the camera stands still." }, MaxCostUsd = 2, Frames = [new FrameSettings { Number = 3, Clip = new ClipsRequest { Provider = "renderer" } }] })
            .WithBody("sound", "A film with a sound that was brought before", new CreateVideoRequest { RequestId = OpenApiExamples.RequestId, Audio = new AudioRequest { ObjectKey = OpenApiExamples.SoundKey, Start = 12.5, FadeIn = 1, FadeOut = 3 } })
            .WithDescription(
                "Reads the session by its request ID, pins its frames and asks for the render; Location leads to the video. With `callbackUrl` its events are sent there. "
                + "`audio` is one that was brought to the same request ID by `PUT /v1/sessions/{requestId}/uploads/{name}` of FrameService: it is looped or ends, fades, and is brought to -14 LUFS unless it says otherwise; it lasts exactly as long as the film. "
                + "`captions` writes each frame's description, or the `lines` that are given, into the pictures and, with `track`, into a text track; `content?variant=captions` has them as WebVTT. "
                + "`clips` has an AI service make a moving clip of each picture, or of some by `frames[].clip`: `stage` is `waiting_for_provider` meanwhile. Each clip is paid once for its session, whoever asks for it again, and `usage` tells what was paid; "
                + "`maxCostUsd` is never passed: 402 `budget-exceeded`. A clip that is not made fails the film, with the clip's own code and the frame's number; the others stay for a retry. "
                + "Whoever has seen the last frame saved can call this at once. "
                + "The film lasts exactly as long as the session says, or `secondsPerFrame` and the frames' own `seconds` together; joint k of N frames stands at round(k x D x fps / N), or at the rounded sum of the seconds before it, and "
                + "transitions are centred on joints, so nothing drifts. `frames` and `joints` say what differs from the rest; `POST /v1/videos/plan` shows what comes of it. "
                + "`onFrameFailure` says what becomes of frames that an ended session never made, and of pictures that turn out missing or damaged at the render: `fail` (the default) ends the film and names the frame; "
                + "`skip` leaves the frame out, and the others share its time, each by its own length; `hold` lets the picture before it (for the first: after it) stay for its time, too, without a transition. The film lasts as long in every case, "
                + "`frameFailures` tells what was done, and where no frame is left the film fails.")
            .WithErrors(
                ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.InvalidUserId, ErrorCodes.UserMismatch, ErrorCodes.SessionNotFound, ErrorCodes.ForeignObject, ErrorCodes.RequestIdMismatch, ErrorCodes.ObjectNotFound, ErrorCodes.AudioUnreadable, ErrorCodes.CaptionFontMissing, ErrorCodes.BudgetExceeded,
                ErrorCodes.FramesNotReady, ErrorCodes.FramesMissing, ErrorCodes.FramesRevisionChanged, ErrorCodes.SessionDeleted, ErrorCodes.UnsupportedMediaType,
                ErrorCodes.ValidationFailed, ErrorCodes.TooManyQueuedJobs, ErrorCodes.FrameServiceUnavailable, ErrorCodes.DatabaseUnavailable);
        routes.MapPost("/v1/videos/plan", PlanAsync).OpenByBody().WithName("planVideo").WithTags("Videos")
            .WithSummary("The film that would be made; nothing is kept.")
            .WithBody("plan", "The plan of a film of all frames", new CreateVideoRequest { RequestId = OpenApiExamples.RequestId })
            .WithDescription("Takes what `POST /v1/videos` takes, refuses what that refuses, and says which frames were found, which clips they make and how long the film lasts; and what AI services would be asked for, what that costs and what the budgets leave, which refuses nothing here.")
            .WithErrors(
                ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.InvalidUserId, ErrorCodes.UserMismatch, ErrorCodes.SessionNotFound, ErrorCodes.ForeignObject, ErrorCodes.RequestIdMismatch, ErrorCodes.ObjectNotFound, ErrorCodes.AudioUnreadable, ErrorCodes.CaptionFontMissing,
                ErrorCodes.FramesNotReady, ErrorCodes.FramesMissing, ErrorCodes.FramesRevisionChanged, ErrorCodes.SessionDeleted, ErrorCodes.UnsupportedMediaType,
                ErrorCodes.ValidationFailed, ErrorCodes.FrameServiceUnavailable, ErrorCodes.DatabaseUnavailable);
        routes.MapGet("/v1/videos", ListAsync).OpenByQuery().WithName("listVideos").WithTags("Videos")
            .WithSummary("The caller's films, the newest first.")
            .WithDescription("Of one session with `requestId`. `limit` is 1-100, 20 by default; hand `nextCursor` back as `cursor` for what follows.")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.InvalidCursor, ErrorCodes.ValidationFailed, ErrorCodes.DatabaseUnavailable);
        routes.MapGet("/v1/videos/{videoId}", GetAsync).OpenByVideo(RequestOfAsync).WithName("getVideo").WithTags("Videos")
            .WithSummary("One film: how far it is, its clips and its links.")
            .WithDescription(
                "Links work without headers and end after a while; ask again for fresh ones. With If-None-Match it answers 304 while nothing has changed. `stale` says whether the session's frames have moved on "
                + "since they were pinned, as FrameService says at this moment; null where it does not answer in time. A stale film has `links.rerender`.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.DatabaseUnavailable);
        routes.MapGet("/v1/videos/{videoId}/events", EventsAsync).OpenByVideo(RequestOfAsync).WithName("listVideoEvents").WithTags("Videos")
            .WithSummary("The film's event log, oldest first: a page, or a stream that goes on.")
            .WithEventDescription()
            .WithErrors(
                ErrorCodes.InvalidRequest, ErrorCodes.InvalidVideoId, ErrorCodes.InvalidCursor, ErrorCodes.TokenExpired, ErrorCodes.InvalidToken, ErrorCodes.VideoNotFound, ErrorCodes.ValidationFailed,
                ErrorCodes.TooManyRequests, ErrorCodes.DatabaseUnavailable);
        routes.MapPost("/v1/videos/{videoId}/cancel", CancelAsync).OpenByVideo(RequestOfAsync).WithName("cancelVideo").WithTags("Videos")
            .WithSummary("Stop a film that is queued or in progress.")
            .WithDescription(
                "Answers with the film as it ended: `canceled`, with the clips that were finished, which stay for a retry. The encoder ends at once, on another instance within a second. "
                + "A film that has ended already is 409 `wrong-state`, which names how: of a cancel and a completion at the same moment one happens.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.WrongState, ErrorCodes.DatabaseUnavailable);
        routes.MapPost("/v1/videos/{videoId}/retry", RetryAsync).OpenByVideo(RequestOfAsync).WithName("retryVideo").WithTags("Videos")
            .WithSummary("Go on with a film that failed or was canceled.")
            .WithDescription("The same video with the frames that it pinned; only what is missing is made. Pictures that were missing or damaged are looked for again.")
            .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.WrongState, ErrorCodes.TooManyQueuedJobs, ErrorCodes.DatabaseUnavailable);
        routes.MapPost("/v1/videos/{videoId}/rerender", RerenderAsync).OpenByVideo(RequestOfAsync).WithName("rerenderVideo").WithTags("Videos")
            .WithSummary("Make a new film of the session's present frames with the same settings.")
            .WithDescription("Clips whose frames have not changed are found again. The former film stays.")
            .WithErrors(
                ErrorCodes.InvalidVideoId, ErrorCodes.VideoNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.SessionNotFound, ErrorCodes.ObjectNotFound, ErrorCodes.AudioUnreadable, ErrorCodes.CaptionFontMissing, ErrorCodes.BudgetExceeded, ErrorCodes.FramesNotReady, ErrorCodes.FramesMissing, ErrorCodes.FramesRevisionChanged,
                ErrorCodes.SessionDeleted, ErrorCodes.ValidationFailed, ErrorCodes.TooManyQueuedJobs, ErrorCodes.FrameServiceUnavailable, ErrorCodes.DatabaseUnavailable);
        routes.MapVideoContent();
        routes.MapVideoPlaylist();
        routes.MapVideoDeletion();
    }

    /// <summary>The session of the caller's film that a path names; null where there is none. For tokens that open one session alone.</summary>
    internal static async ValueTask<RequestId?> RequestOfAsync(EndpointFilterInvocationContext context, Caller caller)
    {
        var http = context.HttpContext;
        var videoId = RouteIds.ParseVideoId(http.GetRouteValue("videoId") as string);
        return (await http.RequestServices.GetRequiredService<VideoTable>().FindAsync(caller.UserId, videoId, http.RequestAborted))?.RequestId;
    }

    private static async Task<IResult> CreateAsync(
        CreateVideoRequest body, Caller caller, HttpContext context, CreateVideo create, ClipProviders clips, VideoView view, CallbackUrls callbacks, PublicLinks links, CancellationToken cancellationToken)
    {
        var (draft, credential) = await DraftAsync(body, caller, context, create, clips, callbacks, links, cancellationToken);
        if (body.DryRun) return TypedResults.Ok(draft.ToPlan());
        return await AcceptedAsync(await create.PinAsync(draft, body.Metadata, body.CallbackUrl, credential, cancellationToken), view, context, cancellationToken);
    }

    private static async Task<Ok<VideoPlan>> PlanAsync(
        CreateVideoRequest body, Caller caller, HttpContext context, CreateVideo create, ClipProviders clips, CallbackUrls callbacks, PublicLinks links, CancellationToken cancellationToken) =>
        TypedResults.Ok((await DraftAsync(body, caller, context, create, clips, callbacks, links, cancellationToken)).Draft.ToPlan());

    private static async Task<(FilmDraft Draft, CallerCredential Credential)> DraftAsync(
        CreateVideoRequest body, Caller caller, HttpContext context, CreateVideo create, ClipProviders clips, CallbackUrls callbacks, PublicLinks links, CancellationToken cancellationToken)
    {
        var settings = CreateVideoRules.Check(body, links.KeyOf, clips);
        var credential = CallerCredential.Of(context, caller.For(body.UserId));
        callbacks.Check(credential.UserId, body.CallbackUrl);
        return (await create.DraftAsync(RouteIds.ParseRequestId(body.RequestId), settings, body.FramesRevision, isAgain: false, credential, cancellationToken), credential);
    }

    private static async Task<Results<Ok<Page<Video>>, NotModified>> ListAsync(
        string? requestId, int? limit, string? cursor, Caller caller, VideoTable videos, VideoView view, HttpContext http, CancellationToken cancellationToken)
    {
        RequestId? of = string.IsNullOrEmpty(requestId) ? null : RouteIds.ParseRequestId(requestId);
        var size = Paging.Limit(limit);
        var (time, id) = Paging.Read(cursor);
        VideoId? beforeId = id is null ? null : VideoId.TryParse(id, out var before) ? before : throw Paging.Invalid();
        var rows = await videos.ListAsync(caller.UserId, of, time, beforeId, size + 1, cancellationToken);
        var shown = rows.Take(size).ToList();
        var next = rows.Count > size ? Paging.Write(shown[^1].CreatedAt, shown[^1].VideoId.ToString()) : null;
        var items = await view.ShowAsync(shown, cancellationToken);
        var state = Conditional.Digest([.. items.Zip(shown, (video, row) => $"{row.VideoId} {row.Revision} {VideoView.VariantOf(video.Stale)}"), next]);
        return Conditional.IsCurrent(http, state) ? NotModified.Answer : TypedResults.Ok(new Page<Video>(items, next));
    }

    private static async Task<Results<Ok<Video>, NotModified>> GetAsync(
        VideoId videoId, Caller caller, HttpContext context, VideoTable videos, VideoView view, CancellationToken cancellationToken)
    {
        var row = await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        var stale = await view.IsStaleAsync(row, cancellationToken);
        // Nothing of this row changes when the session's frames move on.
        if (Conditional.IsCurrent(context, row.Revision, VideoView.VariantOf(stale))) return NotModified.Answer;
        return TypedResults.Ok(await view.ShowAsync(row, stale, cancellationToken));
    }

    private static Task<Results<Ok<Page<Event>>, NotModified, EventStreamResult, NoContent>> EventsAsync(
        VideoId videoId, [AsParameters] EventQuery query, Caller caller, VideoTable videos, EventFeed feed, HttpContext context) => feed.AnswerAsync(
        context, new ResourceKey(caller.UserId, videoId.ToString()), query, token => videos.RequireAsync(caller.UserId, videoId, token));

    private static async Task<Ok<Video>> CancelAsync(
        VideoId videoId, Caller caller, Precondition precondition, ChangeVideo change, VideoView view, HttpContext http, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ShowAsync(await change.CancelAsync(caller.UserId, videoId, precondition, cancellationToken), view, http, cancellationToken));

    private static async Task<Accepted<Video>> RetryAsync(
        VideoId videoId, Caller caller, Precondition precondition, ChangeVideo change, VideoView view, HttpContext http, CancellationToken cancellationToken) =>
        await AcceptedAsync(await change.RetryAsync(caller.UserId, videoId, precondition, cancellationToken), view, http, cancellationToken);

    private static async Task<Accepted<Video>> RerenderAsync(
        VideoId videoId, Caller caller, Precondition precondition, HttpContext context, VideoTable videos, CallbackTable callbacks, CreateVideo create, VideoView view, CancellationToken cancellationToken)
    {
        var former = await videos.RequireAsync(caller.UserId, videoId, cancellationToken);
        // What it was made with never changes, so nothing is taken.
        precondition.Require(former.Revision);
        var credential = CallerCredential.Of(context, caller.UserId);
        var draft = await create.DraftAsync(former.RequestId, former.Asked, framesRevision: null, isAgain: true, credential, cancellationToken);
        var notes = former.Metadata is { } text ? JsonSerializer.Deserialize<Dictionary<string, string>>(text, WireJson.Options) : null;
        var callbackUrl = await callbacks.FindAsync(former.UserId, videoId.ToString(), cancellationToken);
        return await AcceptedAsync(await create.PinAsync(draft, notes, callbackUrl, credential, cancellationToken), view, context, cancellationToken);
    }

    private static async Task<Accepted<Video>> AcceptedAsync(VideoRow row, VideoView view, HttpContext http, CancellationToken cancellationToken) =>
        TypedResults.Accepted(view.Self(row.VideoId), await ShowAsync(row, view, http, cancellationToken));

    private static async Task<Video> ShowAsync(VideoRow row, VideoView view, HttpContext http, CancellationToken cancellationToken)
    {
        var video = await view.ShowAsync(row, cancellationToken);
        Conditional.Tag(http, row.Revision, VideoView.VariantOf(video.Stale));
        return video;
    }
}
