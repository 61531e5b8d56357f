using System.Text.RegularExpressions;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FrameService.Uploads;

/// <summary>The route of what a person brings beside frames.</summary>
internal static partial class UploadEndpoints
{
    public static void MapUploads(this IEndpointRouteBuilder routes) => routes.MapPut("/v1/sessions/{requestId}/uploads/{name}", Put).OpenByPath()
        .WithName("putUpload").WithTags("Sessions").WithSummary("Bring a sound for films of this request ID.")
        .WithDescription("The body is the sound (MP3, AAC, M4A, WAV, FLAC, or Ogg with Opus or Vorbis, by its bytes; at most 64 MiB), raw or as the part `audio` or `file` of multipart/form-data. `POST /v1/videos` takes the answer's `objectKey` as `audio.objectKey`. Its name bears a hash of its bytes: the same bytes again are 200 and the same object, others under the same name are another object, and both stay until the session is deleted. Under an unknown request ID it opens a draft session of the caller.")
        .WithSoundBody().WithBodyLimit(BodyLimits.SoundForm, Carried.Sound)
        .WithErrors(ErrorCodes.InvalidRequestId, ErrorCodes.SessionDeleted, ErrorCodes.AudioTooLarge, ErrorCodes.UnsupportedAudio, ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured, ErrorCodes.DatabaseUnavailable);

    private static async Task<Results<Created<Upload>, Ok<Upload>>> Put(RequestId requestId, string name, Caller caller, HttpRequest request, UploadSound upload, CancellationToken cancellationToken)
    {
        if (name.Length > WireLimits.MaxUploadName || !Name().IsMatch(name))
            throw new ProblemException(ErrorCodes.InvalidRequest, $"A name has 1-{WireLimits.MaxUploadName} characters of A-Z a-z 0-9 . _ - and begins with no dot.");
        await using var content = await UploadBody.OpenAsync(request, cancellationToken, "audio", "sound");
        var (sound, isNew) = await upload.RunAsync(new SessionKey(caller.UserId, requestId), name, content.Stream, cancellationToken);
        return isNew ? TypedResults.Created(sound.Url, sound) : TypedResults.Ok(sound);
    }

    [GeneratedRegex(WireLimits.UploadName + "\\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
