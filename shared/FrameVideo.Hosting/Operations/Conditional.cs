using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FrameVideo.Hosting;

/// <summary>
/// Tags of what an answer shows (RFC 9110, section 8.8): a revision, or a digest where a list has none, and how long the links in the body may be kept. They are weak, since links
/// are made afresh; so dates are not sent beside them, which would be weaker still.
/// </summary>
public static class Conditional
{
    /// <summary>A body that a client keeps has links that end: half of their life is as long as it may be kept. In seconds.</summary>
    private const int Epoch = 30 * 60;

    /// <summary>Sets the ETag of an answer to GET, and says whether If-None-Match names it already.</summary>
    /// <param name="http">The request and its answer.</param>
    /// <param name="revision">The resource's.</param>
    /// <param name="variant">What the answer hangs on beside the revision: letters and digits.</param>
    public static bool IsCurrent(HttpContext http, long revision, string? variant = null) => IsCurrent(http, StateOf(revision, variant));

    /// <summary>The same for what has no revision of its own.</summary>
    /// <param name="http">The request and its answer.</param>
    /// <param name="state">What stands for all that the answer shows: letters and digits, such as a <see cref="Digest"/>.</param>
    public static bool IsCurrent(HttpContext http, string state)
    {
        ArgumentNullException.ThrowIfNull(http);
        var tag = SetTag(http, state);
        http.Response.Headers.CacheControl = "private, no-cache";
        return http.Request.Headers.IfNoneMatch.Count > 0 && IsNamed(http.Request.GetTypedHeaders().IfNoneMatch, EntityTagHeaderValue.Parse(tag));
    }

    /// <summary>Sets the ETag of an answer to a change, which shows the resource as it is by then. A GET has the same one.</summary>
    /// <inheritdoc cref="IsCurrent(HttpContext, long, string?)"/>
    public static void Tag(HttpContext http, long revision, string? variant = null) => SetTag(http, StateOf(revision, variant));

    /// <summary>The same for what has no revision of its own.</summary>
    /// <inheritdoc cref="IsCurrent(HttpContext, string)"/>
    public static void Tag(HttpContext http, string state) => SetTag(http, state);

    /// <summary>What stands for a list: its entries with whatever changes when they do, in their order.</summary>
    public static string Digest(IEnumerable<string?> parts) =>
        Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(string.Join('\n', parts))));

    /// <summary>Whether a list of tags names this one, by the weak comparison that If-None-Match asks for.</summary>
    internal static bool IsNamed(IEnumerable<EntityTagHeaderValue> tags, EntityTagHeaderValue tag) =>
        tags.Any(candidate => candidate.Equals(EntityTagHeaderValue.Any) || candidate.Compare(tag, useStrongComparison: false));

    private static string StateOf(long revision, string? variant) => variant is null ? revision.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{revision}-{variant}");

    private static string SetTag(HttpContext http, string state)
    {
        ArgumentNullException.ThrowIfNull(http);
        var clock = (TimeProvider?)http.RequestServices.GetService(typeof(TimeProvider)) ?? TimeProvider.System;
        var tag = string.Create(CultureInfo.InvariantCulture, $"W/\"{state}-{clock.GetUtcNow().ToUnixTimeSeconds() / Epoch}\"");
        http.Response.Headers.ETag = tag;
        return tag;
    }
}
