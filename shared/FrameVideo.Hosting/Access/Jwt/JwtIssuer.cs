using System.Text.Json;
using FrameVideo.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FrameVideo.Hosting;

/// <summary>One identity provider: says of a token whether it is the provider's, for this application and for now, and what it allows.</summary>
internal sealed class JwtIssuer(JwtIssuerOptions options, IssuerKeys keys, TimeProvider clock, IReadOnlyList<string> foreign)
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };
    private static readonly string[] Marks = ["token_use", "typ", "scope", "scp", "client_id"];
    private static readonly string[] Usual = [Scopes.FramesRead, Scopes.FramesWrite, Scopes.VideosRead, Scopes.VideosWrite];
    private readonly IReadOnlyList<string> _algorithms = options.Algorithms.Count > 0 ? [.. options.Algorithms] : [.. JwtText.Algorithms];
    private readonly SeenSignatures _seen = new();
    private readonly HashSet<string> _scopes = new(options.Scopes.Count > 0 ? options.Scopes : Usual, StringComparer.Ordinal);

    /// <summary>The provider's keys.</summary>
    public IssuerKeys Keys => keys;

    /// <summary>As its tokens have it.</summary>
    public string Name => options.Issuer;

    /// <summary>What a token of this issuer's allows.</summary>
    /// <exception cref="ProblemException">invalid-access-token; or identity-provider-unavailable, where its key cannot be read.</exception>
    public async ValueTask<Grant> ReadAsync(JwtText token, CancellationToken cancellationToken)
    {
        if (!_algorithms.Contains(token.Algorithm, StringComparer.Ordinal)) throw JwtText.Refused("The token is not signed in a way that counts here.");
        var seen = _seen.With(keys.InForce);
        if (!seen.Contain(token.Text))
        {
            await VerifyAsync(token, await keys.FindAsync(token.KeyId, token.Algorithm, cancellationToken));
            // Keys that were read meanwhile are another set; the next request looks again.
            seen.Add(token.Text);
        }

        // The issuer's own words from here on.
        var end = CheckTime(token);
        CheckUse(token);
        CheckAudience(token);
        var scopes = ScopesOf(token);
        return new Grant(scopes.Contains(Scopes.ActAs) ? null : UserOf(token), scopes, end);
    }

    private async Task VerifyAsync(JwtText token, IReadOnlyList<SecurityKey> candidates)
    {
        var result = await Handler.ValidateTokenAsync(token.Text, new TokenValidationParameters
        {
            ValidAlgorithms = _algorithms,
            ValidIssuer = options.Issuer,
            IssuerSigningKeyResolver = (_, _, _, _) => candidates,
            // Below, by the clock of this service; and Cognito's tokens have no audience.
            ValidateLifetime = false,
            ValidateAudience = false,
        });
        if (!result.IsValid) throw JwtText.Refused("The token's signature is not its issuer's.", result.Exception);
    }

    private DateTimeOffset CheckTime(JwtText token)
    {
        var now = clock.GetUtcNow();
        var end = token.TimeOf("exp") ?? throw JwtText.Refused("The token has no end (exp); such ones do not count.");
        if (now - options.ClockSkew >= end) throw JwtText.Refused($"The token has expired, on {end.UtcDateTime:yyyy-MM-dd 'at' HH:mm:ss} UTC.");
        if (token.TimeOf("nbf") is { } start && now + options.ClockSkew < start) throw JwtText.Refused($"The token is not valid before {start.UtcDateTime:yyyy-MM-dd 'at' HH:mm:ss} UTC.");
        return end;
    }

    /// <summary>ID tokens tell an application who has logged in; whoever takes them for keys takes those of every application. Cognito says what a token is in <c>token_use</c>, Keycloak in <c>typ</c>; the hashes stand in ID tokens alone (OpenID Connect Core, section 3.3.2.11).</summary>
    private void CheckUse(JwtText token)
    {
        var use = token.StringOf("token_use") ?? token.StringOf("typ")?.ToUpperInvariant() switch { "ID" => "id", null or "BEARER" or "JWT" or "AT+JWT" => "access", _ => "other" };
        if (use == "access" && (Has(token, "at_hash") || Has(token, "c_hash") || IsUnmarked(token))) use = "id";
        if (use == "access" || (use == "id" && options.AllowIdTokens)) return;
        throw JwtText.Refused(use == "id" ? "This is an ID token; show the access token." : "This is no access token.");
    }

    /// <summary>The audience of an ID token is the application, as it may be of access tokens, too; those say what they are, or have scopes or the client's ID (RFC 9068, section 2.2), which ID tokens do not.</summary>
    private bool IsUnmarked(JwtText token) => token.StringsOf("aud").Any(options.ClientIds.Contains)
        && !token.IsAccessToken && !Marks.Any(claim => Has(token, claim));

    private static bool Has(JwtText token, string claim) => token.Claims.TryGetProperty(claim, out _);

    private void CheckAudience(JwtText token)
    {
        var audiences = token.StringsOf("aud");
        // A token whose audience is the application itself names no other application.
        if (audiences.Any(options.ClientIds.Contains)) return;
        var client = token.StringOf("client_id") ?? token.StringOf("azp");
        var isForUs = audiences.Count == 0 ? options.ClientIds.Count > 0 : audiences.Any(options.Audiences.Contains);
        var isByUs = options.ClientIds.Count == 0 || (client is not null && options.ClientIds.Contains(client));
        if (!isForUs || !isByUs) throw JwtText.Refused("The token was made for another application.");
    }

    private UserId UserOf(JwtText token)
    {
        var name = token.StringOf(options.UserClaim) ?? throw JwtText.Refused($"The token has no {options.UserClaim}, which names the user here.");
        if (options.UserClaim == "email" && !(token.Claims.TryGetProperty("email_verified", out var verified) && verified.ValueKind == JsonValueKind.True)) throw JwtText.Refused("The token does not say that its e-mail address was verified.");
        if (foreign.Any(prefix => (options.UserPrefix + name).StartsWith(prefix, StringComparison.Ordinal))) throw JwtText.Refused($"The token's {options.UserClaim} names a user of another issuer's here.");
        return UserId.TryParse(options.UserPrefix + name, out var user) ? user : throw JwtText.Refused($"The token's {options.UserClaim} is no user ID here: 1-128 characters of A-Z, a-z, 0-9 and ._@+=:|~-");
    }

    private HashSet<string> ScopesOf(JwtText token)
    {
        var named = token.StringsOf("scope").Concat(token.StringsOf("scp")).SelectMany(text => text.Split(' ')).Concat(token.StringsOf("cognito:groups"));
        var scopes = named.Where(name => name.StartsWith(options.ScopePrefix, StringComparison.Ordinal)).Select(name => name[options.ScopePrefix.Length..]).Where(_scopes.Contains).ToHashSet(StringComparer.Ordinal);
        return scopes.Count > 0 ? scopes : options.DefaultScopes.ToHashSet(StringComparer.Ordinal);
    }
}
