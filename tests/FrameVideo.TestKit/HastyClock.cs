namespace FrameVideo.TestKit;

/// <summary>
/// The machine's time, with two differences: what a service does again and again it does five times as often, so that tests wait less for its loops; and a test may set it ahead,
/// past a grace. Time-outs and pauses are as long as ever.
/// </summary>
public sealed class HastyClock : TimeProvider
{
    private const int Haste = 5;

    /// <summary>How far it is ahead of the machine's time. The queue starts at the machine's: what is enqueued meanwhile starts so much later.</summary>
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        period > TimeSpan.Zero ? base.CreateTimer(callback, state, dueTime / Haste, period / Haste) : base.CreateTimer(callback, state, dueTime, period);
}
