using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.Hosting;

/// <summary>
/// The one place that turns a request into a caller: by the token of a link, by an API key, or, where no authentication is configured, by the caller's own word.
/// </summary>
/// <param name="area"><c>frames</c> or <c>videos</c>: GET and HEAD need its scope <c>:read</c>, every other method <c>:write</c>.</param>
/// <param name="keys">The keys in force; null without authentication.</param>
/// <param name="tokens">Checks the tokens of links.</param>
/// <param name="clock">Ends keys.</param>
internal sealed class Authentication(string area, ApiKeyRing? keys, LinkTokens tokens, TimeProvider clock)
{
    private const string Bearer = "Bearer ";

    /// <summary>Stands after routing. What is mapped needs a key; only what says <c>AllowAnonymous</c> does not: health, and routes with a token of their own.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Without an endpoint there is the OpenAPI document with its page, or nothing.
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null) context.Features.Set(CallerOf(context.Request));
        return next(context);
    }

    private Caller CallerOf(HttpRequest request)
    {
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (isRead && request.Query["token"] is [{ Length: > 0 } token])
        {
            if (tokens.TryVerify(token, request.Path.Value ?? "", out var user, out var hasExpired)) return Caller.Of(user);
            throw hasExpired
                ? new ProblemException(ErrorCodes.TokenExpired, "The link's token has expired; ask for the resource again to get a fresh link.")
                : new ProblemException(ErrorCodes.InvalidToken, "The link's token is not valid for this address; ask for the resource again to get a fresh link.");
        }

        var named = NamedUser(request);
        if (keys is null) return Caller.ByItsWord(named);
        var grant = GrantOf(request, keys);
        var scope = $"{area}:{(isRead ? "read" : "write")}";
        if (!grant.Allows(scope)) throw new ProblemException(ErrorCodes.InsufficientScope, $"This needs a key with the scope {scope}; yours has {string.Join(", ", grant.Scopes.Order(StringComparer.Ordinal))}.");
        if (grant.UserId is not { } owner) return Caller.ActingFor(named);
        return named is null || named == owner ? Caller.Of(owner) : throw new ProblemException(ErrorCodes.UserMismatch, "The key belongs to another user than the one that the request names.");
    }

    private ApiKeyGrant GrantOf(HttpRequest request, ApiKeyRing ring)
    {
        var header = request.Headers.Authorization.ToString();
        var bearer = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : "";
        var apiKey = request.Headers["X-API-Key"].ToString();
        if (header.Length > 0 && bearer.Length == 0) throw new ProblemException(ErrorCodes.Unauthorized, "Authorization is of the form: Bearer fv_...");
        if (bearer.Length > 0 && apiKey.Length > 0 && bearer != apiKey) throw new ProblemException(ErrorCodes.InvalidApiKey, "Authorization and X-API-Key show two keys; show one.");
        var text = bearer.Length > 0 ? bearer : apiKey;
        if (text.Length == 0) throw new ProblemException(ErrorCodes.Unauthorized, "Show an API key: Authorization: Bearer fv_..., or X-API-Key.");
        if (!ApiKey.TryParse(text, out var key)) throw new ProblemException(ErrorCodes.InvalidApiKey, "This is no API key: its form or its checksum is wrong. Was it copied whole?");
        var grant = ring.Find(key) ?? throw new ProblemException(ErrorCodes.InvalidApiKey, "This API key is not, or no longer, one of ours.");
        return grant.ExpiresAt is { } end && clock.GetUtcNow() >= end ? throw new ProblemException(ErrorCodes.InvalidApiKey, $"This API key has expired, on {end.UtcDateTime:yyyy-MM-dd 'at' HH:mm} UTC.") : grant;
    }

    private static UserId? NamedUser(HttpRequest request)
    {
        var header = request.Headers["X-User-Id"].ToString();
        var query = request.Query["userId"].ToString();
        if (header.Length > 0 && query.Length > 0 && header != query) throw new ProblemException(ErrorCodes.UserMismatch, "X-User-Id and userId name two users.");
        var name = header.Length > 0 ? header : query;
        return name.Length > 0 ? Caller.Parse(name) : null;
    }
}
