using System.Net;

namespace FrameVideo.Storage;

/// <summary>The names that S3 allows for general-purpose buckets.</summary>
internal static class BucketName
{
    private static readonly string[] ReservedPrefixes = ["xn--", "sthree-", "amzn-s3-demo-"];
    private static readonly string[] ReservedSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    /// <summary>3-63 characters of a-z, 0-9, dot and dash, letters or digits at both ends, no two dots in a row, no IP address, none of the reserved beginnings and ends.</summary>
    public static bool IsValid(string? name) =>
        name is { Length: >= 3 and <= 63 }
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-')
        && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
        && !name.Contains("..", StringComparison.Ordinal)
        && !IPAddress.TryParse(name, out _)
        && !ReservedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
        && !ReservedSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>What to say of a name that is none.</summary>
    public static string Rule(string? name) =>
        $"Bucket is \"{name}\"; S3 allows 3-63 characters of a-z, 0-9, dot and dash, with letters or digits at both ends and no reserved beginning or end.";
}
