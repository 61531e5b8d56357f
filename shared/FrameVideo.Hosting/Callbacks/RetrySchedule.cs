using System.Security.Cryptography;

namespace FrameVideo.Hosting;

/// <summary>When a delivery that failed is sent again: nine times, within three days.</summary>
internal static class RetrySchedule
{
    /// <summary>The longest that a receiver's Retry-After is followed.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(24);

    /// <summary>The schedule of Standard Webhooks 1.0.0.</summary>
    public static IReadOnlyList<TimeSpan> Delays { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>The pause after a failure; null after the last one.</summary>
    /// <param name="step">How many of the retries are used up.</param>
    /// <param name="retryAfter">What a receiver asks for that is overloaded: followed where it is longer.</param>
    public static TimeSpan? After(int step, TimeSpan? retryAfter)
    {
        if (step >= Delays.Count) return null;
        var delay = Delays[step];
        if (retryAfter is { } asked && asked > delay) delay = asked < MaxRetryAfter ? asked : MaxRetryAfter;
        // Up to a tenth later, so that those which failed together do not come together.
        return delay + (delay * (RandomNumberGenerator.GetInt32(1000) / 10_000.0));
    }
}
