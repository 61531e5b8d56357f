using System.Globalization;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FrameVideo.Hosting;

/// <summary>How large a body each address takes: the one place where it stands. What is larger is 413 before it is read, and while it is read where it names no length.</summary>
public static class BodyLimits
{
    /// <summary>Where nothing else is said: JSON with a few texts.</summary>
    public const long Json = 1024 * 1024;

    /// <summary>A picture's own bytes.</summary>
    public const long Picture = 25L * 1024 * 1024;

    /// <summary>A picture with the form around it.</summary>
    public const long PictureForm = Picture + (64 * 1024);

    /// <summary>A sound's own bytes.</summary>
    public const long Sound = WireLimits.MaxSoundBytes;

    /// <summary>A sound with the form around it. No address takes more.</summary>
    public const long SoundForm = Sound + (64 * 1024);

    /// <summary>A picture as base64 in JSON, with line breaks.</summary>
    public const long PictureJson = Picture * 3 / 2;

    /// <summary>Frames whose pictures stand in them as data URLs.</summary>
    public const long Save = 64L * 1024 * 1024;

    /// <summary>Three texts, with every character escaped.</summary>
    public const long Texts = 256 * 1024;

    /// <summary>Says how large a body is taken, in metadata that the server, the rate limits and the OpenAPI document read.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="bytes">At most.</param>
    /// <param name="carried">What it is that is carried, raw or in a form; null for JSON.</param>
    public static TBuilder WithBodyLimit<TBuilder>(this TBuilder builder, long bytes, Carried? carried = null)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new BodyLimitAttribute(bytes, carried));

    /// <summary>What the request's address says; null where it says nothing, and <see cref="Json"/> holds.</summary>
    internal static BodyLimitAttribute? Of(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<BodyLimitAttribute>();

    /// <summary>The refusal of a picture or a sound, in whatever way its size is noticed; null where the address takes neither.</summary>
    internal static ProblemException? TooLarge(Endpoint? endpoint) => Of(endpoint)?.Carried switch
    {
        Carried.Picture => new(ErrorCodes.ImageTooLarge, $"The picture is larger than {Picture / Json} MiB."),
        Carried.Sound => new(ErrorCodes.AudioTooLarge, $"The sound is larger than {Sound / Json} MiB."),
        _ => null,
    };

    /// <summary>Refuses by the length that a request names. Stands after routing, which has told the server the limit.</summary>
    internal static Task RefuseLargeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } most && context.Request.ContentLength > most)
        {
            // What is refused unread is not read afterwards either: the connection ends with the answer.
            context.Response.Headers.Connection = "close";
            // Answered and not thrown: who sends such a thing may do so hundreds of times a second, and an exception costs more than the rest of the answer.
            var refusal = TooLarge(context.GetEndpoint())
                ?? new ProblemException(ErrorCodes.BodyTooLarge, string.Create(CultureInfo.InvariantCulture, $"The body has {context.Request.ContentLength} bytes; this address takes at most {most}."));
            return ProblemHandling.AnswerAsync(context, refusal);
        }

        return next(context);
    }
}

/// <summary>What an address is brought, raw or as a part of a form.</summary>
public enum Carried
{
    /// <summary>A picture.</summary>
    Picture,

    /// <summary>A sound.</summary>
    Sound,
}

/// <summary>How large a body an address takes.</summary>
/// <param name="bytes">At most.</param>
/// <param name="carried">What is carried in it; null for JSON.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BodyLimitAttribute(long bytes, Carried? carried = null) : Attribute, Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
{
    /// <inheritdoc/>
    public long? MaxRequestBodySize { get; } = bytes;

    /// <summary>What is carried in it, raw or in a form; null for JSON.</summary>
    public Carried? Carried { get; } = carried;
}
