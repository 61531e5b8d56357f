using System.Collections.Frozen;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting;

/// <summary>The identity providers whose tokens count.</summary>
internal sealed class JwtIssuers(TimeProvider clock, IEnumerable<JwtIssuerOptions> options, ILogger<JwtIssuers> logger) : IDisposable
{
    private readonly FrozenDictionary<string, JwtIssuer> _issuers = options
        .Select(one => new JwtIssuer(one, new IssuerKeys(one, clock, logger), clock, PrefixesWithin(one, options)))
        .ToFrozenDictionary(issuer => issuer.Name, StringComparer.Ordinal);

    /// <summary>Each of them.</summary>
    public IEnumerable<JwtIssuer> All => _issuers.Values;

    /// <summary>Whether there are any.</summary>
    public bool Any => _issuers.Count > 0;

    /// <summary>What a token allows.</summary>
    /// <exception cref="ProblemException">As <see cref="JwtIssuer.ReadAsync"/>.</exception>
    public ValueTask<Grant> ReadAsync(string text, CancellationToken cancellationToken)
    {
        if (!Any) throw JwtText.Refused("This looks like a JWT; no identity provider's tokens count here. Show an API key.");
        var token = JwtText.Parse(text);
        return _issuers.TryGetValue(token.Issuer, out var issuer) ? issuer.ReadAsync(token, cancellationToken) : throw JwtText.Refused("The token's issuer is not one whose tokens count here.");
    }

    /// <summary>How the users of other issuers begin whom this one's would otherwise name, too. Issuers with one prefix share their users on purpose.</summary>
    private static string[] PrefixesWithin(JwtIssuerOptions one, IEnumerable<JwtIssuerOptions> all) =>
        [.. all.Select(other => other.UserPrefix ?? "").Where(prefix => prefix != (one.UserPrefix ?? "") && prefix.StartsWith(one.UserPrefix ?? "", StringComparison.Ordinal))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var issuer in _issuers.Values) issuer.Keys.Dispose();
    }
}
