using System.Diagnostics;
using System.Security.Cryptography;

namespace FrameVideo.Storage;

/// <summary>
/// Temporary files of this process, in a folder of its own below one that several processes share. A lock that ends with the process tells
/// the others that it lives; what dead processes left behind is removed at the next start.
/// </summary>
/// <remarks>A process ID would not do: two containers that share a folder do not share those. The lock is flock(2), or a share mode on Windows.</remarks>
public sealed class Scratch : IDisposable
{
    private const string LockExtension = ".lock";
    private readonly string _folder;
    private readonly FileStream _lock;
    private long _count;

    /// <summary>Sweeps the shared folder and opens an own one in it.</summary>
    public Scratch(string sharedFolder)
    {
        Directory.CreateDirectory(sharedFolder);
        Sweep(sharedFolder);
        _folder = Path.Combine(sharedFolder, RandomNumberGenerator.GetHexString(16, lowercase: true));
        _lock = new FileStream(_folder + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_folder);
        else Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>A path at which nothing is yet.</summary>
    public string NewPath() => PathOf($"{Interlocked.Increment(ref _count)}.part");

    /// <summary>The path of a name of the caller's in this process's folder, which is there.</summary>
    public string PathOf(string name)
    {
        // Tidy souls and their cron jobs remove folders of temporary files; that should cost no more than the files.
        Directory.CreateDirectory(_folder);
        return Path.Combine(_folder, name);
    }

    /// <summary>The names of the folders in this process's folder that a pattern finds.</summary>
    public IReadOnlyList<string> Folders(string pattern) => Directory.Exists(_folder) ? [.. Directory.GetDirectories(_folder, pattern).Select(path => Path.GetFileName(path))] : [];

    /// <summary>Removes a file that may be gone already, with its folder or without.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // The disk went away in the meantime.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        TryRemove(_folder);
        _lock.Dispose();
        Remove(_lock.Name);
    }

    private static void Sweep(string sharedFolder)
    {
        // What is younger than this process belongs to one that started beside it and may not hold its lock yet.
        using var self = Process.GetCurrentProcess();
        var started = self.StartTime.ToUniversalTime();
        foreach (var path in Directory.EnumerateFileSystemEntries(sharedFolder).ToList())
        {
            if (File.GetLastWriteTimeUtc(path) >= started) continue;
            if (path.EndsWith(LockExtension, StringComparison.Ordinal)) SweepOwner(path);
            else if (Directory.Exists(path) && !File.Exists(path + LockExtension)) TryRemove(path);
        }
    }

    private static void SweepOwner(string lockFile)
    {
        try
        {
            using var held = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            TryRemove(lockFile[..^LockExtension.Length]);
            File.Delete(lockFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its owner lives, or another process sweeps at the same moment: either way it is not ours to remove.
        }
    }

    private static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left for the next start; a temporary file in the way is no reason not to run.
        }
    }
}
