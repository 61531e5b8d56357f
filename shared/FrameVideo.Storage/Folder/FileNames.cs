using System.Text;

namespace FrameVideo.Storage;

/// <summary>
/// Turns the segments of a key into file names that every disk takes, and back. One key has one path, and one path at most one key,
/// also on disks that ignore case or that know names like <c>con</c> and <c>PROGRA~1</c>.
/// </summary>
/// <remarks>
/// <c>A</c> to <c>Z</c> become <c>%a</c> to <c>%z</c>, <c>:</c> is <c>%1</c>, <c>|</c> <c>%2</c>, <c>~</c> <c>%4</c>; a dot is <c>%3</c> where it stands first or last. <c>%0</c> goes before a
/// name that Windows keeps for itself. A name longer than 240 characters is cut in two folders, <c>&lt;240&gt;%+</c> and <c>_&lt;rest&gt;</c>: disks take
/// 255. That befalls user IDs of capitals alone; below the user a name has 236 at most, so a walk through a user's folder meets no cut. No escaped name begins with a dot, so the store's own files do.
/// </remarks>
internal static class FileNames
{
    private const int MaxName = 240;
    public const string Continued = "%+";

    /// <summary>The path of a key or of a prefix, relative to the store's folder.</summary>
    public static string PathOf(string key)
    {
        var path = new StringBuilder(key.Length + 16);
        foreach (var part in key.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (path.Length > 0) path.Append(Path.DirectorySeparatorChar);
            var name = Escape(part);
            if (name.Length <= MaxName) path.Append(name);
            else path.Append(name, 0, MaxName).Append(Continued).Append(Path.DirectorySeparatorChar).Append('_').Append(name, MaxName, name.Length - MaxName);
        }

        return path.ToString();
    }

    /// <summary>The key or prefix that has this path; null where none has.</summary>
    public static string? KeyOf(string path)
    {
        var parts = new List<string>();
        var cut = "";
        foreach (var name in path.Split(Path.DirectorySeparatorChar))
        {
            if (name.EndsWith(Continued, StringComparison.Ordinal))
            {
                cut = name[..^Continued.Length];
                continue;
            }

            if (Unescape(cut.Length > 0 && name.StartsWith('_') ? cut + name[1..] : name) is not { } part) return null;
            parts.Add(part);
            cut = "";
        }

        var key = string.Join('/', parts);
        return PathOf(key) == path ? key : null;
    }

    /// <summary>The name of one segment, not yet cut.</summary>
    public static string Escape(string segment)
    {
        var name = new StringBuilder(segment.Length + 16);
        for (var i = 0; i < segment.Length; i++)
        {
            var c = segment[i];
            if (char.IsAsciiLetterUpper(c)) name.Append('%').Append(char.ToLowerInvariant(c));
            else if (c == ':') name.Append("%1");
            else if (c == '|') name.Append("%2");
            else if (c == '~') name.Append("%4");
            else if (c == '.' && (i == 0 || i == segment.Length - 1)) name.Append("%3");
            else name.Append(c);
        }

        return IsReserved(segment) ? $"%0{name}" : name.ToString();
    }

    /// <summary>The segment that has this name; null where none has.</summary>
    public static string? Unescape(string name)
    {
        var segment = new StringBuilder(name.Length);
        for (var i = name.StartsWith("%0", StringComparison.Ordinal) ? 2 : 0; i < name.Length; i++)
        {
            if (name[i] != '%') segment.Append(name[i]);
            else if (++i < name.Length && char.IsAsciiLetterLower(name[i])) segment.Append(char.ToUpperInvariant(name[i]));
            else if (i < name.Length && name[i] is >= '1' and <= '4') segment.Append(":|.~"[name[i] - '1']);
            else return null;
        }

        // Escaping again settles every doubt: a name that no segment has is nobody's.
        var text = segment.ToString();
        return text.Length > 0 && Escape(text) == name ? text : null;
    }

    private static bool IsReserved(string segment)
    {
        var dot = segment.IndexOf('.', StringComparison.Ordinal);
        var stem = dot < 0 ? segment : segment[..dot];
        return stem is "con" or "prn" or "aux" or "nul"
            || (stem.Length == 4 && char.IsAsciiDigit(stem[3]) && (stem.StartsWith("com", StringComparison.Ordinal) || stem.StartsWith("lpt", StringComparison.Ordinal)));
    }
}
