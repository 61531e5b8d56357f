using System.ComponentModel.DataAnnotations;

namespace VideoService.Videos;

/// <summary>How renders are worked off. Section <c>Rendering</c>, which the renderer's own options share.</summary>
internal sealed class RenderJobOptions
{
    /// <summary>Attempts in a row that finish no piece before a film fails: 1 to 100, default 8. Waiting for the store and a service's stop do not count.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Pieces that this process renders at a time, of all films together: 1 to 256; by default as many as there are cores.</summary>
    [Range(1, 256)]
    public int Workers { get; set; } = Environment.ProcessorCount;
}
