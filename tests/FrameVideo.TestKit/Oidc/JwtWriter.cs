using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace FrameVideo.TestKit.Oidc;

/// <summary>Writes JWTs by hand, right ones and wrong ones.</summary>
public static class JwtWriter
{
    /// <summary>A token as RFC 7515 has it.</summary>
    public static string Sign(IReadOnlyDictionary<string, object?> claims, SigningKey key, string type = "JWT") =>
        Sign(JsonSerializer.Serialize(new { alg = key.Algorithm, typ = type, kid = key.Id }), JsonSerializer.Serialize(claims), key);

    /// <summary>A token of header and claims as they stand.</summary>
    public static string Sign(string header, string claims, SigningKey key, string? algorithm = null) => Write(header, claims, text => key.Sign(Encoding.ASCII.GetBytes(text), algorithm));

    /// <summary>A token whose last part is what somebody makes of the first two.</summary>
    public static string Write(string header, string claims, Func<string, byte[]> sign)
    {
        var head = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        return $"{head}.{Base64Url.EncodeToString(sign(head))}";
    }
}
