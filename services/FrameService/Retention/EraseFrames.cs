using System.Data.Common;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Retention;

/// <summary>
/// FrameService's part of a user's erasure. What lies in the store without a row is buried like a session, under the request ID that its keys name: so a save that has put its pictures and not yet its row
/// finds the tombstone, and VideoService hears of the films.
/// </summary>
internal sealed class EraseFrames(
    DbDataSource database, RetentionTable table, SessionTable sessions, DeletionTable deletions, DeleteSession delete, NewSessions drafts, ErasureTable erasures, IObjectStore store, IFormerObjects former) : IUserEraser
{
    private const int Batch = 100;

    /// <summary>Sessions whose objects are removed at a time.</summary>
    private const int AtATime = 4;

    public async Task BuryAsync(ErasureRow erasure, CancellationToken cancellationToken)
    {
        // The whole user first, for films whose session nobody knows any more; what comes between is told with its session.
        await database.WriteAsync(transaction => DeletionTable.TellAsync(transaction, erasure.UserId, requestId: null, erasure.RequestedAt), cancellationToken);
        var after = "";
        while (await table.LivingAsync(erasure.UserId, after, Batch, cancellationToken) is { Count: > 0 } keys)
        {
            foreach (var key in keys)
            {
                if (await database.WriteAsync(transaction => BuryAsync(transaction, key), cancellationToken)) await delete.EndAsync(key);
            }

            after = keys[^1].RequestId.ToString();
        }
    }

    public async Task<bool> RemoveAsync(ErasureRow erasure, CancellationToken cancellationToken)
    {
        await store.ProbeAsync(cancellationToken);
        await foreach (var stored in store.ListRequestsAsync(erasure.UserId, cancellationToken)) await BuryStoredAsync(stored, erasure, cancellationToken);
        while (await table.UnpurgedAsync(erasure.UserId, Batch, cancellationToken) is { Count: > 0 } keys)
            await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (key, token) => await delete.PurgeAsync(key, token));
        await erasures.LeftAsync(erasure.UserId, await FormerAsync(erasure.UserId, cancellationToken), cancellationToken);
        return true;
    }

    public async Task CountAsync(UserId userId, Tally tally, CancellationToken cancellationToken)
    {
        var after = "";
        tally.Count("sessions", 0);
        while (await table.LivingAsync(userId, after, Batch, cancellationToken) is { Count: > 0 } keys)
        {
            tally.Count("sessions", keys.Count);
            after = keys[^1].RequestId.ToString();
        }

        await foreach (var stored in store.ListRequestsAsync(userId, cancellationToken))
        {
            tally.Count("objects", stored.Objects.Count(IsOurs));
            tally.Count("bytes", stored.Objects.Where(IsOurs).Sum(entry => entry.Length));
        }

        tally.Count("objects of former layouts, which would stay", await FormerAsync(userId, cancellationToken));
    }

    /// <summary>False where it was buried meanwhile.</summary>
    private async Task<bool> BuryAsync(DbTransaction transaction, SessionKey key)
    {
        if (await sessions.LockAsync(transaction, key) is not { DeletedAt: null }) return false;
        var (frames, rows) = await deletions.BuryAsync(transaction, key);
        await ErasureTable.CountAsync(transaction, key.UserId, sessions: 1, frames: frames, rows: rows);
        return true;
    }

    private async Task BuryStoredAsync(StoredRequest stored, ErasureRow erasure, CancellationToken cancellationToken)
    {
        var ours = stored.Objects.Where(IsOurs).ToList();
        if (ours.Count == 0) return;
        var key = new SessionKey(stored.UserId, stored.RequestId);
        if (await sessions.FindAsync(key, cancellationToken) is { } known)
        {
            // Behind a tombstone nothing should lie any more; a living session has come since.
            if (known.DeletedAt is not null) await deletions.ReopenAsync(key);
            return;
        }

        // Somebody may be putting it at this moment, and has no row yet: what is younger than the erasure is none of its business.
        if (erasure.BuriedAt is { } buried && ours.Any(entry => entry.LastModified > buried)) return;
        await database.WriteAsync(
            async transaction =>
            {
                if (await sessions.InsertAsync(transaction, drafts.Draft(key))) await deletions.BuryAsync(transaction, key);
            },
            cancellationToken);
    }

    /// <summary>How many objects of a former product's layouts bear the user's name.</summary>
    private async Task<long> FormerAsync(UserId userId, CancellationToken cancellationToken)
    {
        long count = 0;
        foreach (var prefix in new[] { $"{userId}/", $"{ObjectKey.ReferenceFrames}/{userId}/", $"{ObjectKey.UserUploads}/{userId}/" })
        {
            await foreach (var found in former.ListAsync(prefix, cancellationToken))
            {
                if (!ObjectKey.TryParse(found.Name, out _)) count++;
            }
        }

        return count;
    }

    private static bool IsOurs(ObjectEntry entry) => entry.Key.Kind is ObjectKind.Frame or ObjectKind.FormerFrame or ObjectKind.Upload or ObjectKind.Manifest;
}
