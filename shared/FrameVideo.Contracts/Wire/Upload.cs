using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Contracts;

/// <summary>A sound that a person brought to a request ID, as films of it name it.</summary>
/// <param name="Object">Always <c>upload</c>.</param>
/// <param name="RequestId">The generation that it belongs to.</param>
/// <param name="ObjectKey">Its name in the object store: what <c>audio.objectKey</c> of a film asks for.</param>
/// <param name="Url">A link to its bytes that works without headers, for a while.</param>
/// <param name="ContentType">What its bytes are, whatever it was sent as.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Of its bytes.</param>
public sealed record Upload(
    [property: AllowedValues("upload")] string Object, RequestId RequestId, ObjectKey ObjectKey, [property: Url] string Url,
    [property: AllowedValues("audio/mpeg", "audio/mp4", "audio/aac", "audio/wav", "audio/flac", "audio/ogg")] string ContentType,
    [property: Range(1, WireLimits.MaxSoundBytes)] long Bytes, [property: RegularExpression(WireLimits.Sha256), StringLength(64, MinimumLength = 64)] string Sha256);
