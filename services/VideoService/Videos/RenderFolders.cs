using System.Globalization;

namespace VideoService.Videos;

/// <summary>
/// The temporary folders of renders: one for each attempt, in the data folder, which one process alone uses. What a killed process left is swept at the start, before
/// any work begins; its encoders ended with it, since their input did.
/// </summary>
internal sealed partial class RenderFolders(IConfiguration configuration, ILogger<RenderFolders> logger) : IHostedService
{
    private readonly string _root = Path.Combine(Path.GetFullPath(configuration["Data:Folder"] ?? "data"), "tmp");

    /// <summary>The folder of one attempt; gone once the answer is disposed.</summary>
    public RenderFolder Open(VideoRow row)
    {
        var path = Path.Combine(_root, string.Create(CultureInfo.InvariantCulture, $"render-{row.VideoId}-{row.Attempt}"));
        Directory.CreateDirectory(path);
        return new RenderFolder(path, this);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root)) return Task.CompletedTask;
        foreach (var orphan in Directory.GetDirectories(_root, "render-*"))
        {
            Swept(Path.GetFileName(orphan));
            Remove(orphan);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next start tries again; the film is not concerned.
            NotRemoved(failure);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Folder}, left by a process that was killed")]
    private partial void Swept(string folder);

    [LoggerMessage(LogLevel.Warning, "A temporary folder could not be removed; the next start tries again")]
    private partial void NotRemoved(Exception failure);
}

/// <summary>One attempt's temporary folder.</summary>
internal sealed class RenderFolder(string path, RenderFolders folders) : IDisposable
{
    /// <summary>The file of the piece at a place in the film.</summary>
    public string Piece(int position) => Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"piece-{position:D4}.mp4"));

    /// <summary>The merged film.</summary>
    public string Film => Path.Combine(path, "film.mp4");

    /// <summary>The poster.</summary>
    public string Poster => Path.Combine(path, "poster.jpg");

    /// <inheritdoc/>
    public void Dispose() => folders.Remove(path);
}
