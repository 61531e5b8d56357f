using System.Data.Common;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>What lies in the store and is no frame still belongs to a session, which a deletion takes along: one is opened where there is none.</summary>
internal sealed class OpenDraft(DbDataSource database, SessionTable sessions, NewSessions drafts)
{
    /// <summary>Makes sure of the session once the object lies there.</summary>
    /// <param name="key">The session.</param>
    /// <param name="then">What is written in the same transaction, with the session taken.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ProblemException">session-deleted; what was put is removed then.</exception>
    public async Task RunAsync(SessionKey key, Func<DbTransaction, Task> then, CancellationToken cancellationToken)
    {
        var isDeleted = await database.WriteAsync(
            async transaction =>
            {
                await sessions.InsertAsync(transaction, drafts.Draft(key));
                if (await sessions.LockAsync(transaction, key) is not { DeletedAt: null })
                {
                    // It was put before the tombstone was seen.
                    await DeletionTable.ReopenAsync(transaction, key);
                    return true;
                }

                await then(transaction);
                return false;
            },
            cancellationToken);
        if (isDeleted) throw ReadSession.Deleted();
    }
}
