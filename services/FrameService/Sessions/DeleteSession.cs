using System.Data.Common;
using FrameService.Generation;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>
/// Deletes a session: a tombstone first, so that it reads as not there and takes nothing late; its rows with it; then what FrameService wrote of it into the store.
/// What the store does not let go of now is finished by <see cref="PurgeDeleted"/>. Films are VideoService's, which follows the feed.
/// </summary>
internal sealed partial class DeleteSession(
    DbDataSource database, SessionTable sessions, DeletionTable deletions, ReadSession read, IObjectStore store, WorkQueue queue, ILogger<DeleteSession> logger)
{
    /// <exception cref="ProblemException">session-not-found, or precondition-failed.</exception>
    public async Task<SessionDeletion> RunAsync(SessionKey key, Precondition precondition, CancellationToken cancellationToken)
    {
        // A session that only the store knows can be deleted, too.
        await read.GetAsync(key, cancellationToken);
        var (frames, _) = await database.WriteAsync(
            async transaction =>
            {
                if (await sessions.LockAsync(transaction, key) is not { DeletedAt: null } row) throw ReadSession.NotFound(key);
                precondition.Require(SessionTable.FormerRevision(row));
                return await deletions.BuryAsync(transaction, key);
            },
            cancellationToken);
        await EndAsync(key);
        Deleted(key.RequestId);
        try
        {
            return new SessionDeletion(key.RequestId, await PurgeAsync(key, CancellationToken.None), frames, Pending: false);
        }
        catch (ObjectStoreException)
        {
            return new SessionDeletion(key.RequestId, 0, frames, Pending: true);
        }
    }

    /// <summary>Ends the work on a buried session: on this instance now, on another as soon as it looks at the row.</summary>
    public Task EndAsync(SessionKey key) => queue.InterruptAsync(GenerateFrames.WorkName, key.ToString(), CancellationToken.None);

    /// <summary>Removes the objects of a buried session; answers how many those were.</summary>
    public async Task<int> PurgeAsync(SessionKey key, CancellationToken cancellationToken)
    {
        var revision = (await sessions.FindAsync(key, cancellationToken))?.Revision ?? 0;
        var objects = await store.DeleteAsync(ObjectKeys.FramesPrefix(key.UserId, key.RequestId), cancellationToken);
        objects += await store.DeleteAsync(ObjectKeys.UploadsPrefix(key.UserId, key.RequestId), cancellationToken);
        if (await store.DeleteAsync(ObjectKeys.Manifest(key.UserId, key.RequestId), cancellationToken)) objects++;
        await database.WriteAsync(
            async transaction =>
            {
                await deletions.PurgedAsync(transaction, key, revision);
                await ErasureTable.CountAsync(transaction, key.UserId, objects: objects);
            },
            cancellationToken);
        return objects;
    }

    [LoggerMessage(LogLevel.Information, "Session {RequestId} was deleted")]
    private partial void Deleted(RequestId requestId);
}

/// <summary>Finishes deletions that the store did not allow at once.</summary>
internal sealed class PurgeDeleted(DeletionTable deletions, DeleteSession delete, IObjectStore store, TimeProvider clock, ILogger<PurgeDeleted> logger)
    : Poller(TimeSpan.FromSeconds(5), clock, logger)
{
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        var keys = await deletions.UnpurgedAsync(cancellationToken);
        if (keys.Count == 0) return false;
        try
        {
            await store.ProbeAsync(cancellationToken);
            foreach (var key in keys) await EachAsync(key, key => delete.PurgeAsync(key, cancellationToken));
            return false;
        }
        catch (ObjectStoreException)
        {
            return false;
        }
    }
}
