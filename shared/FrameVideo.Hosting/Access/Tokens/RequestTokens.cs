using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace FrameVideo.Hosting;

/// <summary>
/// Signs and checks the tokens of one request ID, which a back end hands to a browser:
/// <c>fvt_&lt;Unix seconds&gt;.&lt;scopes&gt;.&lt;request ID&gt;.&lt;user&gt;.&lt;HMAC-SHA256&gt;</c>, the last two in base64url. A scope is one letter, in the order of <see cref="Letters"/>.
/// </summary>
/// <remarks>
/// The key is derived from the one that signs links, so whatever is signed as the one is nothing as the other. Each token has one text: any other, be it a bit of padding, is refused.
/// </remarks>
internal sealed class RequestTokens(LinkTokens links, TimeProvider clock)
{
    /// <summary>What every token begins with; no API key does.</summary>
    public const string Prefix = "fvt_";

    private static readonly (char Letter, string Scope)[] Letters = [('f', Scopes.FramesRead), ('F', Scopes.FramesWrite), ('v', Scopes.VideosRead), ('V', Scopes.VideosWrite)];

    // PublicationOnly: a data folder that is not there yet fails this call, and not every later one.
    private readonly Lazy<byte[]> _key = new(() => links.DeriveKey("FrameVideo request token v1"), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>What a token can allow at most, in the order in which it is told.</summary>
    public static IEnumerable<string> Grantable => Letters.Select(pair => pair.Scope);

    /// <summary>A token for one request ID of a user.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="request">Which.</param>
    /// <param name="scopes">One or more of <see cref="Grantable"/>; others do not count.</param>
    /// <param name="expiresAt">Its end, in whole seconds.</param>
    public string Sign(UserId user, RequestId request, IReadOnlySet<string> scopes, DateTimeOffset expiresAt)
    {
        if (user.IsEmpty) throw new ArgumentException("A token belongs to a user.", nameof(user));
        var letters = string.Concat(Letters.Where(pair => scopes.Contains(pair.Scope)).Select(pair => pair.Letter));
        if (letters.Length == 0) throw new ArgumentException("A token without a scope can do nothing.", nameof(scopes));
        var head = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{expiresAt.ToUnixTimeSeconds()}.{letters}.{request}.{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(user.ToString()))}");
        return $"{head}.{Mac(head)}";
    }

    /// <summary>What a token allows.</summary>
    /// <exception cref="ProblemException">invalid-access-token: it is not ours, or over.</exception>
    public Grant Read(string token)
    {
        var dot = token.LastIndexOf('.');
        if (dot < 0 || token.Length > WireLimits.MaxToken || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Mac(token[..dot])), Encoding.UTF8.GetBytes(token[(dot + 1)..])))
            throw new ProblemException(ErrorCodes.InvalidAccessToken, "This token was not made here, or has changed on its way. POST /v1/tokens makes one.");

        // Signed by us from here on.
        var parts = token[Prefix.Length..].Split('.');
        var end = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], CultureInfo.InvariantCulture));
        if (clock.GetUtcNow() >= end) throw new ProblemException(ErrorCodes.InvalidAccessToken, $"This token has expired, on {end.UtcDateTime:yyyy-MM-dd 'at' HH:mm:ss} UTC. POST /v1/tokens makes another.");
        var scopes = Letters.Where(pair => parts[1].Contains(pair.Letter, StringComparison.Ordinal)).Select(pair => pair.Scope).ToHashSet(StringComparer.Ordinal);
        return new Grant(UserId.Parse(Encoding.ASCII.GetString(Base64Url.DecodeFromChars(parts[3]))), scopes, end, RequestId.Parse(parts[2]));
    }

    private string Mac(string head) => Base64Url.EncodeToString(HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(head)));
}
