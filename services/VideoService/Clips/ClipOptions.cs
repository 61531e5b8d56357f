using System.ComponentModel.DataAnnotations;

namespace VideoService.Clips;

/// <summary>How clips of AI services are waited for. Section <c>Rendering</c>, beside the renderer's own; who makes them is <c>Rendering:Clips</c>.</summary>
internal sealed class ClipOptions
{
    /// <summary>How often a service is asked for each of its tasks: 0.1 s to 5 minutes, default 5 s, which is the most often that Runway wants to be.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ClipPollPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a clip may take in all, waiting for a service that takes no more or does not answer included: 1 s to 7 days, default 1 h. Then it has failed, and its task is canceled.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan ClipPatience { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Whether the renderer moves over the picture of a frame whose clip failed, and the film goes on; false by default: the film fails with the clip's own error. The film tells of it in <c>frameFailures</c>.</summary>
    public bool ClipFallback { get; set; }
}
