using System.Globalization;
using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace VideoService.Videos;

/// <summary>
/// The temporary folders of renders, one for each attempt, in this process's part of <c>&lt;Data:Folder&gt;/tmp</c>. What a killed process left is swept at the next start of any
/// that shares the folder; its encoders ended with it, since their input did.
/// </summary>
/// <remarks>
/// The folder of a film that waits for the store is parked: its next attempt here finds the finished pieces. They live as long as this process: after a restart, and on another
/// instance, the pieces that the store does not have are rendered again, since a file that survived a crash of the machine need not be whole.
/// </remarks>
internal sealed partial class RenderFolders(IConfiguration configuration, ILogger<RenderFolders> logger) : IHostedService, IDisposable
{
    private const string ParkedPrefix = "parked-";
    private readonly Lazy<Scratch> _scratch = new(() => new Scratch(Path.Combine(Path.GetFullPath(configuration["Data:Folder"] ?? "data"), "tmp")), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The folder of one attempt, with what a former one here has parked; gone once the answer is disposed, unless it is parked.</summary>
    public RenderFolder Open(VideoRow row)
    {
        var path = _scratch.Value.PathOf(string.Create(CultureInfo.InvariantCulture, $"render-{row.VideoId}-{row.Attempt}"));
        try
        {
            Directory.Move(ParkedPath(row.VideoId), path);
        }
        catch (IOException)
        {
            // Nothing is parked.
            Directory.CreateDirectory(path);
        }

        return new RenderFolder(path, row.VideoId, this);
    }

    /// <summary>The films whose pieces are parked here.</summary>
    public IReadOnlyList<VideoId> Parked() => _scratch.IsValueCreated ? [.. _scratch.Value.Folders($"{ParkedPrefix}*").Select(name => VideoId.Parse(name[ParkedPrefix.Length..]))] : [];

    /// <summary>Removes what is parked of a film, if anything is.</summary>
    public void Discard(VideoId videoId)
    {
        if (_scratch.IsValueCreated && Directory.Exists(ParkedPath(videoId))) Remove(ParkedPath(videoId));
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = _scratch.Value;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_scratch.IsValueCreated) _scratch.Value.Dispose();
    }

    internal void Park(string path, VideoId videoId)
    {
        Discard(videoId);
        Directory.Move(path, ParkedPath(videoId));
    }

    internal void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody tidied.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next start tries again; the film is not concerned.
            NotRemoved(failure);
        }
    }

    private string ParkedPath(VideoId videoId) => _scratch.Value.PathOf($"{ParkedPrefix}{videoId}");

    [LoggerMessage(LogLevel.Warning, "A temporary folder could not be removed; the next start tries again")]
    private partial void NotRemoved(Exception failure);
}

/// <summary>One attempt's temporary folder. A file of a piece is whole where it stands under its own name.</summary>
internal sealed class RenderFolder(string path, VideoId videoId, RenderFolders folders) : IDisposable
{
    private bool _isParked;

    /// <summary>The merged film.</summary>
    public string Film => Path.Combine(path, "film.mp4");

    /// <summary>The poster.</summary>
    public string Poster => Path.Combine(path, "poster.jpg");

    /// <summary>The film's sound, made.</summary>
    public string Soundtrack => Path.Combine(path, "soundtrack.mp4");

    /// <summary>The sound that somebody brought, under a name of ours.</summary>
    public string Sound(ObjectKey key) => Path.Combine(path, $"sound.{key.Extension}");

    /// <summary>A clip of an AI service, by the hash of what was asked.</summary>
    public string Clip(string inputHash) => Path.Combine(path, $"footage-{inputHash[..16]}");

    /// <summary>The film's captions.</summary>
    public string Captions => Path.Combine(path, "captions.vtt");

    /// <summary>The same as HLS plays them.</summary>
    public string CaptionSegment => Path.Combine(path, "segment.vtt");

    /// <summary>The file of a piece.</summary>
    public string Piece(ObjectKey key) => Path.Combine(path, key.FileName);

    /// <summary>Keeps the folder for the film's next attempt.</summary>
    public void Park()
    {
        folders.Park(path, videoId);
        _isParked = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isParked) folders.Remove(path);
    }
}
