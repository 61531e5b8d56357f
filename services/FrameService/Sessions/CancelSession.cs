using System.Data.Common;
using FrameService.Frames;
using FrameService.Generation;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>Stops a generation. From the commit on nothing more is written by it; frames that were made stay.</summary>
internal sealed class CancelSession(DbDataSource database, SessionTable sessions, FrameTable frames, WorkQueue queue)
{
    /// <exception cref="ProblemException">session-not-found, or wrong-state for one that has ended.</exception>
    public async Task RunAsync(SessionKey key, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async transaction =>
            {
                if (await sessions.LockAsync(transaction, key) is not { DeletedAt: null } row) throw ReadSession.NotFound(key);
                if (!row.IsGenerating && row.State != SessionStatus.AwaitingApproval) throw new ProblemException(ErrorCodes.WrongState, $"The session is {row.Status}; there is nothing to stop.");
                row = await sessions.AppendAsync(transaction, row with { Status = WireText.Of(SessionStatus.Canceled), Stage = null }, "session.canceled", new { row.RequestId });
                await frames.ReleaseAsync(transaction, key);
                await sessions.SaveAsync(transaction, row);
                await transaction.CompleteRequestAsync(StatusCodes.Status200OK, Views.PathOf(key.RequestId));
            },
            cancellationToken);
        await queue.InterruptAsync(GenerateFrames.WorkName, key.ToString(), CancellationToken.None);
    }
}
