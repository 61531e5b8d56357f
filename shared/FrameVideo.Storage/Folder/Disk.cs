using System.Runtime.InteropServices;

namespace FrameVideo.Storage;

/// <summary>What a disk can do and .NET does not offer: publish a file under a name that must be free, and make a folder's entries durable.</summary>
internal static partial class Disk
{
    private const int PermissionDenied = 1;
    private const int NoEntry = 2;
    private const int AccessDenied = 13;
    private const int Exists = 17;
    private const int TooManyLinks = 31;

    private static readonly Lock InThisProcess = new();

    /// <summary>
    /// Gives a finished file a second name, which must be free; false where it is taken. Exactly one of many wins, across processes.
    /// <c>File.Move(overwrite: false)</c> asks first and renames then on Unix, so two can win there; link(2) is one step.
    /// </summary>
    /// <param name="file">The finished file; its own name stays or goes, the caller deletes it either way.</param>
    /// <param name="target">The name to take.</param>
    /// <param name="lockFile">For disks without hard links (FAT, some network ones): held while asking and renaming.</param>
    /// <param name="hardLinks">Whether to try hard links at all.</param>
    public static bool TryPublish(string file, string target, string lockFile, bool hardLinks = true)
    {
        if (OperatingSystem.IsWindows()) return TryMove(file, target);
        if (!hardLinks) return TryPublishLocked(file, target, lockFile);
        if (link(file, target) == 0) return true;
        var error = Marshal.GetLastPInvokeError();
        return error switch
        {
            Exists => false,
            NoEntry => throw new DirectoryNotFoundException($"The folder of {target} is gone."),
            AccessDenied => throw new UnauthorizedAccessException($"Access to {target} is denied."),
            PermissionDenied or TooManyLinks => TryPublishLocked(file, target, lockFile),
            _ when error == NotSupported => TryPublishLocked(file, target, lockFile),
            _ => throw new IOException($"{target}: {Marshal.GetPInvokeErrorMessage(error)}", error),
        };
    }

    /// <summary>Makes names durable that were added to or removed from a folder.</summary>
    public static void FlushFolder(string folder)
    {
        // Windows keeps its journal itself.
        if (OperatingSystem.IsWindows()) return;
        var handle = open(folder, 0);
        if (handle < 0) throw Failure(folder);
        try
        {
            // EINVAL: a file system that cannot do this has nothing to make durable.
            if (fsync(handle) != 0 && Marshal.GetLastPInvokeError() != 22) throw Failure(folder);
        }
        finally
        {
            _ = close(handle);
        }
    }

    /// <summary>Whether the disk failed, as against the caller or the store itself, which has its own words already.</summary>
    public static bool HasFailed(Exception failure) => failure switch
    {
        ObjectStoreException or RangeNotSatisfiableException => false,
        UnauthorizedAccessException or IOException => true,

        // What .NET makes of EFBIG: a limit of the disk or of the process.
        ArgumentOutOfRangeException { ParamName: "value" } => true,
        _ => false,
    };

    /// <summary>Tells a failure of the disk in the store's two words.</summary>
    public static IOException Tell(Exception failure, string what) => failure is UnauthorizedAccessException
        ? new ObjectStoreForbiddenException($"The disk does not allow this for {what}.", failure)
        : new ObjectStoreUnavailableException($"The disk does not answer for {what}: {failure.Message}", failure);

    private static int NotSupported => OperatingSystem.IsLinux() ? 95 : 45;

    private static IOException Failure(string folder)
    {
        var error = Marshal.GetLastPInvokeError();
        return error == NoEntry
            ? new DirectoryNotFoundException($"The folder {folder} is gone.")
            : new IOException($"{folder}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    private static bool TryPublishLocked(string file, string target, string lockFile)
    {
        lock (InThisProcess)
        {
            using var held = Hold(lockFile);
            return TryMove(file, target);
        }
    }

    private static FileStream Hold(string lockFile)
    {
        for (var patience = 1000; ; patience--)
        {
            try
            {
                return new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException) && patience > 0)
            {
                Thread.Sleep(10);
            }
        }
    }

    private static bool TryMove(string file, string target)
    {
        if (Path.Exists(target)) return false;
        try
        {
            File.Move(file, target, overwrite: false);
            return true;
        }
        catch (IOException) when (Path.Exists(target))
        {
            return false;
        }
    }

#pragma warning disable SA1300, IDE1006 // The names of libc.
    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string oldPath, string newPath);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int handle);
#pragma warning restore SA1300, IDE1006
}
