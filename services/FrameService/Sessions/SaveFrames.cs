using System.Data.Common;
using System.Diagnostics;
using FrameService.Frames;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Telemetry;

namespace FrameService.Sessions;

/// <summary>Saves frames that were made elsewhere or uploaded before, under the one request ID that they belong to. Saving again replaces, never doubles.</summary>
internal sealed partial class SaveFrames(
    DbDataSource database, SessionTable sessions, DeletionTable deletions, FrameTable frames, ReadSession read, NewSessions begin, PictureSource pictures, FrameWriter writer, TimeProvider clock, ILogger<SaveFrames> logger)
{
    /// <summary>What one save may hold in memory of pictures that the store refuses, until its transaction parks them.</summary>
    private const long MaxInHand = 64L * 1024 * 1024;

    /// <summary>After this no further picture is fetched: a thousand slow hosts would hold a request for hours.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(3);

    /// <summary>Saves; true beside the session means that there was none before.</summary>
    /// <exception cref="ProblemException">request-id-mismatch, foreign-object, validation-failed, or what a picture is refused for.</exception>
    public async Task<(SessionRow Session, bool IsNew)> RunAsync(UserId user, CreateSessionRequest request, Story? story, CancellationToken cancellationToken)
    {
        var given = request.Frames!;
        Check(request, given, story);
        var resolved = RequestIds.Resolve(RequestIds.Given(request), given);
        var key = new SessionKey(user, resolved ?? RequestId.New(clock));
        Activity.Current?.SetTag(Tracing.RequestId, key.RequestId.ToString());
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new(LineFormatter.RequestIdKey, key.RequestId) });
        if (resolved is { } existing && request.RequestId is null && request.SessionId is null) UsingExisting(existing);

        var present = resolved is null ? null : await read.FindAsync(key, cancellationToken);
        if (present is { IsGenerating: true }) throw Busy(key);
        var known = present is null ? [] : await frames.ListAsync(key, cancellationToken);
        var duration = request.VideoDuration ?? present?.VideoDuration ?? Math.Clamp(5.0 * given.Count, 2, 600);

        var saved = new List<(FrameRow Frame, KeptPicture? Picture)>(given.Count);
        long inHand = 0;
        var began = clock.GetTimestamp();
        for (var i = 0; i < given.Count; i++)
        {
            if (inHand > MaxInHand) throw new ProblemException(ErrorCodes.StorageUnavailable, "The object store does not answer, and these frames are too many to be kept at a time until it does.");
            if (clock.GetElapsedTime(began) > MaxTime) throw new ProblemException(ErrorCodes.UrlUnreachable, $"The pictures of {i} frames took {MaxTime.TotalMinutes:0} minutes; save fewer at a time.");
            var frame = given[i];
            var before = known.FirstOrDefault(row => row.Number == frame.Number);
            var (row, picture) = await pictures.TakeAsync(key, frame, i, known, cancellationToken);
            inHand += picture?.Parked?.Length ?? 0;
            saved.Add((
                row with
                {
                    Timestamp = frame.Timestamp ?? Timestamps.Of((frame.Number - 1) * duration / given.Count),
                    Description = frame.Description ?? before?.Description,
                    Prompt = frame.Prompt ?? before?.Prompt,
                    SceneStory = frame.SceneStory ?? before?.SceneStory,
                },
                picture));
        }

        var isNew = present is null or { State: SessionStatus.Draft };
        SessionRow session;
        try
        {
            session = await WriteAsync(key, request, story, duration, saved, isNew, cancellationToken);
        }
        catch (ProblemException problem) when (problem.Code == ErrorCodes.SessionDeleted)
        {
            // The pictures were put before the tombstone was seen.
            await deletions.ReopenAsync(key);
            throw;
        }

        Saved(session.FrameCount, key.RequestId);
        return (session, isNew);
    }

    private Task<SessionRow> WriteAsync(
        SessionKey key, CreateSessionRequest request, Story? story, double duration, List<(FrameRow Frame, KeptPicture? Picture)> saved, bool isNew,
        CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            await sessions.InsertAsync(transaction, begin.Draft(key));
            var row = (await sessions.LockAsync(transaction, key))!;
            if (row.DeletedAt is not null) throw ReadSession.Deleted();
            if (row.IsGenerating) throw Busy(key);
            await CallbackTable.SetAsync(transaction, key.UserId, key.RequestId.ToString(), request.CallbackUrl);
            var known = await FrameTable.ListAsync(transaction, key);
            var gone = known.Select(frame => frame.Number).Except(saved.Select(frame => frame.Frame.Number)).ToList();
            await frames.RemoveAsync(transaction, key, gone);
            if (gone.Count > 0) row = row with { FramesRevision = row.FramesRevision + 1 };
            var byNumber = known.ToDictionary(frame => frame.Number);
            var named = request.Frames!.Where(frame => !string.IsNullOrEmpty(frame.ImageUrl)).Select(frame => frame.Number).ToHashSet();
            foreach (var (read, picture) in saved)
            {
                // Whose picture is to stay has the one that it has now, not the one that it had when this save began.
                var frame = picture is null && byNumber.TryGetValue(read.Number, out var now) && now.HasPicture && !named.Contains(read.Number)
                    ? now with { Timestamp = read.Timestamp, Description = read.Description, Prompt = read.Prompt, SceneStory = read.SceneStory }
                    : read;
                if (picture is not null) row = await writer.WriteAsync(transaction, row, frame, picture);
                else await frames.WriteAsync(transaction, await FrameWriter.SettleAsync(transaction, frame));
            }

            var wasCompleted = row.State == SessionStatus.Completed;
            row = row with
            {
                Status = WireText.Of(SessionStatus.Completed),
                Stage = null,
                Progress = 100,
                Error = null,
                OriginalPrompt = request.Prompt ?? row.OriginalPrompt,
                Style = request.Style is { } style ? WireText.Of(style) : row.Style,
                Mood = request.Mood is { } mood ? WireText.Of(mood) : row.Mood,
                VideoDuration = duration,
                AspectRatio = request.AspectRatio ?? row.AspectRatio,
                Seed = request.Seed ?? row.Seed ?? NewSessions.Seed(),
                Story = JsonText.Write(story) ?? row.Story,
                Metadata = JsonText.Write(request.Metadata) ?? row.Metadata,
                MaxCostMicros = SessionRow.Micros(request.MaxCostUsd) ?? row.MaxCostMicros,
                FrameCount = saved.Count,
                // Whoever saves the frames of a session that waits has decided.
                ApprovedAt = row.ApprovedAt ?? (row.PauseAfter is null ? null : clock.GetRowTime()),
            };
            if (!wasCompleted) row = await sessions.AppendAsync(transaction, row, "session.completed", new { row.RequestId, row.FrameCount });
            await sessions.SaveAsync(transaction, row);
            await transaction.CompleteRequestAsync(isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, Views.PathOf(key.RequestId));
            return row;
        },
        cancellationToken);

    private static void Check(CreateSessionRequest request, IReadOnlyList<SaveFrame> given, Story? story)
    {
        var limits = new Limits();
        // The serializer's rule about null ends at the members of a list.
        if (given.Any(frame => frame is null)) throw ProblemException.Field("frames", "frames has no null among its entries.");
        limits.Session(request);
        // The older route answers with it once for each frame.
        limits.Text("fullStory.title", story?.Title);
        limits.Text("fullStory.overallStory", story?.OverallStory, Limits.MaxStory);
        if (given.Count is < 1 or > Limits.MaxFrames) limits.Fail("frames", $"frames has 1 to {Limits.MaxFrames} entries.");
        for (var i = 0; i < Math.Min(given.Count, Limits.MaxFrames); i++)
        {
            limits.Range($"frames[{i}].number", given[i].Number, 1, Limits.MaxFrames);
            limits.Text($"frames[{i}].description", given[i].Description);
            limits.Text($"frames[{i}].prompt", given[i].Prompt);
            limits.Text($"frames[{i}].sceneStory", given[i].SceneStory);
            if (given[i].Timestamp is { } timestamp && !Timestamps.IsOne(timestamp)) limits.Fail($"frames[{i}].timestamp", "A timestamp looks like 0:05 or 0:05-0:10.");
        }

        foreach (var twice in given.GroupBy(frame => frame.Number).Where(group => group.Count() > 1)) limits.Fail("frames", $"Frame {twice.Key} is given twice.");
        if (request.FrameCount is { } count && count != given.Count) limits.Fail("frameCount", $"frameCount is {count}, but there are {given.Count} frames.");
        if (request.ReferenceImage is not null) limits.Fail(ReferencePicture.Field, "referenceImage is for generating; frames that are saved are there already.");
        if (request.DryRun) limits.Fail("dryRun", "dryRun is for generating; saving costs nothing.");
        if (request.PauseAfter is not null) limits.Fail("pauseAfter", "pauseAfter is for generating; frames that are saved are there already.");
        limits.ThrowIfAny();
    }

    private static ProblemException Busy(SessionKey key) => new(ErrorCodes.SessionBusy, $"Session {key.RequestId} is being generated; wait for its end, or cancel it first.");

    [LoggerMessage(LogLevel.Information, "Using existing request ID from S3: {RequestId}")]
    private partial void UsingExisting(RequestId requestId);

    [LoggerMessage(LogLevel.Information, "Saved {Frames} frames with request ID: {RequestId}")]
    private partial void Saved(int frames, RequestId requestId);
}
