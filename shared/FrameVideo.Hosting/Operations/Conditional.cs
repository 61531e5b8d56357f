using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FrameVideo.Hosting;

/// <summary>ETags from revisions, and the conditions that name them (RFC 9110, section 13).</summary>
public static class Conditional
{
    /// <summary>Sets the ETag of the answer, and says whether If-None-Match holds it already. The tag is weak: links in the body are made afresh.</summary>
    /// <param name="http">The request and its answer.</param>
    /// <param name="revision">The resource's.</param>
    /// <param name="variant">What the answer hangs on beside the revision: letters and digits.</param>
    public static bool IsCurrent(HttpContext http, long revision, string? variant = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        var clock = (TimeProvider?)http.RequestServices.GetService(typeof(TimeProvider)) ?? TimeProvider.System;
        // A body that a client keeps has links that end: half of their life is as long as it may be kept.
        var epoch = clock.GetUtcNow().ToUnixTimeSeconds() / (30 * 60);
        var tag = new EntityTagHeaderValue($"\"{revision}-{epoch}{(variant is null ? "" : "-")}{variant}\"", isWeak: true);
        http.Response.Headers.ETag = tag.ToString();
        http.Response.Headers.CacheControl = "private, no-cache";
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));
    }

    /// <summary>Whether If-Match allows to change what has this revision; without the header it does.</summary>
    /// <exception cref="ProblemException">precondition-failed.</exception>
    public static void RequireMatch(HttpContext http, long revision)
    {
        ArgumentNullException.ThrowIfNull(http);
        var given = http.Request.GetTypedHeaders().IfMatch;
        if ((given.Count > 0 || http.Request.Headers.IfMatch.Any(text => !string.IsNullOrWhiteSpace(text))) && !given.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Tag.AsSpan().Trim('"').ToString().Split('-')[0] == revision.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            throw new ProblemException(ErrorCodes.PreconditionFailed, "It has changed since you read it; read it again.");
    }
}
