using FrameVideo.Jobs;

namespace VideoService.Videos;

/// <summary>Removes parked pieces of films that have ended meanwhile, be it on another instance.</summary>
internal sealed class TidyFolders(RenderFolders folders, VideoTable videos, TimeProvider clock, ILogger<TidyFolders> logger) : Poller(TimeSpan.FromSeconds(5), clock, logger)
{
    /// <inheritdoc/>
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        var parked = folders.Parked();
        if (parked.Count == 0) return false;
        foreach (var ended in parked.Except(await videos.UnfinishedAsync(cancellationToken))) folders.Discard(ended);
        return false;
    }
}
