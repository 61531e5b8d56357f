using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Hosting;

/// <summary>How much one user may ask for. Section <c>Limits</c>.</summary>
public sealed class LimitOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Limits";

    /// <summary>Sessions being generated (films being rendered, in VideoService) that one user has waiting or running at a time: 1 to 100,000, default 50. One more is refused with 429.</summary>
    [Range(1, 100_000)]
    public int QueuedPerUser { get; set; } = 50;
}
