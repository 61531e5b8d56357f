namespace FrameVideo.Local;

/// <summary>A folder that goes with this object, whatever lies in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private TemporaryFolder(string path) => FullPath = path;

    public string FullPath { get; }

    /// <exception cref="PlainFailure">The system's temporary folder cannot be written.</exception>
    public static TemporaryFolder Create(string prefix)
    {
        try
        {
            return new TemporaryFolder(Directory.CreateTempSubdirectory(prefix).FullName);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw PlainFailure.OfFile(Path.GetTempPath(), error);
        }
    }

    /// <summary>Takes away what earlier runs left that were killed: folders of this prefix that nobody holds, and that are no one's first moments.</summary>
    public static void Sweep(string prefix, Func<string, bool> isHeld, DateTimeOffset before)
    {
        foreach (var folder in new DirectoryInfo(Path.GetTempPath()).EnumerateDirectories($"{prefix}*"))
        {
            if (folder.LastWriteTimeUtc < before.UtcDateTime && !isHeld(folder.FullName)) Remove(folder.FullName);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Remove(FullPath);

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody looks into it, or it is another person's; the system empties its temporary folder in time.
        }
    }
}
