namespace FrameVideo.Jobs;

/// <summary>Times that stand in rows.</summary>
public static class RowTime
{
    /// <summary>The time in whole microseconds: PostgreSQL keeps no more, and what was answered at first has to be what is read later.</summary>
    public static DateTimeOffset GetRowTime(this TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
