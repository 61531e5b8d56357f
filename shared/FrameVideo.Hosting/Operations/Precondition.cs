using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FrameVideo.Hosting;

/// <summary>
/// What If-Match and If-None-Match ask of a resource before it is changed (RFC 9110, section 13). To be looked at within the transaction of the change, once the row is taken. A tag
/// names a revision: how long the links beside it may be kept is of no interest to who changes something, so the tag that a GET has given is taken, weak as it is.
/// </summary>
public sealed class Precondition : IEndpointParameterMetadataProvider
{
    private readonly string[]? _match;
    private readonly string[]? _noneMatch;

    private Precondition(IHeaderDictionary headers) => (_match, _noneMatch) = (Revisions(headers.IfMatch), Revisions(headers.IfNoneMatch));

    /// <summary>That of a request which asks for nothing.</summary>
    public static Precondition None { get; } = new(new HeaderDictionary());

    /// <summary>Whether the request asks for anything.</summary>
    public bool IsGiven => _match is not null || _noneMatch is not null;

    /// <summary>Goes on where the resource is as the request asks.</summary>
    /// <param name="revision">The present one; null where there is nothing yet.</param>
    /// <exception cref="ProblemException">precondition-failed.</exception>
    public void Require(long? revision)
    {
        var text = revision?.ToString(CultureInfo.InvariantCulture);
        if (_match is not null && !Names(_match, text)) throw new ProblemException(ErrorCodes.PreconditionFailed, text is null ? "There is nothing yet that If-Match could name." : "It has changed since you read it; read it again.");
        if (_noneMatch is not null && Names(_noneMatch, text)) throw new ProblemException(ErrorCodes.PreconditionFailed, "It is there already; without If-None-Match it is replaced.");
    }

    /// <summary>Hands the condition to an operation.</summary>
    [SuppressMessage("Design", "CA1068", Justification = "The framework asks for this form.")]
    public static ValueTask<Precondition> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(new Precondition(context.Request.Headers));
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new TakesIfMatch());
    }

    private static bool Names(string[] revisions, string? present) => present is not null && revisions.Any(revision => revision == "*" || revision == present);

    /// <summary>The revisions that a header names; none of them where it cannot be read, so that a condition nobody understands is not one that holds. Null without the header.</summary>
    private static string[]? Revisions(StringValues header)
    {
        if (header.All(string.IsNullOrWhiteSpace)) return null;
        return EntityTagHeaderValue.TryParseList([.. header.OfType<string>()], out var tags) ? [.. tags.Select(tag => tag.Tag.ToString().Trim('"').Split('-')[0])] : [];
    }
}

/// <summary>The operation changes what If-Match may name.</summary>
internal sealed record TakesIfMatch;
