using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.Hosting;

/// <summary>What a request shows to say who it is: <c>Authorization: Bearer</c>, or <c>X-API-Key</c>. Its form says what it is to be read as; nothing is checked yet.</summary>
/// <param name="Kind">What it is to be read as.</param>
/// <param name="Text">The key or the token.</param>
internal readonly record struct Credential(CredentialKind Kind, string Text)
{
    private const string Bearer = "Bearer ";

    /// <summary>Reads the headers.</summary>
    /// <exception cref="ProblemException">invalid-api-key: they show two.</exception>
    public static Credential Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var bearer = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim(' ') : "";
        var apiKey = request.Headers["X-API-Key"].ToString();
        if (header.Length > 0 && bearer.Length == 0) return new(CredentialKind.Unreadable, "");
        if (bearer.Length > 0 && apiKey.Length > 0 && bearer != apiKey) throw new ProblemException(ErrorCodes.InvalidApiKey, "Authorization and X-API-Key show two keys; show one.");
        if (bearer.Length == 0) return apiKey.Length == 0 ? new(CredentialKind.None, "") : new(CredentialKind.ApiKey, apiKey);
        return new(KindOf(bearer), bearer);
    }

    private static CredentialKind KindOf(string bearer) =>
        bearer.StartsWith(RequestTokens.Prefix, StringComparison.Ordinal) ? CredentialKind.RequestToken
        : bearer.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) || !bearer.Contains('.', StringComparison.Ordinal) ? CredentialKind.ApiKey
        : CredentialKind.Jwt;

    /// <summary>Never the key or the token itself: what is printed by accident ends in a log.</summary>
    public override string ToString() => Kind.ToString();
}

/// <summary>What a credential is to be read as.</summary>
internal enum CredentialKind
{
    /// <summary>Nothing is shown.</summary>
    None,

    /// <summary>An Authorization that is no bearer's.</summary>
    Unreadable,

    /// <summary>An API key, <c>fv_...</c>, or what was meant for one.</summary>
    ApiKey,

    /// <summary>The token of an identity provider: parts with dots between them.</summary>
    Jwt,

    /// <summary>A token of one request ID, <c>fvt_...</c>.</summary>
    RequestToken,
}
