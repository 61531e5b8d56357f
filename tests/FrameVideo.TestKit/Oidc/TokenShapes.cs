namespace FrameVideo.TestKit.Oidc;

/// <summary>The claims of tokens as the providers that people use write them.</summary>
public static class TokenShapes
{
    /// <summary>Amazon Cognito's access token: no <c>aud</c>, scopes with the resource server before them.</summary>
    public static Dictionary<string, object?> CognitoAccess(OidcIssuer issuer, string user, string client, DateTimeOffset now, params string[] scopes) => new(StringComparer.Ordinal)
    {
        ["sub"] = user,
        ["iss"] = issuer.Issuer,
        ["version"] = 2,
        ["client_id"] = client,
        ["origin_jti"] = "6d7c",
        ["event_id"] = "9e1f",
        ["token_use"] = "access",
        ["scope"] = string.Join(' ', scopes.Prepend("openid")),
        ["auth_time"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        ["iat"] = now.ToUnixTimeSeconds(),
        ["jti"] = "2b1a",
        ["username"] = user,
    };

    /// <summary>Amazon Cognito's ID token.</summary>
    public static Dictionary<string, object?> CognitoId(OidcIssuer issuer, string user, string client, DateTimeOffset now) => new(StringComparer.Ordinal)
    {
        ["sub"] = user,
        ["iss"] = issuer.Issuer,
        ["aud"] = client,
        ["at_hash"] = "T8xq",
        ["token_use"] = "id",
        ["cognito:username"] = user,
        ["email"] = "anna@example.org",
        ["email_verified"] = true,
        ["auth_time"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        ["iat"] = now.ToUnixTimeSeconds(),
    };

    /// <summary>Auth0's access token: the API and the user info are its audience.</summary>
    public static Dictionary<string, object?> Auth0Access(OidcIssuer issuer, string user, string client, string api, DateTimeOffset now, params string[] scopes) => new(StringComparer.Ordinal)
    {
        ["iss"] = issuer.Issuer,
        ["sub"] = user,
        ["aud"] = new[] { api, $"{issuer.Issuer}userinfo" },
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddHours(24).ToUnixTimeSeconds(),
        ["scope"] = string.Join(' ', scopes.Prepend("openid profile")),
        ["azp"] = client,
    };

    /// <summary>Supabase's access token: no scopes, the role is what there is.</summary>
    public static Dictionary<string, object?> Supabase(OidcIssuer issuer, string user, DateTimeOffset now) => new(StringComparer.Ordinal)
    {
        ["iss"] = issuer.Issuer,
        ["sub"] = user,
        ["aud"] = "authenticated",
        ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        ["iat"] = now.ToUnixTimeSeconds(),
        ["email"] = "anna@example.org",
        ["phone"] = "",
        ["app_metadata"] = new { provider = "email", providers = new[] { "email" } },
        ["user_metadata"] = new { },
        ["role"] = "authenticated",
        ["aal"] = "aal1",
        ["amr"] = new[] { new { method = "password", timestamp = now.ToUnixTimeSeconds() } },
        ["session_id"] = "5c11",
        ["is_anonymous"] = false,
    };

    /// <summary>Keycloak's access token: what it is stands in a claim <c>typ</c>.</summary>
    public static Dictionary<string, object?> Keycloak(OidcIssuer issuer, string user, string client, DateTimeOffset now, params string[] scopes) => new(StringComparer.Ordinal)
    {
        ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        ["iat"] = now.ToUnixTimeSeconds(),
        ["jti"] = "onrtac:77",
        ["iss"] = issuer.Issuer,
        ["aud"] = "account",
        ["sub"] = user,
        ["typ"] = "Bearer",
        ["azp"] = client,
        ["sid"] = "41f0",
        ["acr"] = "1",
        ["realm_access"] = new { roles = new[] { "offline_access", "uma_authorization" } },
        ["scope"] = string.Join(' ', scopes.Append("email profile")),
        ["email_verified"] = false,
        ["preferred_username"] = user,
    };
}
