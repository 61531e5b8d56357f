namespace FrameVideo.Storage;

/// <summary>
/// The folder of a <see cref="FileObjectStore"/>: knows whether it is really there, where each key lies, and how to add and remove names so that they stay so.
/// </summary>
/// <remarks>
/// The file <c>.framevideo</c> in it says that this is the store. It is made at the first use of a process and never again: so a disk that is unmounted later is an outage,
/// not an empty store. A process that starts while the disk is away begins an empty store on the bare mount point; a mount point that its user cannot write prevents that.
/// </remarks>
internal sealed class StoreFolder(string folder) : IDisposable
{
    private const string Temporary = ".tmp";
    private readonly string _root = Path.GetFullPath(folder);
    private readonly Lock _opening = new();
    private Scratch? _scratch;

    /// <summary>The file that is held while a name is taken on disks without hard links.</summary>
    public string PublishLock => Path.Combine(_root, Temporary, "publish");

    private string Marker => Path.Combine(_root, ".framevideo");

    /// <summary>Runs disk work off the caller's thread and tells its failures in the store's words. A result that says "nothing" is believed only while the store is there.</summary>
    public Task<T> Run<T>(string what, Func<T> work, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                Open();
                CheckMarker();
                var result = work();
                if (EqualityComparer<T>.Default.Equals(result, default)) CheckMarker();
                return result;
            }
            catch (Exception e) when (Disk.HasFailed(e))
            {
                throw Disk.Tell(e, what);
            }
        },
        cancellationToken);

    /// <summary>A path for a temporary file on the same file system.</summary>
    public string NewPath() => _scratch!.NewPath();

    /// <summary>Where a key or a prefix lies. A symbolic link on the way is refused: it could lead anywhere.</summary>
    public string PathOf(string key)
    {
        var path = _root;
        foreach (var name in FileNames.PathOf(key).Split(Path.DirectorySeparatorChar))
        {
            path = Path.Combine(path, name);
            if (new FileInfo(path).LinkTarget is not null) throw new ObjectStoreForbiddenException($"A symbolic link stands in the way of {key}.");
        }

        return path;
    }

    /// <summary>Runs an action that needs the folder of a path, again where a deletion beside it has just removed that, and makes every name on the way durable.</summary>
    public bool InFolder(string path, Func<bool> action)
    {
        for (var patience = 1000; ; patience--)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                if (!action()) return false;
                FlushAbove(path);
                return true;
            }
            catch (DirectoryNotFoundException) when (patience > 0)
            {
                CheckMarker();
            }
        }
    }

    /// <summary>Takes a file or folder out of sight in one step, which one of many callers gets, and removes it then. Folders that are left empty go, too.</summary>
    public bool Remove(string path, Action<string, string> move, Action<string> delete)
    {
        var away = NewPath();
        try
        {
            move(path, away);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        delete(away);
        while (Path.GetDirectoryName(path) is { } parent && parent.Length > _root.Length && TryRemoveEmpty(parent)) path = parent;
        FlushAbove(path);
        return true;
    }

    /// <summary>Makes the names durable that lead from the store's folder to a path.</summary>
    public void FlushAbove(string path)
    {
        while (path.Length > _root.Length)
        {
            path = Path.GetDirectoryName(path)!;
            try
            {
                Disk.FlushFolder(path);
            }
            catch (DirectoryNotFoundException)
            {
                // A deletion beside this one has taken it; the folder above says so.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch?.Dispose();

    private void Open()
    {
        if (Volatile.Read(ref _scratch) is not null) return;
        lock (_opening)
        {
            if (_scratch is not null) return;
            Directory.CreateDirectory(_root);
            if (!File.Exists(Marker)) File.WriteAllText(Marker, "A store of FrameVideo. Without this file it counts as unmounted.\n");
            Disk.FlushFolder(_root);
            Volatile.Write(ref _scratch, new Scratch(Path.Combine(_root, Temporary)));
        }
    }

    private void CheckMarker()
    {
        try
        {
            // Unlike File.Exists this tells "not there" from "not allowed" and from a disk that fails.
            _ = File.GetAttributes(Marker);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ObjectStoreUnavailableException($"The store's folder {_root} is not there, or not mounted.", e);
        }
    }

    private static bool TryRemoveEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: false);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not empty, or gone already.
            return e is DirectoryNotFoundException;
        }
    }
}
