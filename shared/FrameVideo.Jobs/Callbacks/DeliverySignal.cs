namespace FrameVideo.Jobs;

/// <summary>Says within this process that deliveries may be due. A hint: what another instance has written is found by looking.</summary>
public sealed class DeliverySignal
{
    private TaskCompletionSource _next = Create();

    /// <summary>Ends at the next <see cref="Set"/>. Taken before looking, so that nothing falls between the look and the wait.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Wakes whoever waits.</summary>
    public void Set() => Interlocked.Exchange(ref _next, Create()).TrySetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
