using System.Data.Common;
using System.Diagnostics;
using FrameService.Frames;
using FrameService.Generation;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Telemetry;

namespace FrameService.Sessions;

/// <summary>Takes on a generation: its row says "queued" before anybody hears of it, then a worker is called.</summary>
internal sealed class GenerateSession(DbDataSource database, SessionTable sessions, FrameTable frames, ReadSession read, NewSessions begin, PlanSession plan, ReferencePicture references, QueueCap cap, WorkQueue queue, TimeProvider clock)
{
    /// <summary>Seconds for each frame where the caller leaves the duration or the count to us.</summary>
    public const double SecondsPerFrame = 5;

    /// <summary>Says what it would be, and keeps nothing.</summary>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public async Task<SessionPlan> PlanAsync(UserId user, CreateSessionRequest request, CancellationToken cancellationToken) =>
        (await plan.RunAsync(await ReadAsync(user, request, cancellationToken), request.ReferenceImage is not null, cancellationToken)).Plan;

    /// <exception cref="ProblemException">A field is out of range, the request ID is in use, the reference is refused, or budget-exceeded.</exception>
    public async Task<SessionRow> RunAsync(UserId user, CreateSessionRequest request, CancellationToken cancellationToken)
    {
        var row = await ReadAsync(user, request, cancellationToken);
        if ((await plan.RunAsync(row, request.ReferenceImage is not null, cancellationToken)).Exceeds is { } sentence) throw new ProblemException(ErrorCodes.BudgetExceeded, sentence);
        var reference = request.ReferenceImage is { } url ? await references.KeepAsync(row.Key, url, cancellationToken) : null;
        try
        {
            var (written, place) = await database.WriteAsync(transaction => WriteAsync(transaction, row with { ReferenceKey = reference?.Key }, reference, request.CallbackUrl), cancellationToken);
            // From here on the sweep finds it, whatever happens to this call.
            await queue.EnqueueAsync(GenerateFrames.WorkName, row.Key.ToString(), place, CancellationToken.None);
            return written;
        }
        catch (ProblemException) when (reference is not null)
        {
            await references.DropAsync(row.Key, reference);
            throw;
        }
    }

    private async Task<SessionRow> ReadAsync(UserId user, CreateSessionRequest request, CancellationToken cancellationToken)
    {
        var limits = new Limits();
        limits.Session(request);
        if (string.IsNullOrWhiteSpace(request.Prompt)) limits.Fail("prompt", "prompt says what the film is about; or send frames to save them.");
        ReferencePicture.Check(limits, request.ReferenceImage);
        limits.ThrowIfAny();

        var given = RequestIds.Given(request);
        var key = new SessionKey(user, given ?? RequestId.New(clock));
        Activity.Current?.SetTag(Tracing.RequestId, key.RequestId.ToString());
        // Under a new ID there is nothing to look for.
        var present = given is null ? null : await read.FindAsync(key, cancellationToken);
        if (present is { State: not SessionStatus.Draft }) throw new ProblemException(ErrorCodes.SessionExists, $"There is a session {key.RequestId} already; read it, or generate under a new request ID.");

        var duration = request.VideoDuration ?? (SecondsPerFrame * (request.FrameCount ?? 2));
        return (present ?? begin.Draft(key)) with
        {
            Status = WireText.Of(SessionStatus.Queued),
            Stage = WireText.Of(SessionStage.Story),
            OriginalPrompt = request.Prompt!.Trim(),
            Style = WireText.Of(request.Style ?? Style.Realistic),
            Mood = WireText.Of(request.Mood ?? Mood.Vibrant),
            VideoDuration = duration,
            FrameCount = request.FrameCount ?? Math.Max(2, (int)Math.Ceiling(duration / SecondsPerFrame)),
            AspectRatio = request.AspectRatio ?? default,
            Seed = request.Seed ?? NewSessions.Seed(),
            PauseAfter = request.PauseAfter is { } pause ? WireText.Of(pause) : null,
            ApprovedAt = null,
            Metadata = JsonText.Write(request.Metadata),
            MaxCostMicros = SessionRow.Micros(request.MaxCostUsd),
        };
    }

    private async Task<(SessionRow Row, int Place)> WriteAsync(DbTransaction transaction, SessionRow row, KeptPicture? reference, string? callbackUrl)
    {
        var place = await cap.EnterAsync(transaction, row.UserId, SessionTable.CountOpenAsync);
        if (!await sessions.InsertAsync(transaction, row))
        {
            var taken = await sessions.LockAsync(transaction, row.Key);
            if (taken is not { State: SessionStatus.Draft, DeletedAt: null }) throw new ProblemException(ErrorCodes.SessionExists, $"There is a session {row.RequestId} already.");
            row = row with { EventNumber = taken.EventNumber, FramesRevision = taken.FramesRevision, Revision = taken.Revision, CreatedAt = taken.CreatedAt };
            await sessions.SaveAsync(transaction, row);
            var beyond = (await FrameTable.ListAsync(transaction, row.Key)).Select(frame => frame.Number).Where(number => number > row.FrameCount);
            await frames.RemoveAsync(transaction, row.Key, beyond);
        }

        if (reference is not null) await references.ParkAsync(transaction, row.Key, reference);
        await frames.WriteMissingAsync(transaction, row.Key, row.FrameCount);
        await CallbackTable.SetAsync(transaction, row.UserId, row.RequestId.ToString(), callbackUrl);
        await transaction.CompleteRequestAsync(StatusCodes.Status202Accepted, Views.PathOf(row.RequestId));
        return (row, place);
    }
}
