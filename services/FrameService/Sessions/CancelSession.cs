using System.Data.Common;
using FrameService.Generation;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>Stops a generation, or ends its wait for an approval. From the commit on nothing more is written by it; frames that were made stay.</summary>
internal sealed class CancelSession(DbDataSource database, SessionTable sessions, ReadSession read, EndGeneration ending, WorkQueue queue)
{
    /// <exception cref="ProblemException">session-not-found, session-deleted, precondition-failed, or wrong-state for one that has ended.</exception>
    public async Task RunAsync(SessionKey key, Precondition precondition, CancellationToken cancellationToken)
    {
        await read.RequireAsync(key, cancellationToken);
        await database.WriteAsync(
            async transaction =>
            {
                var row = await sessions.TakeAsync(transaction, key, precondition);
                if (!row.IsOpen) throw new ProblemException(ErrorCodes.WrongState, $"The session is {row.Status}; there is nothing to stop.");
                await sessions.SaveAsync(transaction, await ending.CancelAsync(transaction, row));
                await transaction.CompleteRequestAsync(StatusCodes.Status200OK, Views.PathOf(key.RequestId));
            },
            cancellationToken);
        // At once where it runs here; elsewhere the attempt sees it in the row.
        await queue.InterruptAsync(GenerateFrames.WorkName, key.ToString(), CancellationToken.None);
    }
}
