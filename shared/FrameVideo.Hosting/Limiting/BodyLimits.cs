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

    /// <summary>A picture as base64 in JSON, with line breaks.</summary>
    public const long PictureJson = Picture * 3 / 2;

    /// <summary>Frames whose pictures stand in them as data URLs. No address takes more.</summary>
    public const long Save = 64L * 1024 * 1024;

    /// <summary>Three texts, with every character escaped.</summary>
    public const long Texts = 256 * 1024;

    /// <summary>Says how large a body is taken, in metadata that the server, the rate limits and the OpenAPI document read.</summary>
    public static TBuilder WithBodyLimit<TBuilder>(this TBuilder builder, long bytes, bool isPicture = false)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new BodyLimitAttribute(bytes, isPicture));

    /// <summary>What the request's address says; null where it says nothing, and <see cref="Json"/> holds.</summary>
    internal static BodyLimitAttribute? Of(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<BodyLimitAttribute>();

    /// <summary>The refusal of a picture, in whatever way its size is noticed.</summary>
    internal static ProblemException PictureTooLarge() => new(ErrorCodes.ImageTooLarge, $"The picture is larger than {Picture / Json} MiB.");

    /// <summary>Refuses by the length that a request names. Stands after routing, which has told the server the limit.</summary>
    internal static Task RefuseLargeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } most && context.Request.ContentLength > most)
        {
            // What is refused unread is not read afterwards either: the connection ends with the answer.
            context.Response.Headers.Connection = "close";
            throw Of(context.GetEndpoint()) is { IsPicture: true }
                ? PictureTooLarge()
                : new ProblemException(ErrorCodes.BodyTooLarge, string.Create(CultureInfo.InvariantCulture, $"The body has {context.Request.ContentLength} bytes; this address takes at most {most}."));
        }

        return next(context);
    }
}

/// <summary>How large a body an address takes.</summary>
/// <param name="bytes">At most.</param>
/// <param name="isPicture">Whether it is a picture, raw or in a form.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BodyLimitAttribute(long bytes, bool isPicture = false) : Attribute, Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
{
    /// <inheritdoc/>
    public long? MaxRequestBodySize { get; } = bytes;

    /// <summary>Whether it is a picture, raw or in a form.</summary>
    public bool IsPicture { get; } = isPicture;
}
