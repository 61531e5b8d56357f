using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace FrameVideo.Hosting;

/// <summary>A secret that sender and receiver share.</summary>
/// <remarks>The form and the signature are those of Standard Webhooks 1.0.0: <c>whsec_</c> and base64; HMAC-SHA256 over <c>id.timestamp.body</c>.</remarks>
internal sealed class SigningSecret
{
    private const string Prefix = "whsec_";
    private readonly byte[] _key;

    private SigningSecret(byte[] key) => _key = key;

    /// <summary>Reads a secret: <c>whsec_</c> and 24-64 bytes in base64.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SigningSecret? secret)
    {
        secret = null;
        var key = new byte[128];
        if (text is null || text.Length > 200 || !text.StartsWith(Prefix, StringComparison.Ordinal) || !Convert.TryFromBase64String(text[Prefix.Length..], key, out var length)) return false;
        if (length is >= 24 and <= 64) secret = new SigningSecret(key[..length]);
        return secret is not null;
    }

    /// <summary>One signature, <c>v1,&lt;base64&gt;</c>.</summary>
    /// <param name="id">The event's ID.</param>
    /// <param name="timestamp">When the attempt is made, in Unix seconds.</param>
    /// <param name="body">The body's bytes as they are sent.</param>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return $"v1,{Convert.ToBase64String(hash.GetHashAndReset())}";
    }
}
