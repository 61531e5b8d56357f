using FrameVideo.Contracts;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.Hosting;

/// <summary>
/// The one place that turns a request into a caller: by the token of a link, by an API key, by the token of an identity provider, by a token of one request ID, or, where no authentication is configured, by the caller's own word.
/// </summary>
/// <param name="area"><c>frames</c> or <c>videos</c>: GET and HEAD need its scope <c>:read</c>, every other method <c>:write</c>.</param>
/// <param name="isOpen">No authentication is configured.</param>
/// <param name="keys">The keys in force; null where none are configured.</param>
/// <param name="issuers">The identity providers whose tokens count.</param>
/// <param name="links">Checks the tokens of links.</param>
/// <param name="tokens">Checks the tokens of one request ID.</param>
/// <param name="clock">Ends keys.</param>
internal sealed class Authentication(string area, bool isOpen, ApiKeyRing? keys, JwtIssuers issuers, LinkTokens links, RequestTokens tokens, TimeProvider clock)
{
    /// <summary>Stands after routing. What is mapped needs a key; only what says <c>AllowAnonymous</c> does not: health, and routes with a token of their own.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // Without an endpoint there is the OpenAPI document with its page, or nothing.
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null) context.Features.Set(await CallerOfAsync(context.Request, endpoint));
        await next(context);
    }

    /// <summary>Whether what a request has shown would still let it in: for answers that last, since keys are taken out and tokens end. Where nobody can say now, it would.</summary>
    public async ValueTask<bool> StillHoldsAsync(HttpContext context)
    {
        try
        {
            var then = context.Features.Get<Caller>();
            return context.GetEndpoint() is not { } endpoint || then is null || (await CallerOfAsync(context.Request, endpoint)).Known == then.Known;
        }
        catch (ProblemException refusal) when (refusal.Code.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden)
        {
            return false;
        }
    }

    private async ValueTask<Caller> CallerOfAsync(HttpRequest request, Endpoint endpoint)
    {
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (isRead && request.Query["token"] is [{ Length: > 0 } token])
            return token.StartsWith(RequestTokens.Prefix, StringComparison.Ordinal) ? Admit(tokens.Read(token), request, endpoint, isRead) : ByLink(token, request);
        var credential = Credential.Of(request);
        if (isOpen && credential.Kind != CredentialKind.RequestToken) return Caller.ByItsWord(NamedUser(request));
        return Admit(await GrantOfAsync(credential, request.HttpContext.RequestAborted), request, endpoint, isRead);
    }

    private Caller ByLink(string token, HttpRequest request)
    {
        if (links.TryVerify(token, request.Path.Value ?? "", out var user, out var hasExpired)) return Caller.Of(user);
        throw hasExpired
            ? new ProblemException(ErrorCodes.TokenExpired, "The link's token has expired; ask for the resource again to get a fresh link.")
            : new ProblemException(ErrorCodes.InvalidToken, "The link's token is not valid for this address; ask for the resource again to get a fresh link.");
    }

    private ValueTask<Grant> GrantOfAsync(Credential credential, CancellationToken cancellationToken) => credential.Kind switch
    {
        CredentialKind.None => throw new ProblemException(ErrorCodes.Unauthorized, $"Show {Shown}."),
        CredentialKind.Unreadable => throw new ProblemException(ErrorCodes.Unauthorized, $"Authorization is of another form here. Show {Shown}."),
        CredentialKind.RequestToken => new(tokens.Read(credential.Text)),
        CredentialKind.Jwt => issuers.ReadAsync(credential.Text, cancellationToken),
        _ => new(GrantOf(credential.Text)),
    };

    /// <summary>What can be shown here, in words.</summary>
    private string Shown => !issuers.Any ? "an API key: Authorization: Bearer fv_..., or X-API-Key"
        : keys is { Count: > 0 } ? "an access token (Authorization: Bearer ...) or an API key (the same, or X-API-Key)" : "an access token: Authorization: Bearer ...";

    private ApiKeyGrant GrantOf(string text)
    {
        if (!ApiKey.TryParse(text, out var key)) throw new ProblemException(ErrorCodes.InvalidApiKey, text.StartsWith(RequestTokens.Prefix, StringComparison.Ordinal)
                ? "This is no API key but a token for one request ID: it is shown as Authorization: Bearer fvt_..., or as ?token= where something is read."
                : "This is no API key: its form or its checksum is wrong. Was it copied whole?");
        var grant = keys?.Find(key) ?? throw new ProblemException(ErrorCodes.InvalidApiKey, "This API key is not, or no longer, one of ours.");
        return grant.ExpiresAt is { } end && clock.GetUtcNow() >= end ? throw new ProblemException(ErrorCodes.InvalidApiKey, $"This API key has expired, on {end.UtcDateTime:yyyy-MM-dd 'at' HH:mm} UTC.") : grant;
    }

    private Caller Admit(Grant grant, HttpRequest request, Endpoint endpoint, bool isRead)
    {
        var scope = $"{area}:{(isRead ? "read" : "write")}";
        if (!grant.Allows(scope) && endpoint.Metadata.GetMetadata<AnyScope>() is null)
            throw new ProblemException(ErrorCodes.InsufficientScope, $"This needs the scope {scope}; you have {(grant.Scopes.Count == 0 ? "none" : string.Join(", ", grant.Scopes.Order(StringComparer.Ordinal)))}.") { Scope = scope };
        RequestTokenRules.RequireOpen(grant, endpoint);
        var named = NamedUser(request);
        if (grant.UserId is not { } owner) return Caller.Of(named, grant);
        return named is null || named == owner ? Caller.Of(owner, grant) : throw new ProblemException(ErrorCodes.UserMismatch, "You are another user than the one that the request names.");
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

/// <summary>An operation that whoever is known may ask for: what it hands out is checked against the caller's scopes by itself.</summary>
internal sealed record AnyScope;
