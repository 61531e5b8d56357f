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

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (IOException)
        {
            // Somebody looks into it; the system empties its temporary folder in time.
        }
    }
}
