using System.Text.Json;

namespace FrameVideo.Local.Pair;

/// <summary>Who uses a data folder, written into it for others to read.</summary>
/// <param name="Address">The front door.</param>
/// <param name="ProcessId">The process that started the pair.</param>
/// <param name="Serves">Whether it stays until somebody ends it, so that others may use it too.</param>
internal sealed record PairNote(Uri Address, int ProcessId, bool Serves);

/// <summary>One data folder, held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    // EWOULDBLOCK on Linux and on macOS: somebody else holds the lock.
    private const int HeldOnLinux = 11;
    private const int HeldOnMac = 35;
    private const long LeastToStart = 64L << 20;
    private const long LeastToGoOn = 4L << 20;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (FullPath, _lock) = (path, held);

    public string FullPath { get; }

    /// <summary>Where the services' logs go.</summary>
    public string Logs => Path.Combine(FullPath, "logs");

    private string NotePath => NoteIn(FullPath);

    /// <summary>Takes the folder, making it where it is missing; null where another process holds it.</summary>
    /// <exception cref="PlainFailure">It cannot be made or written, or its disk is full.</exception>
    public static DataFolder? TryTake(string path)
    {
        try
        {
            // Keys lie in it, so it is nobody else's to read.
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            DemandSpace(path);
            var held = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                // A note that is still here is of a process that was killed.
                File.Delete(NoteIn(path));
                return new DataFolder(path, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (IOException error) when (error.HResult is HeldOnLinux or HeldOnMac)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw PlainFailure.OfFile($"The data folder {path}", error);
        }
    }

    /// <summary>Whether another process holds the folder, or it cannot be told.</summary>
    public static bool IsHeld(string path)
    {
        try
        {
            using var held = TryTake(path);
            return held is null;
        }
        catch (PlainFailure)
        {
            return true;
        }
    }

    /// <summary>Who holds the folder; null while that process has not said.</summary>
    public static PairNote? ReadNote(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<PairNote>(File.ReadAllBytes(NoteIn(path)));
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Tells others where the pair answers.</summary>
    public void Announce(PairNote note)
    {
        var temporary = NotePath + ".part";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(note));
        File.Move(temporary, NotePath, overwrite: true);
    }

    /// <summary>
    /// Completes when the disk is full. The services do not fail then, they wait for room and go on; a person at a terminal is better told.
    /// </summary>
    public async Task<PlainFailure> WhenFullAsync(TimeProvider clock, CancellationToken cancellation)
    {
        while (Free(FullPath) > LeastToGoOn) await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellation);
        return new PlainFailure($"The disk of the data folder {FullPath} is full; free some space. What was made so far is kept.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(NotePath);
        }
        catch (IOException)
        {
            // The next one to take the folder deletes it.
        }

        _lock.Dispose();
    }

    private static string NoteIn(string path) => Path.Combine(path, "pair.json");

    private static void DemandSpace(string path)
    {
        var free = Free(path);
        if (free < LeastToStart) throw new PlainFailure($"The disk of the data folder {path} is full but for {free >> 20} MiB; free some space, or choose another folder with --data.");
    }

    private static long Free(string path) => new DriveInfo(path).AvailableFreeSpace;
}
