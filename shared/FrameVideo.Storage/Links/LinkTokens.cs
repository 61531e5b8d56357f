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
public sealed class LinkTokens : IDisposable
{
    private const string Version = "v1";
    private const int MaxTokenLength = 512;

    private readonly TimeProvider _clock;
    private readonly Lazy<byte[]> _key;

    // One for each thread: it knows the key already, which is half of the work for so short a text. Not listed: the pool's threads come
    // and go, and each that has gone would leave its own behind.
    private readonly ThreadLocal<IncrementalHash> _hash;

    /// <summary>Reads or makes the key when it is first needed.</summary>
    public LinkTokens(IOptions<LinkTokenOptions> options, TimeProvider clock)
    {
        _clock = clock;
        // PublicationOnly: a data folder that is not there yet fails this call, and not every later one.
        _key = new Lazy<byte[]>(() => LinkKeyFile.ReadOrCreate(options.Value.KeyFile), LazyThreadSafetyMode.PublicationOnly);
        _hash = new ThreadLocal<IncrementalHash>(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Value));
    }

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
        // Without strings in between: a page of films has hundreds of links, each made for one reader.
        Span<char> token = stackalloc char[MaxTokenLength];
        Span<byte> ascii = stackalloc byte[Contracts.UserId.MaxLength];
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        token.TryWrite(CultureInfo.InvariantCulture, $"{Version}.{expiresAt.ToUnixTimeSeconds()}.", out var length);
        length += Base64Url.EncodeToChars(ascii[..Encoding.ASCII.GetBytes(user.ToString(), ascii)], token[length..]);
        Mac(token[..length], resource, mac);
        token[length++] = '.';
        length += Base64Url.EncodeToChars(mac, token[length..]);
        return new string(token[..length]);
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
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Mac(token.AsSpan(0, dot), resource, mac);
        var expected = Base64Url.EncodeToUtf8(mac);
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(token[(dot + 1)..]))) return false;

        // Signed by us from here on.
        var parts = token.Split('.');
        if (parts.Length != 4 || parts[0] != Version || !long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var expires)) return false;
        hasExpired = _clock.GetUtcNow().ToUnixTimeSeconds() >= expires;
        if (hasExpired) return false;
        return UserId.TryParse(Encoding.ASCII.GetString(Base64Url.DecodeFromChars(parts[2])), out user);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();

    // A line feed stands in no head, so head and resource cannot be told apart in two ways.
    private void Mac(ReadOnlySpan<char> head, ReadOnlySpan<char> resource, Span<byte> mac)
    {
        ReadOnlySpan<byte> purpose = "FrameVideo link\n"u8;
        var most = purpose.Length + Encoding.UTF8.GetMaxByteCount(head.Length + resource.Length + 1);
        var text = most <= 2048 ? stackalloc byte[2048] : new byte[most];
        purpose.CopyTo(text);
        var length = purpose.Length;
        length += Encoding.UTF8.GetBytes(head, text[length..]);
        text[length++] = (byte)'\n';
        length += Encoding.UTF8.GetBytes(resource, text[length..]);
        var hash = _hash.Value!;
        hash.AppendData(text[..length]);
        hash.GetHashAndReset(mac);
    }
}
