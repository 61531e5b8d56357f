using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Hosting;

/// <summary>How streams of events are kept. Section <c>Events</c>.</summary>
public sealed class EventStreamOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Events";

    /// <summary>Streams that one user has open at a time on one instance: 1 to 100,000, default 100. Past that 429. A browser opens one for each session and film that it shows.</summary>
    [Range(1, 100_000)]
    public int MaxStreamsPerUser { get; set; } = 100;

    /// <summary>How often a stream says that it is alive: 1 s to 1 minute, default 15 s. Whatever stands between has to wait longer than that for a byte.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);
}
