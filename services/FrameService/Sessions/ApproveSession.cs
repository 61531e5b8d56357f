using System.Data.Common;
using FrameService.Generation;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>Ends a pause: after the story its frames are drawn, after the frames the session is completed.</summary>
internal sealed class ApproveSession(
    DbDataSource database, SessionTable sessions, ReadSession read, EditStory edit, EndGeneration ending, QueueCap cap, WorkQueue queue, TimeProvider clock)
{
    /// <summary>Approves; true means that a worker goes on from here.</summary>
    /// <exception cref="ProblemException">session-not-found, session-deleted, precondition-failed, wrong-state where nothing awaits an approval, too-many-queued-jobs, or validation-failed for the story.</exception>
    public async Task<bool> RunAsync(SessionKey key, ApproveSessionRequest? request, Precondition precondition, CancellationToken cancellationToken)
    {
        EditStory.Check(request?.Story);
        var former = await read.RequireAsync(key, cancellationToken);
        var (row, place) = await database.WriteAsync(
            async transaction =>
            {
                var before = former.Stage == WireText.Of(SessionStage.Story) ? await cap.EnterAsync(transaction, key.UserId, SessionTable.CountOpenAsync) : 0;
                var row = await sessions.TakeAsync(transaction, key, precondition);
                if (row.State != SessionStatus.AwaitingApproval) throw new ProblemException(ErrorCodes.WrongState, $"The session is {row.Status}; nothing awaits an approval.");
                row = await GoOnAsync(transaction, row with { ApprovedAt = clock.GetRowTime() }, request?.Story);
                await sessions.SaveAsync(transaction, row);
                await transaction.CompleteRequestAsync(row.IsGenerating ? StatusCodes.Status202Accepted : StatusCodes.Status200OK, Views.PathOf(key.RequestId));
                return (row, before);
            },
            cancellationToken);
        if (row.IsGenerating) await queue.EnqueueAsync(GenerateFrames.WorkName, key.ToString(), place, CancellationToken.None);
        return row.IsGenerating;
    }

    private async Task<SessionRow> GoOnAsync(DbTransaction transaction, SessionRow row, EditedStory? story)
    {
        if (row.Stage == WireText.Of(SessionStage.Frames))
        {
            if (story is not null) throw ProblemException.Field("story", "The frames are made; regenerate those that are to change, and PATCH their texts.");
            return await ending.SettleAsync(transaction, row);
        }

        if (story is not null) row = await edit.RunAsync(transaction, row, story);
        return row with { Status = WireText.Of(SessionStatus.Queued), Stage = WireText.Of(SessionStage.Frames), IdleAttempts = 0 };
    }
}
