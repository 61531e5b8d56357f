using System.Data.Common;
using FrameService.Frames;
using FrameService.Generation;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>Goes on with a generation that has failed or was canceled: what is missing is made, what is there stays.</summary>
internal sealed class RetrySession(DbDataSource database, SessionTable sessions, FrameTable frames, ReadSession read, QueueCap cap, WorkQueue queue)
{
    /// <exception cref="ProblemException">session-not-found, session-deleted, precondition-failed, too-many-queued-jobs, or wrong-state: it has not ended so, or nobody knows what the missing frames are to show.</exception>
    public async Task RunAsync(SessionKey key, Precondition precondition, CancellationToken cancellationToken)
    {
        await read.RequireAsync(key, cancellationToken);
        var place = await database.WriteAsync(
            async transaction =>
            {
                var before = await cap.EnterAsync(transaction, key.UserId, SessionTable.CountOpenAsync);
                var row = await sessions.TakeAsync(transaction, key, precondition);
                if (row.State is not (SessionStatus.Failed or SessionStatus.Canceled))
                    throw new ProblemException(ErrorCodes.WrongState, $"The session is {row.Status}; only one that failed or was canceled can be tried again.");
                await sessions.SaveAsync(transaction, await QueueAsync(transaction, row));
                await transaction.CompleteRequestAsync(StatusCodes.Status202Accepted, Views.PathOf(key.RequestId));
                return before;
            },
            cancellationToken);
        await queue.EnqueueAsync(GenerateFrames.WorkName, key.ToString(), place, CancellationToken.None);
    }

    private async Task<SessionRow> QueueAsync(DbTransaction transaction, SessionRow row)
    {
        var known = await FrameTable.ListAsync(transaction, row.Key);
        var missing = known.Where(frame => !frame.HasPicture).ToList();
        var dumb = row.OriginalPrompt is null ? missing.Where(frame => !frame.HasWords).Select(frame => frame.Number).ToList() : [];
        if (dumb.Count > 0) throw new ProblemException(ErrorCodes.WrongState, $"Nobody knows what frames {string.Join(", ", dumb.Take(20))} are to show: upload them, or regenerate each with a prompt.");
        await frames.WriteAsync(transaction, [.. missing.Select(frame => frame with { Status = WireText.Of(FrameStatus.Pending), Error = null })]);
        return row with
        {
            Status = WireText.Of(SessionStatus.Queued),
            Stage = WireText.Of(WantsStory(row, known) ? SessionStage.Story : SessionStage.Frames),
            Progress = Math.Min(99, 100 * (known.Count - missing.Count) / Math.Max(1, row.FrameCount)),
            Seed = row.Seed ?? NewSessions.Seed(),
            IdleAttempts = 0,
            Error = null,
        };
    }

    /// <summary>Whether it ended before its story was written. Words that a person has saved are not written over.</summary>
    private static bool WantsStory(SessionRow row, IReadOnlyList<FrameRow> known) =>
        row is { Story: null, OriginalPrompt: not null, VideoDuration: not null } && !known.Any(frame => frame.HasWords)
            && known.Select(frame => frame.Number).Take(row.FrameCount).SequenceEqual(Enumerable.Range(1, row.FrameCount));
}
