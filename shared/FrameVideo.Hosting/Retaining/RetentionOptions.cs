using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Hosting;

/// <summary>How long what has ended is kept: what both services have alike. Section <c>Retention</c>.</summary>
public abstract class RetentionOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Retention";

    /// <summary>How often it is looked whether something has expired: 0.1 s to 1 day, default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a deleted session or film leaves its bare IDs behind, so that late writes are refused and VideoService hears of it: 1 hour to 3650 days, default 90 days. An entry that VideoService
    /// has not read yet stays however old it is.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan Tombstones { get; set; } = TimeSpan.FromDays(90);
}
