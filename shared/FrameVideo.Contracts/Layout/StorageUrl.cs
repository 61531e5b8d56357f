namespace FrameVideo.Contracts;

/// <summary>
/// Reads the layout out of a storage URL of any form: virtual-hosted, path style, presigned, percent-encoded, <c>s3://</c>, the <c>?key=</c> of a
/// proxy, a bare key, or a frame's link of FrameService itself. It says what the URL names, not whether the URL is ours: that is for
/// who knows endpoint and bucket.
/// </summary>
public static class StorageUrl
{
    /// <summary>URLs that are longer are not read: a presigned one with a session token stays below.</summary>
    public const int MaxLength = 8192;

    /// <summary>The one request ID that stands in its place of the layout, <c>&lt;userId&gt;/&lt;requestId&gt;/&lt;folder&gt;/</c>; null where none does, or two different ones do.</summary>
    public static RequestId? FindRequestId(string? url)
    {
        RequestId? found = null;
        foreach (var path in PathsOf(url))
        {
            foreach (var id in RequestIdsIn(path))
            {
                if (found is { } other && other != id) return null;
                found = id;
            }
        }

        return found;
    }

    /// <summary>The object key that the URL names, whole; null where it names none, or two different ones.</summary>
    public static ObjectKey? FindKey(string? url)
    {
        ObjectKey? found = null;
        foreach (var path in PathsOf(url))
        {
            if (KeyIn(path) is not { } key) continue;
            if (found is { } other && other != key) return null;
            found = key;
        }

        return found;
    }

    /// <summary>The URL's path and its <c>key</c> parameters, decoded once. Empty for anything with a part that no key has (dot segments, controls, backslashes).</summary>
    private static List<string> PathsOf(string? url)
    {
        var paths = new List<string>(2);
        if (string.IsNullOrEmpty(url) || url.Length > MaxLength || url.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return paths;
        var end = url.IndexOf('#', StringComparison.Ordinal);
        var text = end < 0 ? url : url[..end];
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? text : text[..mark];
        var scheme = path.IndexOf("://", StringComparison.Ordinal);

        // What follows two slashes is a host, with a scheme before them or without, and a host is nobody's user ID.
        var host = scheme >= 0 ? scheme + 3 : path.StartsWith("//", StringComparison.Ordinal) ? 2 : 0;
        if (host > 0)
        {
            var slash = path.IndexOf('/', host);
            path = slash < 0 ? "" : path[(slash + 1)..];
        }

        Add(paths, path);
        if (mark < 0) return paths;
        foreach (var parameter in text[(mark + 1)..].Split('&'))
        {
            if (parameter.StartsWith("key=", StringComparison.OrdinalIgnoreCase)) Add(paths, parameter[4..]);
        }

        return paths;
    }

    private static void Add(List<string> paths, string encoded)
    {
        var path = Uri.UnescapeDataString(encoded);
        foreach (var c in path)
        {
            if (char.IsControl(c) || c == '\\') return;
        }

        if (path.Split('/').Any(segment => segment is "." or "..")) return;
        paths.Add(path);
    }

    private static IEnumerable<RequestId> RequestIdsIn(string path)
    {
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length - 1; i++)
        {
            if (!RequestId.TryParse(segments[i], out var id)) continue;
            var inLayout = UserId.TryParse(segments[i - 1], out _)
                && (segments[i + 1] is ObjectKey.ReferenceFrames or ObjectKey.UserUploads or ObjectKey.VideoClips ? segments.Length > i + 2 : segments[i + 1] == ObjectKey.ManifestFile);
            var isFrameLink = i >= 2 && segments[i - 2] == "v1" && segments[i - 1] == "sessions" && segments[i + 1] == "frames" && segments.Length == i + 4 && segments[i + 3] == "image";
            if (inLayout || isFrameLink) yield return id;
        }
    }

    private static ObjectKey? KeyIn(string path)
    {
        for (var start = 0; start >= 0;)
        {
            if (ObjectKey.TryParse(path.AsSpan(start), null, out var key)) return key;
            var slash = path.IndexOf('/', start);
            start = slash < 0 ? -1 : slash + 1;
        }

        return null;
    }
}
