using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Hosting;

/// <summary>How objects that no row points at are removed. Section <c>Storage</c>.</summary>
public sealed class SweepOptions
{
    /// <summary>How often the service looks for orphans by itself: 1 minute to 30 days, default 24 h; 0 leaves it to the command <c>sweep</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan SweepPeriod { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long an object without a row stays after it was written and after its session last changed: 0 to 365 days, default 24 h. A film that was asked for with a picture that has
    /// been replaced since finds it for so long. Links that are still alive (<c>Storage:LinkLifetime</c>) prolong it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan OrphanGrace { get; set; } = TimeSpan.FromHours(24);
}
