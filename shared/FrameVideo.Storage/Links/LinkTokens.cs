using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage;

/// <summary>
/// Signs and checks the tokens of links, which stand in a URL in place of a header: <c>v1.&lt;Unix seconds&gt;.&lt;user&gt;.&lt;HMAC-SHA256&gt;</c>, in base64url where it is not digits.
/// </summary>
/// <remarks>
/// The resource stands in the MAC and not in the token, so a token says nothing about another one. Each token has one text: any other, be it a bit of padding, is refused.
/// </remarks>
public sealed class LinkTokens(IOptions<LinkTokenOptions> options, TimeProvider clock)
{
    private const string Version = "v1";
    private const int MaxTokenLength = 512;

    // PublicationOnly: a data folder that is not there yet fails this call, and not every later one.
    private readonly Lazy<byte[]> _key = new(() => LinkKeyFile.ReadOrCreate(options.Value.KeyFile), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The resource of one object.</summary>
    public static string ResourceOf(ObjectKey key) => $"objects/{key}";

    /// <summary>The resource of one request with all that belongs to it.</summary>
    public static string ResourceOf(RequestId request) => $"requests/{request}";

    /// <summary>A key for another purpose, of the same file. Neither says anything about the other, so what is signed with one holds with no other (HKDF, RFC 5869).</summary>
    public byte[] DeriveKey(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        return HKDF.DeriveKey(HashAlgorithmName.SHA256, _key.Value, outputLength: 32, info: Encoding.UTF8.GetBytes(purpose));
    }

    /// <summary>A token that lets <paramref name="user"/> read <paramref name="resource"/> until <paramref name="expiresAt"/>, in whole seconds.</summary>
    public string Sign(UserId user, string resource, DateTimeOffset expiresAt)
    {
        ArgumentException.ThrowIfNullOrEmpty(resource);
        if (user.IsEmpty) throw new ArgumentException("A token belongs to a user.", nameof(user));
        var head = $"{Version}.{expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(user.ToString()))}";
        return $"{head}.{Base64Url.EncodeToString(Mac(head, resource))}";
    }

    /// <summary>Whether the token is ours, for this resource, and not over; and whose it is.</summary>
    public bool TryVerify(string? token, string resource, out UserId user) => TryVerify(token, resource, out user, out _);

    /// <inheritdoc cref="TryVerify(string?, string, out UserId)"/>
    /// <param name="token">The text.</param>
    /// <param name="resource">What is asked for.</param>
    /// <param name="user">Whose it is.</param>
    /// <param name="hasExpired">Whether it was ours and for this resource, and is over.</param>
    public bool TryVerify(string? token, string resource, out UserId user, out bool hasExpired)
    {
        hasExpired = false;
        user = default;
        ArgumentException.ThrowIfNullOrEmpty(resource);
        if (string.IsNullOrEmpty(token) || token.Length > MaxTokenLength) return false;
        var dot = token.LastIndexOf('.');
        if (dot < 0) return false;

        // Compared as text: the last character of base64 has bits that do not count, and a token has one form.
        var expected = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Mac(token[..dot], resource)));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(token[(dot + 1)..]))) return false;

        // Signed by us from here on.
        var parts = token.Split('.');
        if (parts.Length != 4 || parts[0] != Version || !long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var expires)) return false;
        hasExpired = clock.GetUtcNow().ToUnixTimeSeconds() >= expires;
        if (hasExpired) return false;
        return UserId.TryParse(Encoding.ASCII.GetString(Base64Url.DecodeFromChars(parts[2])), out user);
    }

    // A line feed stands in no head, so head and resource cannot be told apart in two ways.
    private byte[] Mac(string head, string resource) => HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes($"FrameVideo link\n{head}\n{resource}"));
}
