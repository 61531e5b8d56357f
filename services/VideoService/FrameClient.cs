using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace VideoService;

/// <summary>Asks FrameService. Reads alone, so each call may be made again; not there, not allowed and not reachable are three answers.</summary>
internal sealed partial class FrameClient(HttpClient http, LinkTokens tokens, TimeProvider clock, ILogger<FrameClient> logger)
{
    /// <summary>As uploads are held to there.</summary>
    public const long MaxPictureBytes = 25L * 1024 * 1024;

    private const string DeletionsPath = "/internal/deletions";
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(2);
    private static readonly UserId Self = UserId.Parse("framevideo");

    /// <summary>The session with its frames, as the caller may see it; null where FrameService knows none.</summary>
    /// <exception cref="ProblemException">It was deleted, the caller may not read it, or FrameService does not answer.</exception>
    public async Task<Session?> FindSessionAsync(RequestId requestId, CallerCredential caller, CancellationToken cancellationToken)
    {
        using var response = await SendAsync($"/v1/sessions/{requestId}", caller.Apply, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        await RequireSuccessAsync(response, cancellationToken);
        return await ReadAsync<Session>(response, cancellationToken);
    }

    /// <summary>Spools the picture of a frame that the store does not have; null where FrameService points to the store, since it has moved there meanwhile.</summary>
    /// <exception cref="ProblemException">There is no such picture any more, or FrameService does not answer.</exception>
    public async Task<SpooledFile?> SpoolPictureAsync(RequestId requestId, int number, CallerCredential caller, Spool spool, CancellationToken cancellationToken)
    {
        using var response = await SendAsync($"/v1/sessions/{requestId}/frames/{number}/image", caller.Apply, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.RedirectKeepVerb or HttpStatusCode.SeeOther) return null;
        if (response.StatusCode == HttpStatusCode.NotFound) throw new ProblemException(ErrorCodes.FramesMissing, $"The picture of frame {number} is gone.");
        await RequireSuccessAsync(response, cancellationToken);
        try
        {
            await using var picture = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await spool.WriteAsync(picture, MaxPictureBytes, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or SpoolTooLargeException or HttpIOException)
        {
            throw Unavailable(failure);
        }
    }

    /// <summary>Sessions that were deleted after a place in FrameService's list, oldest first. Signed with the key that both services share.</summary>
    public async Task<DeletionFeed> ReadDeletionsAsync(long after, int limit, CancellationToken cancellationToken)
    {
        var token = tokens.Sign(Self, DeletionsPath, clock.GetUtcNow() + TokenLifetime);
        using var response = await SendAsync(
            $"{DeletionsPath}?after={after}&limit={limit}", headers => headers.Authorization = new AuthenticationHeaderValue("Bearer", token), cancellationToken);
        await RequireSuccessAsync(response, cancellationToken);
        return await ReadAsync<DeletionFeed>(response, cancellationToken);
    }

    /// <summary>Whether FrameService is there, for health checks; throws where it is not.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync("/health/live", static _ => { }, cancellationToken);
        await RequireSuccessAsync(response, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, Action<HttpRequestHeaders> authorize, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        authorize(request.Headers);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or Polly.ExecutionRejectedException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Unavailable(failure);
        }
    }

    private async Task RequireSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;
        var (code, detail) = await ProblemAsync(response, cancellationToken);
        throw response.StatusCode switch
        {
            HttpStatusCode.Gone => new ProblemException(ErrorCodes.SessionDeleted, "The session was deleted; no film is made of it."),
            HttpStatusCode.TooManyRequests => new ProblemException(code ?? ErrorCodes.TooManyRequests, $"The frames are read from FrameService, on your account. {detail ?? "You ask too often."}") { RetryAfter = response.Headers.RetryAfter?.Delta },
            HttpStatusCode.Unauthorized => new ProblemException(code ?? ErrorCodes.Unauthorized, $"The frames are read from FrameService, with your credential. {detail ?? "It does not know this caller."}"),
            HttpStatusCode.Forbidden => new ProblemException(code ?? ErrorCodes.Forbidden, $"The frames are read from FrameService, with your credential. {detail ?? "It does not let this caller read the session."}"),
            _ => Unavailable(new HttpRequestException($"FrameService answered {(int)response.StatusCode}.", null, response.StatusCode)),
        };
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(WireJson.Options, cancellationToken) ?? throw new JsonException("null");
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException or HttpIOException)
        {
            throw Unavailable(failure);
        }
    }

    private static async Task<(ErrorCode? Code, string? Detail)> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json") return (null, null);
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            if (problem.ValueKind != JsonValueKind.Object) return (null, null);
            var known = problem.TryGetProperty("code", out var text) ? ErrorCodes.All.GetValueOrDefault(text.GetString() ?? "") : null;
            return (known?.Status == (int)response.StatusCode ? known : null, problem.TryGetProperty("detail", out var detail) ? detail.GetString() : null);
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException or HttpIOException or InvalidOperationException)
        {
            // The status says enough.
            return (null, null);
        }
    }

    private ProblemException Unavailable(Exception failure)
    {
        DoesNotAnswer(failure);
        return new ProblemException(ErrorCodes.FrameServiceUnavailable, "FrameService does not answer, so the frames cannot be read. Try again soon.", inner: failure) { RetryAfter = ComeAgain };
    }

    [LoggerMessage(LogLevel.Warning, "FrameService does not answer")]
    private partial void DoesNotAnswer(Exception failure);
}

/// <summary>A part of FrameService's list of what was deleted.</summary>
/// <param name="Items">Oldest first.</param>
/// <param name="Next">Ask for what comes after this.</param>
internal sealed record DeletionFeed(IReadOnlyList<DeletionEntry> Items, long Next);

/// <summary>One session that was deleted, or everything of a user up to a moment.</summary>
/// <param name="Sequence">Counts up.</param>
/// <param name="UserId">Whose it was.</param>
/// <param name="RequestId">The session; null for everything of the user.</param>
/// <param name="DeletedAt">When.</param>
internal sealed record DeletionEntry(long Sequence, UserId UserId, RequestId? RequestId = null, DateTimeOffset DeletedAt = default);

/// <summary>One session that was deleted.</summary>
internal sealed record DeletedSession(long Sequence, UserId UserId, RequestId RequestId);
