namespace FrameVideo.Jobs;

/// <summary>Tells the work that runs in this process that the process ends.</summary>
internal sealed class WorkStop : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Canceled once no more work is begun here.</summary>
    public CancellationToken Token => _stopping.Token;

    public Task TellAsync() => _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();
}
