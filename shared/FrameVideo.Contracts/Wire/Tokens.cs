using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Contracts;

/// <summary>The body of <c>POST /v1/tokens</c>.</summary>
public sealed record CreateTokenRequest : INamesUser
{
    /// <summary>The one request ID that the token opens. Nothing needs to be there yet: a browser may upload first.</summary>
    [Required, RegularExpression(Contracts.RequestId.Pattern), StringLength(Contracts.RequestId.MaxLength)]
    public string? RequestId { get; init; }

    /// <summary>For whom, where the caller may act for others or nobody is authenticated.</summary>
    [RegularExpression(Contracts.UserId.Pattern), StringLength(Contracts.UserId.MaxLength)]
    public string? UserId { get; init; }

    /// <summary>What the token may do, at most what its maker may: <c>frames:read</c>, <c>frames:write</c>, <c>videos:read</c>, <c>videos:write</c>. By default those of its maker's that read.</summary>
    [Length(1, WireLimits.MaxTokenScopes)]
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>How many seconds it works, 60-86,400; 3,600 by default. It ends no later than the key or the token that it was asked for with.</summary>
    [Range(WireLimits.MinTokenLife, WireLimits.MaxTokenLife)]
    public int? ExpiresIn { get; init; }
}

/// <summary>A token for one request ID, to be handed to a browser.</summary>
/// <param name="Token">The token: shown as <c>Authorization: Bearer</c>, or as <c>?token=</c> where something is read.</param>
/// <param name="ExpiresAt">From when on it is worth nothing.</param>
/// <param name="RequestId">What it opens.</param>
/// <param name="Scopes">What it may do.</param>
public sealed record RequestToken(
    [property: RegularExpression(WireLimits.Token), StringLength(WireLimits.MaxToken)] string Token, DateTimeOffset ExpiresAt, RequestId RequestId, [property: Length(1, WireLimits.MaxTokenScopes)] IReadOnlyList<string> Scopes);
