using System.Data.Common;
using FrameVideo.Jobs;
using Microsoft.Extensions.Options;

namespace VideoService.Videos;

/// <summary>Follows FrameService's list of deleted sessions: ends their renders, removes their films, and lets none be made any more.</summary>
internal sealed class DeletionFollower(
    FrameClient frames, DbDataSource database, DeletionTable deletions, VideoPurge purge, RunningRenders running, IOptions<FrameClientOptions> options, TimeProvider clock, ILogger<DeletionFollower> logger)
    : Poller(options.Value.DeletionsPeriod, clock, logger)
{
    private const int PageSize = 100;

    /// <inheritdoc/>
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        var feed = await frames.ReadDeletionsAsync(await deletions.FollowedAsync(cancellationToken), PageSize, cancellationToken);
        foreach (var session in feed.Items)
        {
            var buried = await database.WriteAsync(
                async transaction =>
                {
                    await deletions.BurySessionAsync(transaction, session);
                    return await deletions.BuryAsync(transaction, session.UserId, videoId: null, session.RequestId);
                },
                cancellationToken);
            foreach (var row in buried) running.Look(row.VideoId);
            await purge.SessionAsync(session, cancellationToken);
        }

        return feed.Items.Count == PageSize;
    }
}

/// <summary>Finishes removals that the store's outage or a crash has left.</summary>
internal sealed class PurgeLoop(VideoPurge purge, IOptions<FrameClientOptions> options, TimeProvider clock, ILogger<PurgeLoop> logger)
    : Poller(options.Value.DeletionsPeriod, clock, logger)
{
    /// <inheritdoc/>
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        await purge.AllAsync(cancellationToken);
        return false;
    }
}
