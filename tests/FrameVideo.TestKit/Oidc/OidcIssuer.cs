using System.Collections.Concurrent;

namespace FrameVideo.TestKit.Oidc;

/// <summary>One identity provider.</summary>
public sealed class OidcIssuer
{
    private readonly ConcurrentQueue<string> _asked = [];

    internal OidcIssuer(string address, IReadOnlyList<SigningKey> keys) => (Issuer, CalledItself, Keys) = (address, address, keys);

    /// <summary>Its <c>iss</c>.</summary>
    public string Issuer { get; }

    /// <summary>What its discovery document calls it.</summary>
    public string CalledItself { get; set; }

    /// <summary>What its discovery document says of its keys' place; its own by default.</summary>
    public string? KeySetAddress { get; set; }

    /// <summary>Published keys; the first one signs.</summary>
    public IReadOnlyList<SigningKey> Keys { get; set; }

    /// <summary>It breaks connections off.</summary>
    public bool IsDown { get; set; }

    /// <summary>It takes connections, and says nothing.</summary>
    public bool IsSlow { get; set; }

    /// <summary>How often its key set was asked for.</summary>
    public int KeySetReads => _asked.Count(path => path.EndsWith("jwks.json", StringComparison.Ordinal));

    /// <summary>How often it was asked for anything.</summary>
    public int Reads => _asked.Count;

    /// <summary>Signs claims with its first key, or another one.</summary>
    public string Sign(IReadOnlyDictionary<string, object?> claims, SigningKey? key = null) => JwtWriter.Sign(claims, key ?? Keys[0]);

    internal void Count(string path) => _asked.Enqueue(path);

    internal object Document() => new
    {
        issuer = CalledItself,
        authorization_endpoint = $"{Issuer}/authorize",
        token_endpoint = $"{Issuer}/token",
        jwks_uri = KeySetAddress ?? $"{Issuer.TrimEnd('/')}/.well-known/jwks.json",
        response_types_supported = new[] { "code" },
        subject_types_supported = new[] { "public" },
        id_token_signing_alg_values_supported = new[] { "RS256" },
    };

    internal object KeySet() => new { keys = Keys.Select(key => key.ToJwk()) };
}
