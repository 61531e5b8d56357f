namespace FrameVideo.Jobs;

/// <summary>Tells the work that runs in this process that the process ends, and knows when the last of it has.</summary>
internal sealed class WorkStop : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the process itself, which is taken away with the telling.
    private int _running = 1;

    /// <summary>Canceled once no more work is begun here.</summary>
    public CancellationToken Token => _stopping.Token;

    /// <summary>Ends when the work that was told to stop has given itself back.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Whether work runs that was begun after the telling.</summary>
    public bool IsAnyRunning => Volatile.Read(ref _running) > 0;

    public void Begin() => Interlocked.Increment(ref _running);

    public void End()
    {
        if (Interlocked.Decrement(ref _running) == 0) _ended.TrySetResult();
    }

    public async Task TellAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync();
        End();
    }

    public void Dispose() => _stopping.Dispose();
}
