using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace FrameService.Frames;

/// <summary>The routes of one frame.</summary>
internal static class FrameEndpoints
{
    public static void MapFrames(this IEndpointRouteBuilder routes)
    {
        var frames = routes.MapGroup("/v1/sessions/{requestId}/frames/{number}").OpenByPath().WithTags("Frames");
        frames.MapPut("", Put).WithName("putFrame").WithSummary("Upload or replace one picture.")
            .WithDescription("The body is the picture (PNG, JPEG or WebP by its bytes, at most 25 MiB), raw or as the part `image` or `file` of multipart/form-data. Under an unknown request ID it opens a draft session of the caller: upload first, save later. `If-Match` replaces what was read and nothing later; `If-None-Match: *` replaces no picture.")
            .WithPictureBody().WithBodyLimit(BodyLimits.PictureForm, Carried.Picture).WithETag()
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.SessionDeleted, ErrorCodes.PreconditionFailed, ErrorCodes.ImageTooLarge, ErrorCodes.UnsupportedImage, ErrorCodes.ImageUnreadable, ErrorCodes.ImageTooManyPixels, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
        frames.MapGet("", Get).WithName("getFrame").WithSummary("One frame; with inline=data the picture is in it.")
            .Produces(StatusCodes.Status304NotModified)
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.SessionNotFound, ErrorCodes.FrameNotFound, ErrorCodes.DatabaseUnavailable);
        frames.MapPatch("", Patch).WithBodyLimit(BodyLimits.Texts).WithName("patchFrame").WithSummary("Change a frame's texts. Takes If-Match.")
            .WithBody("texts", "Say what is seen", new PatchFrameRequest { Description = "A paper boat in the rain", SceneStory = "It begins to rain." })
            .WithErrors(ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.SessionNotFound, ErrorCodes.FrameNotFound, ErrorCodes.SessionDeleted, ErrorCodes.PreconditionFailed, ErrorCodes.ValidationFailed, ErrorCodes.DatabaseUnavailable);
        frames.MapPost("regenerate", Regenerate).WithBodyLimit(BodyLimits.Texts).WithName("regenerateFrame").WithSummary("Make one picture again.")
            .WithBody("again", "Another picture of the same words", new RegenerateFrameRequest())
            .WithBody("otherwise", "A picture of other words", new RegenerateFrameRequest { Prompt = "a fox on a roof, close-up", Seed = 7 })
            .WithDescription("202: the frame is `generating` and shows its former picture until the new one is stored; then `framesRevision` counts up. Without a body the same words give another picture, from a fresh `seed`; the same seed and words give the same picture. `prompt` says what the artist is asked for; `description` what is seen, from which a prompt is made where none is given. The session is `queued` or `in_progress` meanwhile and then as before, or `completed` where every frame has a picture by then. Where no picture can be made the former one stays, and the frame says its `error`. Asked for twice, the later wish counts; a picture uploaded meanwhile ends it.")
            .WithErrors(ErrorCodes.TooManyQueuedJobs, ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.SessionNotFound, ErrorCodes.FrameNotFound, ErrorCodes.SessionDeleted, ErrorCodes.PreconditionFailed, ErrorCodes.ValidationFailed, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
        frames.MapGet("image", Image).MayBeEmbedded().WithName("getFrameImage").WithSummary("The picture: a redirect to a link, or the bytes while the store has none.")
            .WithDescription("`Accept: application/json` gives the link and its end instead. Takes `?token=` of a link, and Range and If-None-Match where it answers with bytes.")
            .WithRedirect().WithBytes("image/png", "image/jpeg", "image/webp")
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.InvalidToken, ErrorCodes.SessionNotFound, ErrorCodes.FrameNotFound, ErrorCodes.ObjectNotFound, ErrorCodes.PreconditionFailed, ErrorCodes.RangeNotSatisfiable, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);
    }

    private static async Task<Results<Created<Frame>, Ok<Frame>>> Put(
        RequestId requestId, int number, Caller caller, Precondition precondition, HttpRequest request, UploadFrame upload, Views views, CancellationToken cancellationToken)
    {
        await using var content = await UploadBody.OpenAsync(request, cancellationToken);
        var (row, isNew) = await upload.RunAsync(new SessionKey(caller.UserId, requestId), number, content.Stream, precondition, cancellationToken);
        var frame = views.Of(row);
        Conditional.Tag(request.HttpContext, row.Revision);
        return isNew ? TypedResults.Created($"/v1/sessions/{requestId}/frames/{number}", frame) : TypedResults.Ok(frame);
    }

    private static async Task<Results<Ok<Frame>, NotModified>> Get(
        RequestId requestId, int number, Caller caller, ReadSession read, FramePictures pictures, Views views, HttpContext http, CancellationToken cancellationToken, string? inline = null)
    {
        var row = await read.GetFrameAsync(new SessionKey(caller.UserId, requestId), number, cancellationToken);
        var isData = inline == "data" && row.HasPicture;
        if (Conditional.IsCurrent(http, row.Revision, isData ? "data" : null)) return NotModified.Answer;
        var frame = views.Of(row);
        return TypedResults.Ok(isData ? frame with { ImageUrl = await pictures.ReadDataUrlAsync(row, cancellationToken) } : frame);
    }

    private static async Task<Ok<Frame>> Patch(
        RequestId requestId, int number, Caller caller, Precondition precondition, PatchFrameRequest patch, PatchFrame operation, Views views, HttpContext http, CancellationToken cancellationToken)
    {
        var row = await operation.RunAsync(new SessionKey(caller.UserId, requestId), number, patch, precondition, cancellationToken);
        Conditional.Tag(http, row.Revision);
        return TypedResults.Ok(views.Of(row));
    }

    private static async Task<Accepted<Frame>> Regenerate(
        RequestId requestId, int number, Caller caller, Precondition precondition, RegenerateFrame operation, Views views, HttpContext http, CancellationToken cancellationToken, RegenerateFrameRequest? request = null)
    {
        var row = await operation.RunAsync(new SessionKey(caller.UserId, requestId), number, request, precondition, cancellationToken);
        Conditional.Tag(http, row.Revision);
        var frame = views.Of(row);
        return TypedResults.Accepted(frame.Links!.Self, frame);
    }

    private static async Task<IResult> Image(
        RequestId requestId, int number, Caller caller, ReadSession read, FramePictures pictures, Views views, HttpRequest request, CancellationToken cancellationToken)
    {
        var row = await read.GetFrameAsync(new SessionKey(caller.UserId, requestId), number, cancellationToken);
        var link = views.LinkOf(row) ?? throw new ProblemException(ErrorCodes.FrameNotFound, $"Frame {number} has no picture yet; it is {row.Status}.");
        var http = request.HttpContext;
        http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (ByteHeaders.WantsLink(request)) return Conditional.IsCurrent(http, Conditional.Digest([link.Url])) ? NotModified.Answer : TypedResults.Ok(link);
        // Another picture may stand here later: browsers ask again.
        http.Response.Headers.CacheControl = "private, no-cache";
        if (row.State == FrameStatus.Stored) return TypedResults.Redirect(link.Url);
        return new ObjectResult(row.ObjectKey!.Value, (range, token) => pictures.OpenAsync(row, range, token), isLasting: false);
    }
}
