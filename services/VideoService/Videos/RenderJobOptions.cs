using System.ComponentModel.DataAnnotations;

namespace VideoService.Videos;

/// <summary>How renders are worked off. Section <c>Rendering</c>, which the renderer's own options share.</summary>
internal sealed class RenderJobOptions
{
    /// <summary>Attempts in a row that finish no piece before a film fails: 1 to 100, default 8. Waiting for the store and a service's stop do not count.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>The longest that one attempt at a film may take: 1 s to 7 days, default 6 h. Then the film has failed. Waiting for the store or for a worker is no attempt.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromHours(6);

    /// <summary>After how long a film that waits for the store is looked at again: 0.1 s to 5 minutes, default 5 s. It holds no worker meanwhile.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan StorePause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Pieces that this process renders at a time, of all films together: 1 to 256; by default as many as there are cores.</summary>
    [Range(1, 256)]
    public int Workers { get; set; } = Environment.ProcessorCount;
}
