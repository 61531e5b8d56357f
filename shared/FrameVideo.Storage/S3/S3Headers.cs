using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>What is kept with each object beside its bytes.</summary>
internal static class S3Headers
{
    /// <summary>The metadata that holds the SHA-256 of the bytes, 64 lower-case hex digits.</summary>
    public const string Sha256 = "sha256";

    /// <summary>How long browsers keep what a link gave them: what is named by its content never changes.</summary>
    public static string CacheControlOf(ObjectKey key) => key.IsRewritten ? "no-cache" : "private, max-age=31536000, immutable";

    /// <summary>Hex digits as the base64 that checksum headers have.</summary>
    public static string Base64Of(string sha256) => Convert.ToBase64String(Convert.FromHexString(sha256));
}
