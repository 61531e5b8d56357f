using System.Diagnostics;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Telemetry;

namespace FrameService.Generation;

/// <summary>
/// The generation of one session, begun or gone on with:
/// <code>
/// 1. take the session, if it is queued or was left in progress; count the attempt     Attempts
/// 2. write the story, unless there is one                                              WriteStory
/// 3. draw each frame that is wanted; each is stored the moment it exists               DrawFrame
/// 4. look for what was asked for meanwhile, and say how it ended                       EndGeneration
/// </code>
/// Wanted is what has no picture, and what is asked for again; in an attempt for single frames, and while the story awaits its approval, the latter alone.
/// Every step commits on its own, and only while this attempt owns the session: a killed service goes on with what is missing, a cancelled or deleted session takes nothing more.
/// </summary>
internal sealed partial class GenerateFrames(
    SessionTable sessions, DeletionTable deletions, FrameTable frames, Attempts attempts, WriteStory story, DrawFrame draw, FrameArtists artists, EndGeneration ending, WorkQueue queue, FrameMetrics metrics, IConfiguration configuration,
    ILogger<GenerateFrames> logger) : IWork
{
    public const string WorkName = "generate";

    private static readonly TimeSpan StoreDelay = TimeSpan.FromSeconds(10);
    private readonly int _concurrency = configuration.GetValue("Generation:FrameConcurrency", Math.Clamp(Environment.ProcessorCount, 1, 4));

    public string Name => WorkName;

    public async Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken) =>
        [.. (await sessions.UnfinishedAsync(cancellationToken)).Select(key => key.ToString())];

    public Task<WorkBacklog?> BacklogAsync(CancellationToken cancellationToken) => sessions.BacklogAsync(cancellationToken);

    public async Task RunAsync(string id, CancellationToken cancellationToken)
    {
        var key = SessionKey.Parse(id);
        Activity.Current?.SetTag(Tracing.RequestId, key.RequestId.ToString());
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new(LineFormatter.RequestIdKey, key.RequestId) });
        await using var attempt = await attempts.BeginAsync(key, cancellationToken);
        if (attempt is null)
        {
            // The attempt before may have been killed between a picture's put and its write.
            await deletions.ReopenAsync(key);
            return;
        }

        Activity.Current?.SetTag(Tracing.Attempt, attempt.Session.Attempt);
        Starting(key.RequestId);
        var outcome = "failed";
        try
        {
            outcome = (await MakeAsync(attempt)).Status;
            Ended(key.RequestId, outcome);
        }
        catch (OperationCanceledException) when (attempt.IsLost)
        {
            outcome = "lost";
            Lost(key.RequestId);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = "stopped";
            // Where the session is still ours the process ends, which says nothing about the work, or this was meant for an earlier attempt: it is to go on, here or elsewhere.
            if (await attempt.ReleaseAsync()) await queue.EnqueueAsync(Name, id, CancellationToken.None);
            else Lost(key.RequestId);
            throw;
        }
        catch (ProblemException problem) when (problem.Code == ErrorCodes.StorageUnavailable)
        {
            // Neither the store nor the parking takes more: nothing is drawn that could be lost, until there is room.
            outcome = "waiting_for_store";
            Waiting(key.RequestId);
            if (await attempt.ReleaseAsync()) await queue.EnqueueAsync(Name, id, StoreDelay, CancellationToken.None);
        }
        finally
        {
            metrics.Generated(outcome);
            // A picture may have been put after the removal of a session that was deleted meanwhile.
            await deletions.ReopenAsync(key);
        }
    }

    private async Task<SessionRow> MakeAsync(Attempt attempt)
    {
        if (await TellStoryAsync(attempt) is { } failed) return failed;
        var wanted = Wanted(attempt.Session, await frames.ListAsync(attempt.Key, attempt.Token), isFirst: true);
        while (true)
        {
            await Parallel.ForEachAsync(
                wanted, new ParallelOptions { MaxDegreeOfParallelism = artists.Concurrency(attempt.Session, _concurrency), CancellationToken = attempt.Token }, async (frame, _) => await draw.RunAsync(attempt, frame));
            // In one transaction, so that what is asked for comes either before the end or after it.
            var row = await attempt.WriteAsync(async (transaction, row) =>
            {
                wanted = Wanted(row, await FrameTable.ListAsync(transaction, row.Key), isFirst: false);
                return wanted.Count > 0 ? row : await ending.SettleAsync(transaction, row);
            });
            if (wanted.Count == 0) return row;
        }
    }

    /// <summary>The story, and null; or the session as it failed without one. What is at fault is a provider or a budget: the same attempt again at once would be no better.</summary>
    private async Task<SessionRow?> TellStoryAsync(Attempt attempt)
    {
        ResourceError error;
        try
        {
            await story.RunAsync(attempt);
            return null;
        }
        catch (ProviderException fault)
        {
            NotWritten(attempt.Key.RequestId, fault.Provider, fault.Kind, fault.ServiceCode);
            error = fault.ToError();
        }
        catch (BudgetExceededException budget)
        {
            error = new ResourceError(ErrorCodes.BudgetExceeded.Code, budget.Message);
        }

        return await attempt.WriteAsync((transaction, row) => ending.FailAsync(transaction, row, error));
    }

    /// <summary>What is to be drawn. A frame that failed is tried once in an attempt.</summary>
    private static List<FrameRow> Wanted(SessionRow session, IReadOnlyList<FrameRow> known, bool isFirst)
    {
        var isWhole = session.ReturnTo is null && !session.PausesAfter(SessionStage.Story);
        return [.. known.Where(frame => frame.Redraw is not null || (isWhole && !frame.HasPicture && (isFirst || frame.State != FrameStatus.Failed)))];
    }

    [LoggerMessage(LogLevel.Information, "Starting frame generation with request ID: {RequestId}")]
    private partial void Starting(RequestId requestId);

    [LoggerMessage(LogLevel.Information, "Frame generation of {RequestId} ended: {Status}")]
    private partial void Ended(RequestId requestId, string status);

    [LoggerMessage(LogLevel.Information, "Frame generation of {RequestId} goes on elsewhere or was ended; this attempt stops")]
    private partial void Lost(RequestId requestId);

    [LoggerMessage(LogLevel.Error, "The story of {RequestId} could not be written: {Provider} said {Fault} ({ServiceCode})")]
    private partial void NotWritten(RequestId requestId, string provider, ProviderFault fault, string? serviceCode);

    [LoggerMessage(LogLevel.Warning, "Frame generation of {RequestId} waits for the object store")]
    private partial void Waiting(RequestId requestId);
}
