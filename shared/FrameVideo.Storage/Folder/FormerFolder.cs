using System.Runtime.CompilerServices;
using FrameVideo.Contracts;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage;

/// <summary>The folder of a <see cref="FileObjectStore"/> as plain files, such as a former bucket that was copied into it.</summary>
/// <remarks>What begins with a dot at the top is the store's own; symbolic links are passed over.</remarks>
internal sealed class FormerFolder(IOptions<FileObjectStoreOptions> options, FileObjectStore store) : IFormerObjects, IDisposable
{
    private readonly string _root = Path.GetFullPath(options.Value.Folder);
    private readonly StoreFolder _folder = new(options.Value.Folder);

    /// <inheritdoc/>
    public async IAsyncEnumerable<FormerObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var pending = new Stack<Found>([new Found("", null)]);
        while (pending.TryPop(out var next))
        {
            if (next.Object is { } found) yield return found;
            else (await _folder.Run(next.Name, () => Read(next.Name, prefix), cancellationToken)).ForEach(pending.Push);
        }
    }

    /// <inheritdoc/>
    public async Task<StoredObject?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var file = await _folder.Run(name, () => Open(name), cancellationToken);
        return file is null ? null : new StoredObject(file, 0, file.Length, file.Length, new DateTimeOffset(File.GetLastWriteTimeUtc(file.SafeFileHandle), TimeSpan.Zero));
    }

    /// <inheritdoc/>
    public async Task<PutOutcome> CopyAsync(FormerObject from, ObjectKey key, string sha256, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (key.IsRewritten) throw new ArgumentException($"{key} is no name for a copy.", nameof(key));

        // A put reads the file and compares it with this hash on the way; without disposal the file stays.
        var path = PathOf(from.Name);
        if (!File.Exists(path)) throw new FileNotFoundException($"{from.Name} is not there any more.", path);
        return await store.PutAsync(key, new SpooledFile(path, from.Length, sha256), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>What lies in one folder and can lead to the prefix, last first, for a stack. A folder sorts as its name with a slash.</summary>
    private List<Found> Read(string folder, string prefix)
    {
        var children = new List<Found>();
        try
        {
            foreach (var info in new DirectoryInfo(Path.Combine(_root, folder)).EnumerateFileSystemInfos())
            {
                if (info.LinkTarget is not null || (folder.Length == 0 && info.Name[0] == '.')) continue;
                var name = folder + info.Name + (info is DirectoryInfo ? "/" : "");
                var leads = name.StartsWith(prefix, StringComparison.Ordinal) || (info is DirectoryInfo && prefix.StartsWith(name, StringComparison.Ordinal));
                if (leads) children.Add(new Found(name, info is FileInfo file ? new FormerObject(name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)) : null));
            }
        }
        catch (Exception e) when (folder.Length > 0 && e is DirectoryNotFoundException or FileNotFoundException)
        {
            // It went away while it was read.
        }

        children.Sort(static (a, b) => string.CompareOrdinal(b.Name, a.Name));
        return children;
    }

    private FileStream? Open(string name)
    {
        try
        {
            return new FileStream(PathOf(name), new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string PathOf(string name)
    {
        var path = _root;
        foreach (var part in name.Split('/'))
        {
            if (part is "" or "." or ".." || part.Contains('\\', StringComparison.Ordinal)) throw new ArgumentException($"{name} is no name of an object.", nameof(name));
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null) throw new ObjectStoreForbiddenException($"A symbolic link stands in the way of {name}.");
        }

        return path;
    }

    private sealed record Found(string Name, FormerObject? Object);
}
