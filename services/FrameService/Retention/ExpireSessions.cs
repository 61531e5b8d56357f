using System.Data.Common;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Retention;

/// <summary>Deletes sessions whose time is over, as their users would: tombstone, feed, objects.</summary>
internal sealed partial class ExpireSessions(
    DbDataSource database, RetentionTable table, DeletionTable deletions, DeleteSession delete, SessionRetention retention, TimeProvider clock, ILogger<ExpireSessions> logger)
{
    private static readonly SessionStatus[] Settled = [.. Enum.GetValues<SessionStatus>().Where(status => status is not (SessionStatus.Queued or SessionStatus.InProgress))];

    /// <summary>Ends at most so many in each state; answers whether there may be more.</summary>
    /// <exception cref="ObjectStoreException">The store does not answer; what was buried is finished later, and nothing more is buried meanwhile.</exception>
    public async Task<bool> RunAsync(int limit, CancellationToken cancellationToken)
    {
        var isMore = false;
        foreach (var status in Settled)
        {
            if (retention.AgeOf(status) is not { } age) continue;
            var before = clock.GetUtcNow() - age;
            var due = await table.DueAsync(status, before, limit, cancellationToken);
            foreach (var key in due) await EndAsync(key, status, before, cancellationToken);
            isMore |= due.Count == limit;
        }

        return isMore;
    }

    private async Task EndAsync(SessionKey key, SessionStatus status, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var isBuried = await database.WriteAsync(
            async transaction =>
            {
                // It may have been changed since it was listed.
                if (!await RetentionTable.TakeDueAsync(transaction, key, status, before)) return false;
                await deletions.BuryAsync(transaction, key);
                return true;
            },
            cancellationToken);
        if (!isBuried) return;
        Expired(key.RequestId);
        await delete.PurgeAsync(key, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Session {RequestId} has expired")]
    private partial void Expired(RequestId requestId);
}
