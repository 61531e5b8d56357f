namespace FrameVideo.Storage;

/// <summary>Bytes that were written to a temporary file while they were hashed, so that their length and hash are known before they travel on.</summary>
/// <param name="Path">The file; removed on disposal.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">64 lower-case hex digits.</param>
public sealed record SpooledFile(string Path, long Length, string Sha256) : IDisposable
{
    private Action? _released;

    /// <summary>Called once, when the file is removed.</summary>
    internal Action? Released { init => _released = value; }

    /// <summary>Opens the file from its start.</summary>
    public FileStream OpenRead() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 81920, useAsync: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        Scratch.Remove(Path);
        Interlocked.Exchange(ref _released, null)?.Invoke();
    }
}
