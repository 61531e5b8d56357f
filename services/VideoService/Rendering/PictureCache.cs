namespace VideoService.Rendering;

/// <summary>
/// The pictures of one film, decoded: each once while pieces need it, at most <see cref="RenderingOptions.CachedPictures"/> kept, the longest unused
/// goes first. Safe for use from many threads.
/// </summary>
/// <param name="plan">The film.</param>
/// <param name="open">Opens a frame's stored bytes by the frame's number.</param>
/// <param name="options">Limits.</param>
internal sealed class PictureCache(FilmPlan plan, Func<int, CancellationToken, Task<Stream>> open, RenderingOptions options) : IDisposable
{
    private const long LargePixels = 8_000_000;

    private readonly Lock _lock = new();
    private readonly LinkedList<(int Number, Task<PicturePlanes> Planes)> _kept = new();
    private readonly SemaphoreSlim _decoding = new(1);

    /// <summary>A frame's picture. What another caller is reading already is waited for.</summary>
    /// <exception cref="PictureException">The bytes are not those of the plan, or no picture that can be filmed; names the frame.</exception>
    public async Task<PicturePlanes> GetAsync(int number, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await Find(number, cancellationToken).WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The caller who was reading it gave up; this one has not.
            }
        }
    }

    /// <summary>Only after every piece that uses it has ended.</summary>
    public void Dispose() => _decoding.Dispose();

    private Task<PicturePlanes> Find(int number, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var node = _kept.First;
            while (node is not null && node.Value.Number != number) node = node.Next;
            if (node is not null) _kept.Remove(node);

            // A failure is not kept: the next caller tries again.
            if (node is null || node.Value.Planes.IsFaulted || node.Value.Planes.IsCanceled)
                node = new LinkedListNode<(int, Task<PicturePlanes>)>((number, Task.Run(() => LoadAsync(number, cancellationToken), cancellationToken)));
            _kept.AddFirst(node);
            if (_kept.Count > Math.Max(2, options.CachedPictures)) _kept.RemoveLast();
            return node.Value.Planes;
        }
    }

    private async Task<PicturePlanes> LoadAsync(int number, CancellationToken cancellationToken)
    {
        var shot = plan.Shots.First(shot => shot.Number == number);
        await using var stream = await open(number, cancellationToken);
        var bytes = await PictureBytes.ReadAsync(stream, number, shot.Sha256, options.MaxPictureBytes, cancellationToken);

        var isLarge = false;
        try
        {
            // Large ones come one at a time: their pixels are many times what is kept of them.
            var header = PictureReader.Inspect(bytes, options.MaxPixels);
            if ((long)header.Width * header.Height > LargePixels)
            {
                await _decoding.WaitAsync(cancellationToken);
                isLarge = true;
            }

            return PictureCanvas.Compose(bytes, shot, plan.Settings, options.MaxPixels, cancellationToken);
        }
        catch (PictureException problem)
        {
            throw new PictureException(problem.Code, $"Frame {number}: {problem.Message}", number, problem);
        }
        finally
        {
            if (isLarge) _decoding.Release();
        }
    }
}
