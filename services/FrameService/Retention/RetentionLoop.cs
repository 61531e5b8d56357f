using System.Data.Common;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Retention;

/// <summary>Ends what is old: sessions, replaced pictures, tombstones. On one instance at a time, a batch at a time.</summary>
internal sealed class RetentionLoop(
    DbDataSource database, ExpireSessions sessions, RemoveSuperseded superseded, IObjectStore store, Spending spending, SessionRetention retention, TimeProvider clock, ILogger<RetentionLoop> logger)
    : Poller(retention.Period, clock, logger)
{
    private const int Batch = 100;
    private readonly TimeProvider _clock = clock;

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
                var spent = await spending.ForgetAsync(transaction, before, "sessions", "request_id", Batch);
                return Math.Max(spent, await RetentionTable.ForgetAsync(transaction, before, Batch));
            },
            cancellationToken);
        try
        {
            // One cheap question: an outage of the store is no time to delete.
            await store.ProbeAsync(cancellationToken);
            var isMore = await sessions.RunAsync(Batch, cancellationToken);
            return await superseded.RunAsync(Batch, cancellationToken) | isMore | forgotten == Batch;
        }
        catch (ObjectStoreException)
        {
            return false;
        }
    }
}
