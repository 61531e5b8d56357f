using System.Data.Common;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using FrameVideo.Telemetry;

namespace FrameService.Frames;

/// <summary>Moves parked pictures into the object store as soon as it answers; the frame that was <c>inline</c> becomes <c>stored</c>.</summary>
internal sealed partial class MoveParked(
    DbDataSource database, SessionTable sessions, FrameTable frames, ParkedTable parked, Spool spool, IObjectStore store, FrameMetrics metrics, TimeProvider clock, ILogger<MoveParked> logger)
    : Poller(TimeSpan.FromSeconds(2), clock, logger)
{
    /// <summary>Names alone; the pictures are read one by one.</summary>
    private const int Batch = 1000;

    /// <summary>Two: each is in memory whole, up to 25 MiB.</summary>
    private const int AtATime = 2;

    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        var keys = await parked.ListAsync(Batch, cancellationToken);
        if (keys.Count == 0) return false;
        // One instance at a time: each picture is up to 25 MiB of work.
        await using var turn = await AdvisoryLock.TryTakeAsync(database, "parked pictures", cancellationToken);
        if (turn is null) return false;
        try
        {
            // One cheap question, so that an outage does not cost every picture its retries.
            await store.ProbeAsync(cancellationToken);
            var moved = 0;
            await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (key, token) => await EachAsync(key, async key =>
            {
                await MoveAsync(key, token);
                Interlocked.Increment(ref moved);
            }));
            return keys.Count == Batch && moved > 0;
        }
        catch (ObjectStoreException)
        {
            return false;
        }
    }

    private async Task MoveAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new(LineFormatter.RequestIdKey, key.RequestId) });
        using var span = Tracing.Begin("parked move")?.SetTag(Tracing.RequestId, key.RequestId.ToString());
        if (await parked.ReadAsync(key, cancellationToken) is not { } content) return;
        var session = new SessionKey(key.UserId, key.RequestId);
        // What is parked for a deleted session is removed with it.
        if (await sessions.FindAsync(session, cancellationToken) is not { DeletedAt: null }) return;
        PutOutcome outcome;
        using (var file = await spool.WriteAsync(content, cancellationToken)) outcome = await store.PutAsync(key, file, cancellationToken);
        if (outcome == PutOutcome.Conflict) throw new InvalidOperationException($"Other bytes lie under {key}, whose name is a hash of its own; the parked ones are kept.");
        await database.WriteAsync(
            async transaction =>
            {
                if (await sessions.LockAsync(transaction, session) is not { DeletedAt: null } row)
                {
                    await DeletionTable.ReopenAsync(transaction, session);
                    return;
                }

                foreach (var frame in (await FrameTable.ListAsync(transaction, session)).Where(frame => frame.ObjectKey == key && frame.State == FrameStatus.Inline))
                {
                    await frames.WriteAsync(transaction, frame with { Status = WireText.Of(FrameStatus.Stored) });
                    row = await sessions.AppendAsync(transaction, row, "session.frame_stored", new { row.RequestId, frame = frame.Number, frame.ObjectKey, frame.Sha256 });
                }

                await ParkedTable.RemoveAsync(transaction, key);
                await sessions.SaveAsync(transaction, row);
            },
            cancellationToken);
        metrics.Moved();
        Moved(key);
    }

    [LoggerMessage(LogLevel.Information, "A picture that S3 had refused is stored now: {Key}")]
    private partial void Moved(ObjectKey key);
}
