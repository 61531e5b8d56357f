using FrameVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.Hosting;

/// <summary>What an endpoint says of itself for the OpenAPI document, beside its name, its summary and its types.</summary>
public static class OpenApiMetadata
{
    /// <summary>Lists the codes with which an operation can refuse, beside those that every operation of its kind has: for who asks, for its path's IDs, for a body.</summary>
    public static RouteHandlerBuilder WithErrors(this RouteHandlerBuilder builder, params ErrorCode[] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return builder.WithMetadata(new RefusalCodes(codes));
    }

    /// <summary>Says that the body is a picture, raw or as a part of a form. Any content type is taken: the bytes decide.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="fields">Texts that the form may have before the picture.</param>
    public static RouteHandlerBuilder WithPictureBody(this RouteHandlerBuilder builder, params string[] fields) => builder.WithMetadata(UploadedBody.Picture(fields));

    /// <summary>Says that the body is a sound, raw or as a part of a form. Any content type is taken: the bytes decide.</summary>
    public static RouteHandlerBuilder WithSoundBody(this RouteHandlerBuilder builder) => builder.WithMetadata(UploadedBody.Sound());

    /// <summary>Says that answers of this operation have an ETag.</summary>
    public static RouteHandlerBuilder WithETag(this RouteHandlerBuilder builder) => builder.WithMetadata(new Tagged());

    /// <summary>Says that the operation answers with bytes of one of these types: whole (200), a part (206), or nothing because the caller has them (304).</summary>
    public static RouteHandlerBuilder WithBytes(this RouteHandlerBuilder builder, params string[] contentTypes) =>
        builder.Produces(StatusCodes.Status304NotModified).WithErrors(ErrorCodes.RangeNotSatisfiable).WithMetadata(new Bytes(contentTypes));

    /// <summary>Says that the operation answers with a text of its own, always whole.</summary>
    public static RouteHandlerBuilder WithText(this RouteHandlerBuilder builder, string contentType) => builder.WithMetadata(new Text(contentType));

    /// <summary>Says that it redirects to a link that works without headers, or answers with the link as JSON where that alone is accepted.</summary>
    public static RouteHandlerBuilder WithRedirect(this RouteHandlerBuilder builder) => builder.Produces<Link>().Produces(StatusCodes.Status302Found);

    /// <summary>Shows a body that a caller may send.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="name">The example's name.</param>
    /// <param name="summary">What it is for.</param>
    /// <param name="value">The body.</param>
    public static RouteHandlerBuilder WithBody(this RouteHandlerBuilder builder, string name, string summary, object value) => builder.WithMetadata(new BodyExample(name, summary, value));

    /// <summary>Shows a success as it is answered. Wire records without one of their own are shown by <see cref="OpenApiExamples"/>.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="value">The answer.</param>
    public static RouteHandlerBuilder WithAnswer(this RouteHandlerBuilder builder, object value) => builder.WithMetadata(new AnswerExample(value));
}

internal sealed record RefusalCodes(IReadOnlyList<ErrorCode> Codes);

internal sealed record UploadedBody(string Part, string Description, IReadOnlyList<string> Types, long MaxBytes, IReadOnlyList<string> Fields)
{
    private const string Bytes = "application/octet-stream";

    public static UploadedBody Picture(IReadOnlyList<string> fields) =>
        new("image", "A PNG, JPEG or WebP picture of at most 25 MiB. Its bytes say which it is, whatever the content type.", ["image/png", "image/jpeg", "image/webp", Bytes], BodyLimits.Picture, fields);

    public static UploadedBody Sound() =>
        new("audio", "A sound of at most 64 MiB: MP3, AAC, M4A, WAV, FLAC or Ogg (Opus, Vorbis). Its bytes say which it is, whatever the content type.", ["audio/mpeg", "audio/mp4", "audio/aac", "audio/wav", "audio/flac", "audio/ogg", Bytes], BodyLimits.Sound, []);
}

internal sealed record Tagged;

internal sealed record Bytes(IReadOnlyList<string> ContentTypes);

internal sealed record Text(string ContentType);

internal sealed record BodyExample(string Name, string Summary, object Value);

internal sealed record AnswerExample(object Value);
