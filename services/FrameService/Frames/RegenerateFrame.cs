using System.Data.Common;
using FrameService.Generation;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Frames;

/// <summary>
/// Asks for another picture of one frame. What is asked for stands in the frame's row, beside the picture that it has; a worker that is at the session finds it before it ends, else one is called.
/// Asked for twice, the later wish counts.
/// </summary>
internal sealed class RegenerateFrame(DbDataSource database, SessionTable sessions, FrameTable frames, ReadSession read, QueueCap cap, WorkQueue queue)
{
    /// <exception cref="ProblemException">session-not-found, session-deleted, frame-not-found, precondition-failed, too-many-queued-jobs, or validation-failed: also where nobody knows what the frame is to show.</exception>
    public async Task<FrameRow> RunAsync(SessionKey key, int number, RegenerateFrameRequest? request, Precondition precondition, CancellationToken cancellationToken)
    {
        var redraw = Read(request);
        var former = await read.RequireAsync(key, cancellationToken);
        var (frame, place) = await database.WriteAsync(
            async transaction =>
            {
                // A wish for a session at which a worker is already is no job of its own.
                var before = former.IsGenerating ? 0 : await cap.EnterAsync(transaction, key.UserId, SessionTable.CountOpenAsync);
                var row = await sessions.TakeAsync(transaction, key);
                var present = await FrameTable.FindAsync(transaction, key, number) ?? throw new ProblemException(ErrorCodes.FrameNotFound, $"Session {key.RequestId} has no frame {number}.");
                precondition.Require(present.Revision);
                if (redraw is { Prompt: null, Description: null } && !present.HasWords && row.OriginalPrompt is null)
                    throw ProblemException.Field("prompt", $"Frame {number} has no words of its own: give a prompt that says what is to be seen.");
                await frames.WriteAsync(transaction, present with { Redraw = JsonText.Write(redraw) });
                var isNew = !row.IsGenerating;
                if (isNew) await sessions.SaveAsync(transaction, await QueueAsync(transaction, row));
                await transaction.CompleteRequestAsync(StatusCodes.Status202Accepted, Views.PathOf(key.RequestId, number));
                return ((await FrameTable.FindAsync(transaction, key, number))!, isNew ? before : (int?)null);
            },
            cancellationToken);
        if (place is { } turn) await queue.EnqueueAsync(GenerateFrames.WorkName, key.ToString(), turn, CancellationToken.None);
        return frame;
    }

    private static Redraw Read(RegenerateFrameRequest? request)
    {
        var limits = new Limits();
        limits.Text("prompt", request?.Prompt);
        limits.Text("description", request?.Description);
        limits.Range("seed", request?.Seed, 0, Limits.MaxSeed);
        if (request?.Prompt is { } prompt && string.IsNullOrWhiteSpace(prompt)) limits.Fail("prompt", "prompt says what is to be seen; without it the frame's own is taken.");
        if (request?.Description is { } description && string.IsNullOrWhiteSpace(description)) limits.Fail("description", "description says what is seen; without it the frame's own is taken.");
        limits.ThrowIfAny();
        return new Redraw(request?.Seed ?? NewSessions.Seed(), request?.Prompt?.Trim(), request?.Description?.Trim());
    }

    /// <summary>The session as one whose single frames are made again.</summary>
    private static async Task<SessionRow> QueueAsync(DbTransaction transaction, SessionRow row) => row with
    {
        ReturnTo = row.Status,
        Status = WireText.Of(SessionStatus.Queued),
        Stage = WireText.Of(SessionStage.Frames),
        Progress = Math.Min(99, 100 * await FrameTable.CountReadyAsync(transaction, row.Key) / Math.Max(1, row.FrameCount)),
        IdleAttempts = 0,
        Error = null,
    };
}
