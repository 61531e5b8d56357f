using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FrameService.Former;

/// <summary>
/// The routes that the present browser application calls: thin translations onto the same operations, with the same identity rules. Links here are always
/// <c>/api/proxy_s3_image?key=&amp;token=</c>, and frames that the store has refused come as data URLs, since that is what its pages can use.
/// </summary>
internal static class FormerRoutes
{
    private const string Proxy = "/api/proxy_s3_image";

    public static void MapFormerRoutes(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").WithTags("Older routes");
        api.MapPost("save_frames", Save).WithBodyLimit(BodyLimits.Save).WithName("saveFrames").WithSummary("Save frames under their request ID, which is the session ID.")
            .WithBody("save", "Save what was uploaded before", FormerExamples.Save).WithAnswer(FormerExamples.Saved)
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.ForeignObject, ErrorCodes.ObjectNotFound, ErrorCodes.RequestIdMismatch, ErrorCodes.SessionBusy, ErrorCodes.SessionDeleted,
                ErrorCodes.ImageTooLarge, ErrorCodes.UnsupportedImage, ErrorCodes.ValidationFailed, ErrorCodes.ImageTooManyPixels, ErrorCodes.ImageUnreadable, ErrorCodes.UrlRefused, ErrorCodes.UrlUnreachable,
                ErrorCodes.StorageUnavailable, ErrorCodes.DatabaseUnavailable);
        api.MapGet("get_frames", Get).WithName("getFrames").WithSummary("A session and its frames.").WithAnswer(FormerExamples.Session)
            .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.SessionNotFound, ErrorCodes.ObjectNotFound, ErrorCodes.StorageUnavailable, ErrorCodes.DatabaseUnavailable);
        api.MapPost("upload_image_s3", UploadImage.HandleAsync).WithBodyLimit(BodyLimits.PictureJson, Carried.Picture).WithName("uploadImage").WithSummary("Store one picture under a request ID.").WithPictureBody("frameId", "folderPath", "isUserUpload", "userId")
            .WithDescription("As a form; or as JSON, `{imageData, frameId, folderPath, isUserUpload, userId}`, with the picture as a data URL, base64 or a link of ours. Generated clients know one form of it.")
            .WithAnswer(FormerExamples.Uploaded)
            .WithErrors(ErrorCodes.InvalidJson, ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId, ErrorCodes.ForeignObject, ErrorCodes.SessionDeleted, ErrorCodes.ImageTooLarge, ErrorCodes.UnsupportedImage,
                ErrorCodes.ValidationFailed, ErrorCodes.ImageTooManyPixels, ErrorCodes.ImageUnreadable, ErrorCodes.StorageUnavailable, ErrorCodes.DatabaseUnavailable);
        routes.MapObjectProxy(Proxy, "getProxiedImage");
    }

    /// <summary>A link that these pages accept.</summary>
    public static string LinkOf(IObjectStore store, ObjectKey key)
    {
        var url = store.Link(key).Url;
        var token = url[(url.IndexOf("token=", StringComparison.Ordinal) + "token=".Length)..];
        return $"{Proxy}?key={Uri.EscapeDataString(key.ToString())}&token={token}";
    }

    private static async Task<Ok<FormerSave.Answer>> Save(FormerSave request, Caller caller, SaveFrames save, CancellationToken cancellationToken)
    {
        var user = caller.For(request.UserId);
        var (row, _) = await save.RunAsync(user, request.ToRequest(), request.StoryOf(), cancellationToken);
        return TypedResults.Ok(new FormerSave.Answer(true, row.RequestId, row.UserId, row.FrameCount));
    }

    private static async Task<Ok<FormerSession>> Get(string? sessionId, Caller caller, ReadSession read, FramePictures pictures, IObjectStore store, CancellationToken cancellationToken)
    {
        var (session, frames) = await read.GetAsync(new SessionKey(caller.UserId, RouteIds.ParseRequestId(sessionId)), cancellationToken);
        var story = JsonText.Read<Story>(session.Story);
        var items = new List<FormerSession.FormerFrame>(frames.Count);
        foreach (var frame in frames)
        {
            var url = frame.State switch
            {
                FrameStatus.Stored => LinkOf(store, frame.ObjectKey!.Value),
                FrameStatus.Inline => await pictures.ReadDataUrlAsync(frame, cancellationToken),
                _ => null,
            };
            items.Add(FormerSession.FormerFrame.Of(frame, url, story, session));
        }

        return TypedResults.Ok(new FormerSession(true, FormerSession.FormerHead.Of(session), items));
    }
}
