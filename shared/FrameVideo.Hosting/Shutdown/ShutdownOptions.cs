using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Hosting;

/// <summary>How a service ends that is asked to (SIGTERM, SIGINT). Section <c>Shutdown</c>.</summary>
public sealed class ShutdownOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Shutdown";

    /// <summary>
    /// How long the service goes on listening after it has said that it is no longer ready: 0 to 5 minutes, default 0. Behind a load balancer, as long as that takes to notice; in
    /// Kubernetes a few seconds, since there an instance is still called for a moment after it was told to end.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; }

    /// <summary>
    /// How long requests and work that run then may take to end, after the delay: 1 second to 10 minutes, default 30 s. Whoever starts the service waits for the sum of both before
    /// killing it (<c>terminationGracePeriodSeconds</c>, <c>stop_grace_period</c>, <c>TimeoutStopSec</c>).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
