using System.Data.Common;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using Microsoft.Extensions.Options;

namespace VideoService.Videos;

/// <summary>Follows FrameService's list of deleted sessions: ends their renders, removes their films, and lets none be made any more.</summary>
internal sealed class DeletionFollower(
    FrameClient frames, DbDataSource database, DeletionTable deletions, VideoPurge purge, EraseUser erase, RunningRenders running, IOptions<FrameClientOptions> options, TimeProvider clock, ILogger<DeletionFollower> logger)
    : Poller(options.Value.DeletionsPeriod, clock, logger)
{
    private const int PageSize = 100;

    /// <inheritdoc/>
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        var feed = await frames.ReadDeletionsAsync(await deletions.FollowedAsync(cancellationToken), PageSize, cancellationToken);
        foreach (var entry in feed.Items)
        {
            if (entry.RequestId is { } requestId) await FollowAsync(new DeletedSession(entry.Sequence, entry.UserId, requestId), cancellationToken);
            else await FollowAsync(entry, cancellationToken);
        }

        return feed.Items.Count == PageSize;
    }

    private async Task FollowAsync(DeletedSession session, CancellationToken cancellationToken)
    {
        var buried = await database.WriteAsync(
            async transaction =>
            {
                await deletions.BurySessionAsync(transaction, session);
                var films = await deletions.BuryAsync(transaction, session.UserId, videoId: null, session.RequestId);
                await ErasureTable.CountAsync(transaction, session.UserId, videos: films.Count);
                await DeletionTable.FollowAsync(transaction, session.Sequence);
                return films;
            },
            cancellationToken);
        foreach (var row in buried) running.Look(row.VideoId);
        await purge.SessionAsync(session, cancellationToken);
    }

    /// <summary>A whole user: sessions that FrameService knew have entries of their own, after this one. Others need not wait for it.</summary>
    private async Task FollowAsync(DeletionEntry user, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async transaction =>
            {
                await ErasureTable.RequestAsync(transaction, user.UserId, ErasureRow.Feed, user.DeletedAt);
                await DeletionTable.FollowAsync(transaction, user.Sequence);
            },
            cancellationToken);
        _ = erase.GoOnAsync(user.UserId);
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
