using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FrameVideo.Hosting;

/// <summary>Streams an object with ETag, Range (one range, RFC 9110) and If-None-Match; nothing is buffered.</summary>
/// <param name="store">Where it lies.</param>
/// <param name="key">Its name.</param>
public sealed class ObjectResult(IObjectStore store, ObjectKey key) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var (request, response) = (httpContext.Request, httpContext.Response);
        // A name that bears a hash, or a film's ID, never has other bytes.
        var tag = key.IsRewritten ? null : new EntityTagHeaderValue($"\"{key.Hash ?? key.VideoId.ToString()}-{key.Kind.ToString()[0]}\"");
        var headers = request.GetTypedHeaders();
        var range = RangeOf(headers, tag);
        await using var found = await store.GetAsync(key, range, httpContext.RequestAborted)
            ?? throw new ProblemException(ErrorCodes.ObjectNotFound, "There is no such object in the store.");
        response.Headers.ETag = tag?.ToString();
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = key.IsRewritten ? "private, no-cache" : "private, max-age=31536000, immutable";
        response.Headers.LastModified = HeaderUtilities.FormatDate(found.LastModified);
        response.Headers.ContentDisposition = DispositionOf(request);
        // What people upload is shown as a picture or not at all.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        if (tag is not null && headers.IfNoneMatch.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = key.ContentType;
        response.ContentLength = found.Length;
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = new ContentRangeHeaderValue(found.Offset, found.Offset + found.Length - 1, found.TotalLength).ToString();
        }

        if (HttpMethods.IsHead(request.Method)) return;
        await found.Content.CopyToAsync(response.Body, httpContext.RequestAborted);
    }

    /// <summary>Pictures and films are shown, unless <c>?download</c> asks for a file; everything else is a file (RFC 6266).</summary>
    private string DispositionOf(HttpRequest request)
    {
        var isShown = key.ContentType is "image/png" or "image/jpeg" or "image/webp" or "video/mp4" or "video/webm" && !request.Query.ContainsKey("download");
        var disposition = new ContentDispositionHeaderValue(isShown ? "inline" : "attachment");
        disposition.SetHttpFileName(key.FileName);
        return disposition.ToString();
    }

    private static ByteRange? RangeOf(Microsoft.AspNetCore.Http.Headers.RequestHeaders headers, EntityTagHeaderValue? tag)
    {
        if (headers.Range is not { } given || given.Unit != "bytes" || given.Ranges.Count != 1) return null;
        // If-Range that names other bytes means: the whole, please.
        if (headers.IfRange is { } condition && (condition.EntityTag is null || tag is null || !condition.EntityTag.Compare(tag, useStrongComparison: true))) return null;
        var only = given.Ranges.First();
        return new ByteRange(only.From, only.To);
    }
}
