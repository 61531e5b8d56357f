using System.Data.Common;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Generation;

/// <summary>
/// The generation of one session, begun or gone on with:
/// <code>
/// 1. take the session, if it is queued or was left in progress; count the attempt
/// 2. write the story, unless there is one
/// 3. draw each frame that has no picture; each is stored the moment it exists
/// 4. say "completed", or "failed" where a frame failed
/// </code>
/// Every step commits on its own, and only while this attempt owns the session: a killed service goes on with what is missing, a cancelled or deleted session takes nothing more.
/// </summary>
internal sealed partial class GenerateFrames(
    DbDataSource database, SessionTable sessions, DeletionTable deletions, FrameTable frames, FrameWriter writer, PictureKeeper keeper, IStoryWriter storyWriter, IFrameArtist artist,
    WorkQueue queue, IConfiguration configuration, ILogger<GenerateFrames> logger) : IWork
{
    public const string WorkName = "generate";

    /// <summary>Attempts without a step done, after which the work is held to be what ends its process.</summary>
    private const int MaxIdleAttempts = 8;

    private static readonly TimeSpan StoreDelay = TimeSpan.FromSeconds(10);
    private readonly int _concurrency = configuration.GetValue("Generation:FrameConcurrency", Math.Clamp(Environment.ProcessorCount, 1, 4));

    public string Name => WorkName;

    public async Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken) =>
        [.. (await sessions.UnfinishedAsync(cancellationToken)).Select(key => key.ToString())];

    public async Task RunAsync(string id, CancellationToken cancellationToken)
    {
        var key = SessionKey.Parse(id);
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new(LineFormatter.RequestIdKey, key.RequestId) });
        if (await BeginAsync(key, cancellationToken) is not { } session) return;
        Starting(key.RequestId);
        try
        {
            session = await WriteStoryAsync(session, cancellationToken);
            var pending = (await frames.ListAsync(key, cancellationToken)).Where(frame => !frame.HasPicture).ToList();
            await Parallel.ForEachAsync(
                pending,
                new ParallelOptions { MaxDegreeOfParallelism = _concurrency, CancellationToken = cancellationToken },
                async (frame, token) => await DrawAsync(session, frame, token));
            await EndAsync(key, session.Attempt, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process ends, which says nothing about the work.
            await ReleaseAsync(session);
            throw;
        }
        catch (LostException)
        {
            Lost(key.RequestId);
        }
        catch (ProblemException problem) when (problem.Code == ErrorCodes.StorageUnavailable)
        {
            // Neither the store nor the parking takes more: nothing is drawn that could be lost, until there is room.
            Waiting(key.RequestId);
            await ReleaseAsync(session);
            await queue.EnqueueAsync(Name, id, StoreDelay, CancellationToken.None);
        }
        finally
        {
            // A picture may have been put after the removal of a session that was deleted meanwhile.
            await deletions.ReopenAsync(key);
        }
    }

    private Task<SessionRow?> BeginAsync(SessionKey key, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await sessions.LockAsync(transaction, key) is not { IsGenerating: true, DeletedAt: null } row) return null;
            row = row with { Attempt = row.Attempt + 1, IdleAttempts = row.IdleAttempts + 1, Status = WireText.Of(SessionStatus.InProgress) };
            if (row.IdleAttempts > MaxIdleAttempts)
            {
                row = await FailAsync(transaction, row, new ResourceError(ErrorCodes.AttemptsExhausted.Code, ErrorCodes.AttemptsExhausted.Title, Retryable: true));
                await sessions.SaveAsync(transaction, row);
                return null;
            }

            await sessions.SaveAsync(transaction, row);
            return row;
        },
        cancellationToken);

    /// <summary>Gives the session back without counting the attempt, where this one still owns it.</summary>
    private async Task ReleaseAsync(SessionRow session)
    {
        try
        {
            await OwnedAsync(session, (_, row) => Task.FromResult(row), CancellationToken.None);
        }
        catch (LostException)
        {
            Lost(session.RequestId);
        }
    }

    private async Task<SessionRow> WriteStoryAsync(SessionRow session, CancellationToken cancellationToken)
    {
        if (session.Story is not null) return session;
        var brief = new StoryBrief(session.OriginalPrompt!, session.FrameCount, session.VideoDuration!.Value, StyleOf(session), MoodOf(session), session.Seed!.Value);
        var written = await storyWriter.WriteAsync(brief, cancellationToken);
        return await OwnedAsync(
            session,
            async (transaction, row) =>
            {
                var known = (await FrameTable.ListAsync(transaction, row.Key)).ToDictionary(frame => frame.Number);
                await frames.WriteAsync(transaction, [.. written.Story.Scenes.Select((scene, index) => known[index + 1] with
                {
                    Timestamp = Timestamps.Of(index * brief.DurationSeconds / row.FrameCount),
                    Description = scene.Description,
                    Prompt = written.FramePrompts[index],
                    SceneStory = scene.Description,
                })]);
                row = row with { Story = JsonText.Write(written.Story), Stage = WireText.Of(SessionStage.Frames), Provider = storyWriter.Provider, Progress = 5 };
                return await sessions.AppendAsync(transaction, row, "session.story_ready", new { row.RequestId, written.Story.Title });
            },
            cancellationToken);
    }

    private async Task DrawAsync(SessionRow session, FrameRow frame, CancellationToken cancellationToken)
    {
        await OwnedAsync(session, async (transaction, row) => await MarkAsync(transaction, row, frame.Number), cancellationToken, isStep: false);
        var brief = new FrameBrief(
            frame.Prompt ?? session.OriginalPrompt!, frame.Description ?? "", frame.SceneStory, frame.Number, session.FrameCount,
            StyleOf(session), MoodOf(session), session.AspectRatio, session.Seed!.Value);
        DrawnFrame drawn;
        try
        {
            drawn = await artist.DrawAsync(brief, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // One failed frame is one failed frame: the others go on.
            NotDrawn(exception, frame.Number);
            await FailFrameAsync(session, frame.Number, cancellationToken);
            return;
        }

        using var content = new MemoryStream(drawn.Bytes, writable: false);
        var picture = await keeper.KeepFrameAsync(session.Key, frame.Number, content, cancellationToken);
        await OwnedAsync(
            session,
            async (transaction, row) =>
            {
                var present = (await FrameTable.FindAsync(transaction, row.Key, frame.Number))!;
                // A person's picture that came meanwhile is wanted more than ours.
                if (present.HasPicture) return row;
                row = await writer.WriteAsync(transaction, row, present.With(picture, artist.Provider, artist.Model), picture);
                var made = row.PicturesMade + 1;
                return row with { PicturesMade = made, Progress = Math.Min(99, 5 + (95 * made / row.FrameCount)) };
            },
            cancellationToken);
    }

    private async Task<SessionRow> MarkAsync(DbTransaction transaction, SessionRow row, int number)
    {
        var present = (await FrameTable.FindAsync(transaction, row.Key, number))!;
        if (!present.HasPicture) await frames.WriteAsync(transaction, present with { Status = WireText.Of(FrameStatus.Generating) });
        return row;
    }

    private Task FailFrameAsync(SessionRow session, int number, CancellationToken cancellationToken) => OwnedAsync(
        session,
        async (transaction, row) =>
        {
            var present = (await FrameTable.FindAsync(transaction, row.Key, number))!;
            if (present.HasPicture) return row;
            var error = new ResourceError(ErrorCodes.GenerationFailed.Code, $"Frame {number} could not be made.", number, true);
            await frames.WriteAsync(transaction, present with { Status = WireText.Of(FrameStatus.Failed), Error = JsonText.Write(error) });
            return await sessions.AppendAsync(transaction, row, "session.frame_failed", new { row.RequestId, frame = number, error });
        },
        cancellationToken);

    private async Task EndAsync(SessionKey key, int attempt, CancellationToken cancellationToken)
    {
        var ended = await OwnedAsync(
            new SessionRow { UserId = key.UserId, RequestId = key.RequestId, Attempt = attempt },
            async (transaction, row) =>
            {
                var missing = (await FrameTable.ListAsync(transaction, key)).Where(frame => !frame.HasPicture).ToList();
                if (missing.Count > 0)
                    return await FailAsync(transaction, row, new ResourceError(ErrorCodes.GenerationFailed.Code, $"{missing.Count} frames could not be made.", missing[0].Number, true));
                row = row with { Status = WireText.Of(SessionStatus.Completed), Stage = null, Progress = 100 };
                return await sessions.AppendAsync(transaction, row, "session.completed", new { row.RequestId, row.FrameCount });
            },
            cancellationToken);
        Ended(key.RequestId, ended.Status);
    }

    private async Task<SessionRow> FailAsync(DbTransaction transaction, SessionRow row, ResourceError error)
    {
        await frames.ReleaseAsync(transaction, row.Key);
        return await sessions.AppendAsync(
            transaction, row with { Status = WireText.Of(SessionStatus.Failed), Stage = null, Error = JsonText.Write(error) }, "session.failed", new { row.RequestId, error });
    }

    /// <summary>
    /// Changes the session in a transaction, if this attempt still owns it. A step done is a sign of life; one begun is none, since a frame that ends the process begins each time.
    /// </summary>
    private Task<SessionRow> OwnedAsync(
        SessionRow session, Func<DbTransaction, SessionRow, Task<SessionRow>> change, CancellationToken cancellationToken, bool isStep = true) => database.WriteAsync(
        async transaction =>
        {
            var row = await sessions.LockAsync(transaction, session.Key);
            if (row is not { State: SessionStatus.InProgress, DeletedAt: null } || row.Attempt != session.Attempt) throw new LostException();
            row = await change(transaction, row);
            if (isStep) row = row with { IdleAttempts = 0 };
            await sessions.SaveAsync(transaction, row);
            return row;
        },
        cancellationToken);

    private static Style StyleOf(SessionRow row) => JsonText.Enum<Style>(row.Style) ?? default;

    private static Mood MoodOf(SessionRow row) => JsonText.Enum<Mood>(row.Mood) ?? default;

    /// <summary>The session was cancelled, deleted or taken over: this attempt writes nothing more.</summary>
    private sealed class LostException : Exception;

    [LoggerMessage(LogLevel.Information, "Starting frame generation with request ID: {RequestId}")]
    private partial void Starting(RequestId requestId);

    [LoggerMessage(LogLevel.Information, "Frame generation of {RequestId} ended: {Status}")]
    private partial void Ended(RequestId requestId, string status);

    [LoggerMessage(LogLevel.Information, "Frame generation of {RequestId} goes on elsewhere or was ended; this attempt stops")]
    private partial void Lost(RequestId requestId);

    [LoggerMessage(LogLevel.Error, "Frame {Frame} could not be drawn")]
    private partial void NotDrawn(Exception exception, int frame);

    [LoggerMessage(LogLevel.Warning, "Frame generation of {RequestId} waits for the object store")]
    private partial void Waiting(RequestId requestId);
}
