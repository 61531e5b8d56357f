namespace VideoService.Videos;

/// <summary>The one gate before the encoder for the whole process: films at a time times pieces of each never become more than <see cref="RenderJobOptions.Workers"/>. First come, first served.</summary>
internal sealed class EncoderGate(RenderJobOptions options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Workers);

    /// <summary>Does something that keeps a core busy, as soon as one is free.</summary>
    public async Task RunAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
