using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace FrameVideo.Hosting;

/// <summary>
/// The text of an API key: <c>fv_</c>, 32 to 96 characters of <c>[0-9A-Za-z]</c> from a cryptographic source, and six of a checksum. The prefix lets scanners
/// find a key that was published by mistake; the checksum lets them, and us, know a mistyped or invented one without a look into any list.
/// </summary>
/// <remarks>The checksum is the CRC-32 (ISO 3309) of the random part in base62, padded with 0, as GitHub's tokens have it. It keeps nobody out: the hash does.</remarks>
public readonly record struct ApiKey
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "fv_";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int ChecksumLength = 6;
    private const int NewSecretLength = 32;
    private const int MaxSecretLength = 96;
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);
    private readonly string? _text;

    private ApiKey(string text) => _text = text;

    /// <summary>
    /// What configuration knows of the key: <c>sha256:</c> and the SHA-256 of its text as 64 lower-case hex digits. A slow password hash would add nothing: 32 characters of 62
    /// are 190 random bits, which nobody tries out at any speed, and every request would pay for the slowness.
    /// </summary>
    public string Hash => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));

    /// <summary>The whole key. Shown once, to who made it; never logged.</summary>
    public string Text => _text ?? throw new InvalidOperationException("There is no key.");

    /// <summary>A new key with 190 bits of randomness.</summary>
    public static ApiKey New()
    {
        var secret = RandomNumberGenerator.GetString(Alphabet, NewSecretLength);
        return new ApiKey(Prefix + secret + Checksum(secret));
    }

    /// <summary>Whether a text has the form of a key and the checksum that belongs to it.</summary>
    public static bool TryParse(string? text, out ApiKey key)
    {
        key = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var body = text.AsSpan(Prefix.Length);
        if (body.Length is < NewSecretLength + ChecksumLength or > MaxSecretLength + ChecksumLength || body.ContainsAnyExcept(Letters)) return false;
        if (!body[^ChecksumLength..].SequenceEqual(Checksum(body[..^ChecksumLength]))) return false;
        key = new ApiKey(text);
        return true;
    }

    /// <summary>Never the key itself: what is printed by accident ends in a log.</summary>
    public override string ToString() => Prefix + "...";

    private static string Checksum(ReadOnlySpan<char> secret)
    {
        Span<byte> bytes = stackalloc byte[MaxSecretLength];
        var sum = Crc32.HashToUInt32(bytes[..Encoding.ASCII.GetBytes(secret, bytes)]);
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var i = ChecksumLength - 1; i >= 0; i--, sum /= 62) digits[i] = Alphabet[(int)(sum % 62)];
        return digits.ToString();
    }
}
