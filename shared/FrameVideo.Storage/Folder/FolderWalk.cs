using System.Diagnostics.CodeAnalysis;
using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>Reads a tree of escaped names as keys, in ordinal order of the keys, one folder at a time.</summary>
internal static class FolderWalk
{
    /// <summary>One thing that was found: an object, or a folder that is still to be read.</summary>
    /// <param name="Text">The key, or the prefix with its slash.</param>
    /// <param name="Path">Where it lies.</param>
    /// <param name="Entry">The object; null for a folder.</param>
    public sealed record Found(string Text, string Path, ObjectEntry? Entry);

    /// <summary>
    /// What lies in one folder, last first, for a stack. Symbolic links and names that are no keys are passed over; so is what disappears while it is read.
    /// A folder sorts as its name with a slash: so <c>a-b</c> comes before what lies in <c>a</c>, as in the keys themselves. Null where there is no such folder.
    /// </summary>
    public static List<Found>? ReadFolder(Found folder)
    {
        var children = new List<Found>();
        try
        {
            foreach (var info in new DirectoryInfo(folder.Path).EnumerateFileSystemInfos())
            {
                if (info.LinkTarget is not null || FileNames.Unescape(info.Name) is not { } name) continue;
                if (info is DirectoryInfo) children.Add(new Found($"{folder.Text}{name}/", info.FullName, null));
                else if (ObjectKey.TryParse(folder.Text + name, out var key) && TryMeasure((FileInfo)info, key, out var entry)) children.Add(new Found(folder.Text + name, info.FullName, entry));
            }
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }

        children.Sort(static (a, b) => string.CompareOrdinal(b.Text, a.Text));
        return children;
    }

    /// <summary>The users who have a folder, in ordinal order. A name that is cut in two is one of two folders, so it is looked for below the first.</summary>
    public static List<UserId> Users(string root)
    {
        var users = new List<UserId>();
        foreach (var folder in new DirectoryInfo(root).EnumerateDirectories().Where(folder => folder.LinkTarget is null))
        {
            var names = folder.Name.EndsWith(FileNames.Continued, StringComparison.Ordinal)
                ? folder.EnumerateDirectories().Where(rest => rest.LinkTarget is null).Select(rest => Path.Combine(folder.Name, rest.Name))
                : [folder.Name];
            foreach (var name in names)
            {
                if (FileNames.KeyOf(name) is { } text && UserId.TryParse(text, out var user)) users.Add(user);
            }
        }

        users.Sort(static (a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));
        return users;
    }

    /// <summary>How many objects lie below a folder.</summary>
    public static int Count(Found folder)
    {
        var count = 0;
        var pending = new Stack<Found>([folder]);
        while (pending.TryPop(out var next))
        {
            if (next.Entry is not null) count++;
            else ReadFolder(next)?.ForEach(pending.Push);
        }

        return count;
    }

    private static bool TryMeasure(FileInfo file, ObjectKey key, [NotNullWhen(true)] out ObjectEntry? entry)
    {
        file.Refresh();
        entry = file.Exists ? new ObjectEntry(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)) : null;
        return entry is not null;
    }
}
