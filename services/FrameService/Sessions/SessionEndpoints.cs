using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FrameService.Sessions;

/// <summary>The routes of sessions.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/v1/sessions").WithTags("Sessions");
        sessions.MapPost("", Create).OpenByBody().WithBodyLimit(BodyLimits.Save).WithName("createSession")
            .Produces<Session>(StatusCodes.Status202Accepted).Produces<Session>(StatusCodes.Status201Created).Produces<Session>(StatusCodes.Status200OK)
            .WithSummary("Generate frames from a prompt, or save frames made elsewhere.")
            .WithBody("generate", "Generate from a prompt", new CreateSessionRequest { Prompt = "a paper boat crosses a stormy sea", VideoDuration = 20, Style = Style.Realistic, Mood = Mood.Dramatic })
            .WithBody("look", "Generate, and look at the story before anything is drawn", new CreateSessionRequest { Prompt = "a fox crosses the city at night", FrameCount = 4, PauseAfter = SessionStage.Story, CallbackUrl = "https://example.org/callbacks" })
            .WithBody("reference", "Generate after a picture, within a budget", new CreateSessionRequest { Prompt = "the girl of the picture flies a kite", FrameCount = 6, ReferenceImage = "https://example.org/girl.jpg", MaxCostUsd = 1.5m })
            .WithBody("save", "Save pictures that were uploaded before", new CreateSessionRequest { RequestId = OpenApiExamples.RequestId, Frames = [new SaveFrame { Number = 1, Description = "at the sea" }] })
            .WithBody("saveLinks", "Save pictures that lie elsewhere", new CreateSessionRequest { VideoDuration = 10, Frames = [new SaveFrame { Number = 1, ImageUrl = "https://example.org/one.jpg", Timestamp = "0:00" }, new SaveFrame { Number = 2, ImageUrl = "https://example.org/two.jpg", Timestamp = "0:05" }] })
            .WithDescription("With `frames` it saves (201, or 200 for a session that was there); else it generates (202) and needs `prompt`. The request ID is the one given, else the one in the frames' storage URLs, else a new one; frames of another request ID are refused with 409 `request-id-mismatch`. With `pauseAfter` a generation waits for `approve` after its story or its frames, without holding anything. With `callbackUrl` its events are sent there. With `referenceImage` its frames keep to a picture; with `maxCostUsd` nothing is called that would pass it. `POST /v1/sessions/plan` says beforehand what it costs.")
            .WithErrors(ErrorCodes.BudgetExceeded, ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.ForeignObject, ErrorCodes.UserMismatch, ErrorCodes.ObjectNotFound, ErrorCodes.RequestIdMismatch,
                ErrorCodes.SessionExists, ErrorCodes.SessionBusy, ErrorCodes.SessionDeleted, ErrorCodes.ImageTooLarge, ErrorCodes.UnsupportedImage, ErrorCodes.ValidationFailed, ErrorCodes.UrlRefused,
                ErrorCodes.UrlUnreachable, ErrorCodes.ImageTooManyPixels, ErrorCodes.TooManyQueuedJobs, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
        sessions.MapPost("plan", Plan).OpenByBody().WithBodyLimit(BodyLimits.Save).WithName("planSession").WithSummary("The generation that would be made, and what it would cost; nothing is kept.")
            .WithBody("plan", "The plan of a generation", new CreateSessionRequest { Prompt = "a paper boat crosses a stormy sea", VideoDuration = 20, MaxCostUsd = 2 })
            .WithDescription("Takes what `POST /v1/sessions` takes for generating, and says who would write and draw, in how many calls, at what estimated cost and in what time, and what the budgets leave. A `referenceImage` is not fetched. Nobody is called.")
            .WithErrors(ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.UserMismatch, ErrorCodes.SessionExists, ErrorCodes.SessionDeleted, ErrorCodes.ValidationFailed, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
        sessions.MapGet("", List).WithName("listSessions").WithSummary("The caller's sessions, newest first, without frames.")
            .WithErrors(ErrorCodes.InvalidCursor, ErrorCodes.ValidationFailed, ErrorCodes.DatabaseUnavailable);
        sessions.MapGet("{requestId}", Get).OpenByPath().WithName("getSession").WithSummary("One session with its story and frames.")
            .WithDescription("A session that the database does not know is looked for in the object store, under the caller's own prefix. Takes If-None-Match.")
            .Produces(StatusCodes.Status304NotModified)
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.SessionNotFound, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
        sessions.MapDelete("{requestId}", Delete).WithName("deleteSession").WithSummary("Delete a session, its pictures and its films.")
            .WithDescription("It reads as not found at once, and takes nothing late (410 `session-deleted`). 202 where a part is finished later, because the store does not answer.")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.SessionNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.DatabaseUnavailable);
        sessions.MapPost("{requestId}/cancel", Cancel).OpenByPath().WithName("cancelSession").WithSummary("Stop a generation, or end its wait for an approval; frames that were made stay.")
            .WithDescription("The answer is the session as it is left: `framesReady` of its frames have a picture, also those that were being made again. From now on nothing more is written by the generation. `links.retry` goes on with what is missing.")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.SessionNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.WrongState, ErrorCodes.SessionDeleted, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
        sessions.MapPost("{requestId}/approve", Approve).OpenByPath().WithName("approveSession").WithSummary("Go on after a pause that pauseAfter has asked for.")
            .WithBody("asItIs", "Approve what is there", new ApproveSessionRequest())
            .WithBody("edited", "Approve another story", new ApproveSessionRequest { Story = new EditedStory { Scenes = [new EditedScene { Description = "A fox wakes under a bridge" }, new EditedScene { Description = "It runs" }] } })
            .WithDescription("After the story (202) the frames are drawn; an edited `story` may ride along. Its scenes decide how many frames there are, and a scene with a new description gets a new frame prompt. After the frames (200) the session is completed; until then frames can be regenerated and uploaded. 409 `wrong-state` where nothing awaits an approval, so a second one, too.")
            .WithErrors(ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.SessionNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.WrongState, ErrorCodes.SessionDeleted, ErrorCodes.TooManyQueuedJobs, ErrorCodes.ValidationFailed, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
        sessions.MapPost("{requestId}/retry", Retry).OpenByPath().WithName("retrySession").WithSummary("Go on with a generation that failed or was canceled; only what is missing is made.")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.SessionNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.WrongState, ErrorCodes.SessionDeleted, ErrorCodes.TooManyQueuedJobs, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
        sessions.MapGet("{requestId}/events", Events).OpenByPath().WithName("listSessionEvents").WithSummary("The session's event log, oldest first: a page, or a stream that goes on.")
            .WithEventDescription()
            .WithErrors(ErrorCodes.InvalidRequest, ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.InvalidCursor, ErrorCodes.TokenExpired, ErrorCodes.InvalidToken, ErrorCodes.SessionNotFound,
                ErrorCodes.ValidationFailed, ErrorCodes.TooManyRequests, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
        routes.MapGet("/internal/deletions", Deletions).AllowAnonymous().ExcludeFromDescription();
        routes.MapRevisions();
    }

    private static async Task<IResult> Create(
        CreateSessionRequest request, Caller caller, GenerateSession generate, SaveFrames save, ReadSession read, Views views, CallbackUrls callbacks, HttpContext http, CancellationToken cancellationToken)
    {
        var user = caller.For(request.UserId);
        callbacks.Check(user, request.CallbackUrl);
        if (request.Frames is null)
        {
            if (request.DryRun) return TypedResults.Ok(await generate.PlanAsync(user, request, cancellationToken));
            var begun = await generate.RunAsync(user, request, cancellationToken);
            Conditional.Tag(http, begun.Revision);
            var queued = views.Of(begun, []);
            return TypedResults.Accepted(queued.Links.Self, queued);
        }

        var (row, isNew) = await save.RunAsync(user, request, story: null, cancellationToken);
        var saved = await ViewAsync(row.Key, read, views, http, cancellationToken);
        return isNew ? TypedResults.Created(saved.Links.Self, saved) : TypedResults.Ok(saved);
    }

    private static async Task<Ok<SessionPlan>> Plan(CreateSessionRequest request, Caller caller, GenerateSession generate, CallbackUrls callbacks, CancellationToken cancellationToken)
    {
        var user = caller.For(request.UserId);
        callbacks.Check(user, request.CallbackUrl);
        if (request.Frames is not null) throw ProblemException.Field("frames", "frames are saved, not made; saving costs nothing.");
        return TypedResults.Ok(await generate.PlanAsync(user, request, cancellationToken));
    }

    private static async Task<Results<Ok<Page<Session>>, NotModified>> List(
        Caller caller, SessionTable sessions, Views views, HttpContext http, CancellationToken cancellationToken, int? limit = null, string? cursor = null)
    {
        var size = Paging.Limit(limit);
        var (time, id) = Paging.Read(cursor);
        if (id is not null && !RequestId.TryParse(id, out _)) throw Paging.Invalid();
        var rows = await sessions.ListAsync(caller.UserId, time, id, size + 1, cancellationToken);
        var next = rows.Count > size ? Paging.Write(rows[size - 1].CreatedAt, rows[size - 1].RequestId.ToString()) : null;
        if (Conditional.IsCurrent(http, Conditional.Digest([.. rows.Take(size).Select(row => $"{row.RequestId} {row.Revision}"), next]))) return NotModified.Answer;
        return TypedResults.Ok(new Page<Session>([.. rows.Take(size).Select(row => views.Of(row, frames: null))], next));
    }

    private static async Task<Results<Ok<Session>, NotModified>> Get(RequestId requestId, Caller caller, ReadSession read, Views views, HttpContext http, CancellationToken cancellationToken)
    {
        var (row, frames) = await read.GetAsync(new SessionKey(caller.UserId, requestId), cancellationToken);
        return Conditional.IsCurrent(http, row.Revision) ? NotModified.Answer : TypedResults.Ok(views.Of(row, frames));
    }

    private static async Task<Results<Ok<SessionDeletion>, Accepted<SessionDeletion>>> Delete(
        RequestId requestId, Caller caller, Precondition precondition, DeleteSession delete, CancellationToken cancellationToken)
    {
        var deletion = await delete.RunAsync(new SessionKey(caller.UserId, requestId), precondition, cancellationToken);
        return deletion.Pending ? TypedResults.Accepted((string?)null, deletion) : TypedResults.Ok(deletion);
    }

    private static async Task<Ok<Session>> Cancel(
        RequestId requestId, Caller caller, Precondition precondition, CancelSession cancel, ReadSession read, Views views, HttpContext http, CancellationToken cancellationToken)
    {
        var key = new SessionKey(caller.UserId, requestId);
        await cancel.RunAsync(key, precondition, cancellationToken);
        return TypedResults.Ok(await ViewAsync(key, read, views, http, cancellationToken));
    }

    private static async Task<Results<Ok<Session>, Accepted<Session>>> Approve(
        RequestId requestId, Caller caller, Precondition precondition, ApproveSession approve, ReadSession read, Views views, HttpContext http, CancellationToken cancellationToken, ApproveSessionRequest? request = null)
    {
        var key = new SessionKey(caller.UserId, requestId);
        var goesOn = await approve.RunAsync(key, request, precondition, cancellationToken);
        var session = await ViewAsync(key, read, views, http, cancellationToken);
        return goesOn ? TypedResults.Accepted(session.Links.Self, session) : TypedResults.Ok(session);
    }

    private static async Task<Accepted<Session>> Retry(
        RequestId requestId, Caller caller, Precondition precondition, RetrySession retry, ReadSession read, Views views, HttpContext http, CancellationToken cancellationToken)
    {
        var key = new SessionKey(caller.UserId, requestId);
        await retry.RunAsync(key, precondition, cancellationToken);
        var session = await ViewAsync(key, read, views, http, cancellationToken);
        return TypedResults.Accepted(session.Links.Self, session);
    }

    private static async Task<Session> ViewAsync(SessionKey key, ReadSession read, Views views, HttpContext http, CancellationToken cancellationToken)
    {
        var (row, frames) = await read.GetAsync(key, cancellationToken);
        Conditional.Tag(http, row.Revision);
        return views.Of(row, frames);
    }

    private static Task<Results<Ok<Page<Event>>, NotModified, EventStreamResult, NoContent>> Events(
        RequestId requestId, [AsParameters] EventQuery query, Caller caller, ReadSession read, EventFeed feed, HttpContext http) => feed.AnswerAsync(
        http, new ResourceKey(caller.UserId, requestId.ToString()), query, token => read.GetAsync(new SessionKey(caller.UserId, requestId), token));

    private static async Task<Ok<DeletionPage>> Deletions(HttpRequest request, LinkTokens tokens, DeletionTable deletions, CancellationToken cancellationToken, long after = 0, int limit = 100)
    {
        PeerToken.Require(request, tokens);
        var items = await deletions.FeedAsync(after, Math.Clamp(limit, 1, 1000), cancellationToken);
        return TypedResults.Ok(new DeletionPage(items, items.Count == 0 ? after : items[^1].Sequence));
    }

    /// <summary>A part of the feed, and where the next one begins.</summary>
    internal sealed record DeletionPage(IReadOnlyList<Deletion> Items, long Next);
}
