using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>An address below which the keys of a store lie.</summary>
/// <param name="Origin">Scheme, host and port as a URL has them, the usual port left out; empty for a path on whatever host the reader is at.</param>
/// <param name="Path">From the host's slash to the slash before the key, not percent-encoded.</param>
internal readonly record struct KeyRoot(string Origin, string Path)
{
    /// <summary>The root that a URL is; it has no query, and may lack its last slash.</summary>
    public static KeyRoot Of(string url)
    {
        var (origin, path) = Split(url);
        return new KeyRoot(origin, Uri.UnescapeDataString(path).TrimEnd('/') + "/");
    }

    /// <summary>The key that a URL names below one of these roots; null where it names none of them, to the letter, or no key.</summary>
    /// <remarks>
    /// Compared as text on purpose: what a parser of URLs would make equal (dot segments, user names before the host, backslashes) is how one address is made to look like another.
    /// </remarks>
    public static ObjectKey? FindKey(string url, IEnumerable<KeyRoot> roots)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Length > StorageUrl.MaxLength) return null;
        var (origin, encoded) = Split(url);
        var path = Uri.UnescapeDataString(encoded);
        foreach (var root in roots)
        {
            if (origin.Equals(root.Origin, StringComparison.OrdinalIgnoreCase) && path.StartsWith(root.Path, StringComparison.Ordinal)
                && ObjectKey.TryParse(path.AsSpan(root.Path.Length), null, out var key)) return key;
        }

        return null;
    }

    private static (string Origin, string Path) Split(string url)
    {
        var end = url.AsSpan().IndexOfAny('?', '#');
        var text = end < 0 ? url : url[..end];
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var slash = text.IndexOf('/', scheme < 0 ? 0 : scheme + 3);
        if (slash < 0) return (WithoutUsualPort(text), "");
        return (WithoutUsualPort(text[..slash]), text[slash..]);
    }

    private static string WithoutUsualPort(string origin) =>
        origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && origin.EndsWith(":443", StringComparison.Ordinal) ? origin[..^4]
        : origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && origin.EndsWith(":80", StringComparison.Ordinal) ? origin[..^3]
        : origin;
}
