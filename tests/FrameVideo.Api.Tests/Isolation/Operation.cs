using System.Text;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Isolation;

/// <summary>One operation of a service, and what it has to say of things that are the caller's own, and of those that are another's.</summary>
/// <param name="Method">GET, ...</param>
/// <param name="Pattern">The route; its names are those of <see cref="Names"/>.</param>
/// <param name="Own">The statuses that say: it is yours, and was looked at.</param>
/// <param name="Hidden">What is answered where there is no such thing, which is what there is of another's.</param>
internal sealed record Operation(string Method, string Pattern, int[] Own, ErrorCode? Hidden = null)
{
    /// <summary>What stands behind the path.</summary>
    public Func<Names, string>? Query { get; init; }

    /// <summary>The body: an object as JSON, or bytes.</summary>
    public Func<Names, object?>? Body { get; init; }

    /// <summary>Whose token is the only authority, so that keys and names count for nothing.</summary>
    public bool IsByToken { get; init; }

    /// <summary>Whose path names a user.</summary>
    public bool NamesUser => Pattern.Contains("{userId}", StringComparison.Ordinal);

    /// <summary>Whose own things it leaves as they are, so that it can be asked any number of times.</summary>
    public bool IsHarmless { get; init; } = true;

    /// <summary>Which no scope is needed for: what it hands out is measured by the caller's.</summary>
    public bool TakesAnyScope { get; init; }

    public bool IsRead => Method is "GET" or "HEAD";

    public override string ToString() => $"{Method} {Pattern}";

    /// <summary>The request, as somebody would make it who wants what the names name.</summary>
    public HttpRequestMessage For(Names names) => To(PathFor(names), names);

    /// <summary>The request to another path.</summary>
    public HttpRequestMessage To(string path, Names names, bool withQuery = true) => new(new HttpMethod(Method), path + (withQuery ? Query?.Invoke(names) : null)) { Content = ContentOf(Body?.Invoke(names)) };

    public string PathFor(Names names) => Pattern
        .Replace("{requestId}", names.Request, StringComparison.Ordinal).Replace("{videoId}", names.Video, StringComparison.Ordinal).Replace("{number}", "1", StringComparison.Ordinal).Replace("{name}", "theme.wav", StringComparison.Ordinal)
        .Replace("{userId}", names.User, StringComparison.Ordinal).Replace("{deliveryId}", Pattern.Contains("videos", StringComparison.Ordinal) ? names.VideoDelivery : names.Delivery, StringComparison.Ordinal)
        .Replace("{**key}", names.FrameKey, StringComparison.Ordinal);

    public static HttpContent? ContentOf(object? body) => body switch
    {
        null => null,
        byte[] bytes => new ByteArrayContent(bytes) { Headers = { { "Content-Type", "image/png" } } },
        _ => new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
    };
}

/// <summary>Every operation of both services. One that is not here fails the matrix.</summary>
internal static class Operations
{
    private static readonly byte[] Picture = Pictures.Png(61, 43, 0xff0f0f0f);
    private static readonly object Frame = new { number = 1, description = "mine" };

    /// <summary>What needs nothing, says nothing of anybody, or is for another kind of caller.</summary>
    public static readonly string[] Public = ["GET /health/live", "GET /health/ready"];

    public static readonly Operation[] OfFrames =
    [
        new("GET", "/v1/sessions", [200]),
        new("GET", "/v1/sessions/{requestId}", [200], ErrorCodes.SessionNotFound),
        new("GET", "/v1/sessions/{requestId}/events", [200], ErrorCodes.SessionNotFound),
        new("GET", "/v1/sessions/{requestId}/deliveries", [200], ErrorCodes.SessionNotFound),
        new("GET", "/v1/sessions/{requestId}/deliveries/{deliveryId}", [200], ErrorCodes.SessionNotFound),
        new("GET", "/v1/sessions/{requestId}/frames/{number}", [200], ErrorCodes.SessionNotFound),
        new("GET", "/v1/sessions/{requestId}/frames/{number}/image", [302], ErrorCodes.SessionNotFound),
        new("GET", "/v1/objects/{**key}", [200], ErrorCodes.InvalidToken) { IsByToken = true, Query = names => TokenOf(names.FrameLink) },
        new("GET", "/api/proxy_s3_image", [200], ErrorCodes.InvalidToken) { IsByToken = true, Query = names => $"{TokenOf(names.FrameLink)}&key={names.FrameKey}" },
        new("GET", "/api/get_frames", [200], ErrorCodes.SessionNotFound) { Query = names => $"?sessionId={names.Request}" },
        new("GET", "/v1/users/{userId}/data", [404], ErrorCodes.UserMismatch),
        new("POST", "/internal/revisions", [403], ErrorCodes.InvalidToken) { IsByToken = true, Body = names => new { sessions = new[] { new { userId = names.User, requestId = names.Request } } } },
        new("GET", "/internal/deletions", [403], ErrorCodes.InvalidToken) { IsByToken = true },
        new("PATCH", "/v1/sessions/{requestId}/frames/{number}", [200], ErrorCodes.SessionNotFound) { Body = _ => new { description = "changed" } },
        new("POST", "/v1/sessions/{requestId}/cancel", [409], ErrorCodes.SessionNotFound),
        new("POST", "/v1/sessions/{requestId}/approve", [409], ErrorCodes.SessionNotFound),
        new("POST", "/v1/sessions/{requestId}/retry", [409], ErrorCodes.SessionNotFound),
        new("POST", "/v1/sessions/{requestId}/deliveries/{deliveryId}/redeliver", [202], ErrorCodes.SessionNotFound),
        new("PUT", "/v1/sessions/{requestId}/frames/{number}", [200, 201]) { Body = _ => Picture },
        new("PUT", "/v1/sessions/{requestId}/uploads/{name}", [200, 201]) { Body = _ => Sounds.Wav(seconds: 0.05) },
        new("POST", "/v1/sessions", [200, 201]) { Body = names => new { requestId = names.Request, frames = new[] { Frame } } },
        // Her own ID is in use; of an ID that is free there is a plan, and nothing of it says whose it is.
        new("POST", "/v1/sessions/plan", [409, 200]) { Body = names => new { requestId = names.Request, prompt = "x" } },
        new("POST", "/v1/tokens", [200]) { TakesAnyScope = true, Body = names => new { requestId = names.Request } },
        new("POST", "/api/save_frames", [200]) { Body = names => new { sessionId = names.Request, frames = new[] { new { id = 1, description = "mine" } } } },
        new("POST", "/api/upload_image_s3", [200]) { Body = names => new { imageData = Convert.ToBase64String(Picture), frameId = "1", folderPath = $"{names.User}/{names.Request}/reference-frames" } },
        new("POST", "/v1/sessions/{requestId}/frames/{number}/regenerate", [202], ErrorCodes.SessionNotFound) { IsHarmless = false },
        new("DELETE", "/v1/sessions/{requestId}", [200, 202], ErrorCodes.SessionNotFound) { IsHarmless = false },
        new("DELETE", "/v1/users/{userId}/data", [200, 202], ErrorCodes.UserMismatch) { IsHarmless = false },
    ];

    public static readonly Operation[] OfVideos =
    [
        new("GET", "/v1/videos", [200]),
        new("GET", "/v1/videos/{videoId}", [200], ErrorCodes.VideoNotFound),
        new("GET", "/v1/videos/{videoId}/events", [200], ErrorCodes.VideoNotFound),
        new("GET", "/v1/videos/{videoId}/content", [302], ErrorCodes.VideoNotFound),
        new("GET", "/v1/videos/{videoId}/playlist.m3u8", [200], ErrorCodes.VideoNotFound),
        new("GET", "/v1/videos/{videoId}/deliveries", [200], ErrorCodes.VideoNotFound),
        new("GET", "/v1/videos/{videoId}/deliveries/{deliveryId}", [200], ErrorCodes.VideoNotFound),
        new("GET", "/v1/objects/{**key}", [200], ErrorCodes.InvalidToken) { IsByToken = true, Query = names => TokenOf(names.FrameLink) },
        new("GET", "/api/proxy_s3_video", [200], ErrorCodes.InvalidToken) { IsByToken = true, Query = names => $"{TokenOf(names.FilmLink)}&key={names.FilmKey}" },
        new("GET", "/v1/users/{userId}/data", [404], ErrorCodes.UserMismatch),
        new("POST", "/v1/videos", [200], ErrorCodes.SessionNotFound) { Body = names => new { requestId = names.Request, dryRun = true } },
        new("POST", "/v1/videos/plan", [200], ErrorCodes.SessionNotFound) { Body = names => new { requestId = names.Request } },
        new("POST", "/v1/videos/{videoId}/cancel", [409], ErrorCodes.VideoNotFound),
        new("POST", "/v1/videos/{videoId}/retry", [409], ErrorCodes.VideoNotFound),
        new("POST", "/v1/videos/{videoId}/deliveries/{deliveryId}/redeliver", [202], ErrorCodes.VideoNotFound),
        new("POST", "/v1/videos/{videoId}/rerender", [202], ErrorCodes.VideoNotFound) { IsHarmless = false },
        new("DELETE", "/v1/videos/{videoId}", [200, 202], ErrorCodes.VideoNotFound) { IsHarmless = false },
        new("DELETE", "/v1/videos", [200, 202]) { IsHarmless = false, Query = names => $"?requestId={names.Request}" },
        new("DELETE", "/v1/users/{userId}/data", [200, 202], ErrorCodes.UserMismatch) { IsHarmless = false },
    ];

    private static string TokenOf(string link) => "?" + (link.Split('?').ElementAtOrDefault(1)?.Split('&').FirstOrDefault(part => part.StartsWith("token=", StringComparison.Ordinal)) ?? "token=none");
}
