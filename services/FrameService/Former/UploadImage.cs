using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FrameService.Former;

/// <summary><c>POST /api/upload_image_s3</c>: one picture, as JSON or as a form, into the folder of a request ID.</summary>
internal sealed class UploadImage(
    ReadSession read, OpenDraft drafts, PictureKeeper keeper, ParkedTable parked, UploadFrame upload, IObjectStore store, PublicLinks links, TimeProvider clock)
{
    public static async Task<Ok<Answer>> HandleAsync(HttpRequest request, Caller caller, UploadImage operation, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            await using var form = await UploadBody.OpenAsync(request, cancellationToken);
            var fields = form.Fields;
            var wanted = new Request(null, fields.GetValueOrDefault("frameId"), fields.GetValueOrDefault("isUserUpload") is "true" or "1", fields.GetValueOrDefault("folderPath"), fields.GetValueOrDefault("userId"));
            return TypedResults.Ok(await operation.RunAsync(wanted, caller, request, form.Stream, form.FileName, cancellationToken));
        }

        Request body;
        try
        {
            body = await request.ReadFromJsonAsync<Request>(cancellationToken) ?? new Request();
        }
        catch (JsonException exception)
        {
            throw new ProblemException(ErrorCodes.InvalidJson, "The body is no JSON with imageData.", inner: exception);
        }

        if (string.IsNullOrEmpty(body.ImageData)) throw ProblemException.Field("imageData", "imageData is a data URL, base64, or a link of ours.");
        if (operation.OwnLink(body, caller) is { } unchanged) return TypedResults.Ok(unchanged);
        using var content = new MemoryStream(DataUrl.Decode(body.ImageData), writable: false);
        return TypedResults.Ok(await operation.RunAsync(body, caller, request, content, null, cancellationToken));
    }

    /// <summary>A link of ours is stored already: nothing changes.</summary>
    private Answer? OwnLink(Request body, Caller caller)
    {
        if (body.ImageData!.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || links.KeyOf(body.ImageData) is not { } key) return null;
        var user = caller.For(body.UserId ?? key.UserId.ToString());
        if (key.UserId != user) throw new ProblemException(ErrorCodes.ForeignObject, "The link's picture belongs to another user.");
        return new Answer(true, body.ImageData, body.FrameId, user, key);
    }

    private async Task<Answer> RunAsync(Request body, Caller caller, HttpRequest http, Stream content, string? fileName, CancellationToken cancellationToken)
    {
        var (user, requestId, folder) = Place(body, caller, http);
        var session = new SessionKey(user, requestId);
        ObjectKey key;
        string url;
        if (body.IsUserUpload || folder == ObjectKey.UserUploads || NumberOf(body.FrameId) is not { } number)
        {
            // The look comes first: a deleted session takes nothing.
            await read.FindAsync(session, cancellationToken);
            var picture = await keeper.KeepUploadAsync(session, fileName ?? body.FrameId, content, cancellationToken);
            await drafts.RunAsync(
                session,
                transaction => picture.Parked is { } bytes ? parked.ParkAsync(transaction, session, picture.Key, bytes) : Task.CompletedTask,
                cancellationToken);
            (key, url) = (picture.Key, picture.Parked is { } bytes ? DataUrl.Encode(picture.Header.ContentType, bytes) : FormerRoutes.LinkOf(store, picture.Key));
        }
        else
        {
            var (frame, _) = await upload.RunAsync(session, number, content, Precondition.None, cancellationToken);
            key = frame.ObjectKey!.Value;
            url = frame.State == FrameStatus.Inline && await parked.ReadAsync(key, cancellationToken) is { } bytes ? DataUrl.Encode(frame.ContentType!, bytes) : FormerRoutes.LinkOf(store, key);
        }

        return new Answer(true, url, body.FrameId, user, key);
    }

    /// <summary>Whose folder it is: the folder path says it whole, else the header names the request, else a new one begins.</summary>
    private (UserId User, RequestId Request, string? Folder) Place(Request body, Caller caller, HttpRequest http)
    {
        if (body.FolderPath is { Length: > 0 } path)
        {
            var parts = path.Trim('/').Split('/');
            if (parts.Length is not (2 or 3) || (parts.Length == 3 && parts[2] is not (ObjectKey.ReferenceFrames or ObjectKey.UserUploads)))
                throw ProblemException.Field("folderPath", "folderPath is <userId>/<requestId>/reference-frames or <userId>/<requestId>/user-uploads.");
            return (caller.For(body.UserId is { Length: > 0 } named && named != parts[0] ? throw new ProblemException(ErrorCodes.UserMismatch, "folderPath names another user than the request does.") : parts[0]),
                RouteIds.ParseRequestId(parts[1]), parts.ElementAtOrDefault(2));
        }

        // Proxies set this header, too: it counts only if it is a request ID.
        var given = RequestId.TryParse(http.Headers["x-request-id"].ToString(), out var id) ? id : RequestId.New(clock);
        return (caller.For(body.UserId), given, null);
    }

    private static int? NumberOf(string? frameId)
    {
        var digits = frameId?.Length - frameId?.TrimEnd("0123456789".ToCharArray()).Length ?? 0;
        return digits > 0 && int.TryParse(frameId.AsSpan(frameId!.Length - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000 ? number : null;
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record Request(
        [property: Required, StringLength(WireLimits.MaxDataUrl)] string? ImageData = null,
        [property: JsonConverter(typeof(TextOrNumber)), StringLength(WireLimits.MaxText)] string? FrameId = null,
        bool IsUserUpload = false,
        [property: StringLength(WireLimits.MaxText)] string? FolderPath = null,
        [property: RegularExpression(FrameVideo.Contracts.UserId.Pattern), StringLength(FrameVideo.Contracts.UserId.MaxLength)] string? UserId = null);

    internal sealed record Answer(
        bool Success, [property: RegularExpression("^(data:image/|/api/proxy_s3_image\\?).+$"), StringLength(WireLimits.MaxDataUrl)] string ImageUrl, [property: StringLength(WireLimits.MaxText)] string? FrameId, UserId UserId, ObjectKey S3Key);

    /// <summary>Pages send a frame's ID as a number or as text.</summary>
    internal sealed class TextOrNumber : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture)
            : reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw new JsonException("frameId is a number or text.");

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
