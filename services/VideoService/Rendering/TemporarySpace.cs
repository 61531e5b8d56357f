namespace VideoService.Rendering;

/// <summary>Counts what the temporary files of one film take. Safe for use from many threads.</summary>
internal sealed class TemporarySpace(RenderingOptions options)
{
    private long _pieces;

    /// <summary>Counts a finished piece, or the film's sound, twice: the film that it becomes a part of holds it once more.</summary>
    /// <exception cref="TemporarySpaceException">It is too much in all.</exception>
    public void Take(string path)
    {
        if (2 * Interlocked.Add(ref _pieces, new FileInfo(path).Length) > options.MaxTemporaryBytes) throw new TemporarySpaceException(options.MaxTemporaryBytes);
    }
}
