namespace VideoService.Rendering;

/// <summary>The decoded pictures of one film.</summary>
internal sealed class PictureCache(FilmPlan plan, Func<int, CancellationToken, Task<Stream>> open, RenderingOptions options)
{
    /// <summary>The film.</summary>
    public FilmPlan Plan { get; } = plan;

    internal Func<int, CancellationToken, Task<Stream>> Open { get; } = open;

    internal RenderingOptions Options { get; } = options;
}
