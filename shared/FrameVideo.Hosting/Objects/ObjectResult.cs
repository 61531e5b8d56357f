using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace FrameVideo.Hosting;

/// <summary>
/// Streams an object; nothing is buffered. Conditions and one range by RFC 9110, sections 13 and 14: of several ranges the whole is sent, as of one that cannot be read; one that lies
/// outside is 416. HEAD has no ranges.
/// </summary>
/// <param name="key">Its name.</param>
/// <param name="open">Opens it, or a part of it.</param>
/// <param name="isLasting">Whether other bytes never stand at this address, so that browsers need not ask again.</param>
public sealed class ObjectResult(ObjectKey key, Func<ByteRange?, CancellationToken, Task<StoredObject?>> open, bool isLasting) : IResult
{
    private static readonly ByteRange FirstByte = new(0, 0);

    /// <summary>A name that bears a hash, or a film's ID, never has other bytes.</summary>
    private readonly EntityTagHeaderValue? _tag = key.IsRewritten ? null : new EntityTagHeaderValue($"\"{key.Hash ?? key.VideoId.ToString()}-{key.Kind.ToString()[0]}\"");

    /// <summary>An object of the store, at an address that bears its name.</summary>
    public ObjectResult(IObjectStore store, ObjectKey key)
        : this(key, (range, token) => store.GetAsync(key, range, token), isLasting: !key.IsRewritten)
    {
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var (request, response, headers) = (httpContext.Request, httpContext.Response, httpContext.Request.GetTypedHeaders());
        var isHead = HttpMethods.IsHead(request.Method);
        // Who is sent no bytes needs but one, which says how many there are.
        var isBodiless = isHead || (_tag is not null && Conditional.IsNamed(headers.IfNoneMatch, _tag));
        var range = isBodiless ? FirstByte : RangeOf(headers);
        await using var found = await open(range, httpContext.RequestAborted)
            ?? throw new ProblemException(ErrorCodes.ObjectNotFound, "There is no such object in the store.");
        RequireMatch(headers, found);
        ByteHeaders.Set(httpContext, key);
        response.Headers.ETag = _tag?.ToString();
        response.Headers.CacheControl = isLasting ? "private, max-age=31536000, immutable" : "private, no-cache";
        response.Headers.LastModified = HeaderUtilities.FormatDate(found.LastModified);
        if (IsCurrent(headers, found))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = key.ContentType;
        response.ContentLength = isHead ? found.TotalLength : found.Length;
        if (isHead) return;
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = new ContentRangeHeaderValue(found.Offset, found.Offset + found.Length - 1, found.TotalLength).ToString();
        }

        await found.Content.CopyToAsync(response.Body, httpContext.RequestAborted);
    }

    private ByteRange? RangeOf(RequestHeaders headers)
    {
        if (headers.Range is not { } given || !given.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) || given.Ranges.Count != 1) return null;
        // If-Range that names other bytes means: the whole, please. So does one that names a date, by which nobody asks who has seen a tag.
        if (headers.IfRange is { } condition && (condition.EntityTag is null || _tag is null || !condition.EntityTag.Compare(_tag, useStrongComparison: true))) return null;
        var only = given.Ranges.First();
        return new ByteRange(only.From, only.To);
    }

    /// <summary>If-Match and If-Unmodified-Since: who goes on with a download wants the same bytes, or none.</summary>
    private void RequireMatch(RequestHeaders headers, StoredObject found)
    {
        var isOther = headers.IfMatch.Count > 0
            ? !headers.IfMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (_tag is not null && tag.Compare(_tag, useStrongComparison: true)))
            : headers.IfUnmodifiedSince is { } date && Seconds(found.LastModified) > date;
        if (isOther) throw new ProblemException(ErrorCodes.PreconditionFailed, "These are not the bytes that the request names.");
    }

    private bool IsCurrent(RequestHeaders headers, StoredObject found) => headers.IfNoneMatch.Count > 0
        ? _tag is not null ? Conditional.IsNamed(headers.IfNoneMatch, _tag) : headers.IfNoneMatch.Contains(EntityTagHeaderValue.Any)
        : headers.IfModifiedSince is { } date && Seconds(found.LastModified) <= date;

    /// <summary>As the header has it.</summary>
    private static DateTimeOffset Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
