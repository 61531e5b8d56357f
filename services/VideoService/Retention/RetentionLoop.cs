using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using VideoService.Videos;

namespace VideoService.Retention;

/// <summary>Ends what is old: films as their users would delete them, and tombstones. On one instance at a time, a batch at a time.</summary>
internal sealed partial class RetentionLoop(
    DbDataSource database, RetentionTable table, DeletionTable deletions, VideoPurge purge, RenderFolders folders, IObjectStore store, Spending spending, FilmRetention retention, TimeProvider clock, ILogger<RetentionLoop> logger)
    : Poller(retention.Period, clock, logger)
{
    private const int Batch = 100;
    private static readonly VideoStatus[] Ended = [VideoStatus.Completed, VideoStatus.Failed, VideoStatus.Canceled];
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        await using var turn = await AdvisoryLock.TryTakeAsync(database, "retention", cancellationToken);
        if (turn is null) return false;
        var before = _clock.GetUtcNow() - retention.Tombstones;
        var forgotten = await database.WriteAsync(
            async transaction =>
            {
                await ErasureTable.ForgetAsync(transaction, before);
                var spent = await spending.ForgetAsync(transaction, before, "videos", "video_id", Batch);
                return Math.Max(spent, await RetentionTable.ForgetAsync(transaction, before, Batch));
            },
            cancellationToken);
        try
        {
            // One cheap question: an outage of the store is no time to delete.
            await store.ProbeAsync(cancellationToken);
            return await ExpireAsync(cancellationToken) | forgotten == Batch;
        }
        catch (ObjectStoreException)
        {
            return false;
        }
    }

    /// <summary>Answers whether there may be more.</summary>
    private async Task<bool> ExpireAsync(CancellationToken cancellationToken)
    {
        var isMore = false;
        foreach (var status in Ended)
        {
            if (retention.AgeOf(status) is not { } age) continue;
            var before = _clock.GetUtcNow() - age;
            var due = await table.DueAsync(status, before, Batch, cancellationToken);
            foreach (var row in due) await EachAsync(row.VideoId, _ => EndAsync(row, status, before, cancellationToken));
            isMore |= due.Count == Batch;
        }

        return isMore;
    }

    private async Task EndAsync(VideoRow row, VideoStatus status, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var buried = await database.WriteAsync(
            async transaction => await RetentionTable.TakeDueAsync(transaction, row.VideoId, status, before) ? await deletions.BuryAsync(transaction, row.UserId, row.VideoId, requestId: null) : [],
            cancellationToken);
        if (buried.Count == 0) return;
        Expired(_logger, row.VideoId, row.RequestId);
        folders.Discard(row.VideoId);
        await purge.VideoAsync(row, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Video {VideoId} of {RequestId} has expired")]
    private static partial void Expired(ILogger logger, VideoId videoId, RequestId requestId);
}
