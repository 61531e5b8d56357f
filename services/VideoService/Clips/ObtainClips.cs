using System.Collections.Concurrent;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using VideoService.Rendering;
using VideoService.Videos;

namespace VideoService.Clips;

/// <summary>Brings the clips that a film wants of AI services into the store, each paid once. May be killed at any point: what is done stands in rows.</summary>
/// <remarks>
/// <code>
/// 1. Want       a row for each clip, found by the hash of everything that is asked; it may be another film's already      wanted
/// 2. Look       the store may have it, from before a database was lost                                                    -> stored
/// 3. Claim      cost reserved, "submitting" committed; the picture is ready by then                                       submitting
/// 4. Submit     the service takes it                         } killed in here: nobody knows, and it is handed in once more: the one
/// 5. Keep       its ID is committed, before anything else    } gap, as long as one answer's way and one commit
/// 6. Poll       as often as the service wants to be asked, by no worker: the film waits as "waiting_for_provider"         running
/// 7. Fetch      its link, asked for anew each time, since links end; into the store at once                               stored
///
/// takes no more, or does not answer  -> 3 again, as it says or later each time; when patience ends the clip has failed
/// answer to 4 lost                   -> 3 again, once; counted as paid
/// failed                             -> the others are brought to their end; then the film fails, or the renderer makes that clip
/// canceled, deleted                  -> the task is ended at the service                                                   EndClips
/// </code>
/// </remarks>
internal sealed partial class ObtainClips(
    ClipTaskTable table, ClipProviders providers, FilmRenderer renderer, PinnedPictures pictures, IObjectStore store, ClipOptions options, TimeProvider clock, ILogger<ObtainClips> logger)
{
    private const int AtATime = 4;
    private const int MostAnswers = 1000;

    /// <summary>How often a clip is handed in without anybody's knowing what became of it: the first time, and once more.</summary>
    private const int MostLost = 2;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    /// <summary>What services have answered while a film waited, for the attempt that follows here: they are not asked twice in a row.</summary>
    private readonly ConcurrentDictionary<string, ClipProgress> _answers = new(StringComparer.Ordinal);

    /// <summary>A planned film with its clips in place of their pictures.</summary>
    /// <exception cref="WaitingForProviderException">They are not all there yet.</exception>
    /// <exception cref="ClipFailedException">One cannot be had; the others are there.</exception>
    public async Task<PlannedFilm> RunAsync(VideoRow row, PlannedFilm planned, RenderFolder folder, Ownership owner)
    {
        var frames = planned.Frames.ToDictionary(frame => frame.Number);
        var wishes = ClipWish.Of(row.Asked, planned.Plan, number => frames[number].Prompt ?? frames[number].Description, providers);
        if (wishes.Count == 0) return planned;
        var (tasks, wants) = await table.WantAsync(row, wishes, owner.Token);
        var byHash = tasks.ToDictionary(task => task.InputHash, StringComparer.Ordinal);
        await RequirePicturesAsync(wishes.Where(wish => byHash.GetValueOrDefault(wish.InputHash) is { Submissions: 0, Status: ClipTaskRow.Wanted }).Select(wish => frames[wish.Number]), owner.Token);
        var ended = new Dictionary<string, ClipTaskRow>(StringComparer.Ordinal);
        var due = TimeSpan.MaxValue;
        await Parallel.ForEachAsync(wishes.DistinctBy(wish => wish.InputHash, StringComparer.Ordinal), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = owner.Token }, async (wish, token) =>
        {
            // Somebody has forgotten it at this moment.
            if (!byHash.TryGetValue(wish.InputHash, out var known)) throw new WaitingForProviderException(TimeSpan.Zero);
            var failuresSeen = wants.Where(want => want.InputHash == wish.InputHash).Min(want => want.Failures);
            var (task, pause) = await AdvanceAsync(new Errand(row, wish, frames[wish.Number], planned, folder, failuresSeen), known, token);
            lock (ended)
            {
                if (task is not null) ended[wish.InputHash] = task;
                else due = pause < due ? pause : due;
            }
        });
        if (due != TimeSpan.MaxValue) throw new WaitingForProviderException(due);

        var failed = wishes.Where(wish => ended[wish.InputHash].Status == ClipTaskRow.Failed).ToDictionary(wish => wish.Number, wish => ended[wish.InputHash].Why! with { Frame = wish.Number });
        if (failed.Count > 0 && !options.ClipFallback) throw new ClipFailedException(failed.MinBy(error => error.Key).Value);
        foreach (var (number, error) in failed) await table.FallBackAsync(row.VideoId, number, error, owner.Token);
        var footage = wishes.Where(wish => !failed.ContainsKey(wish.Number)).ToDictionary(wish => wish.Number, wish => ended[wish.InputHash]);
        var plan = await renderer.PlanAsync(row.Film, [.. planned.Shown.Select(frame => frame with { Footage = footage.GetValueOrDefault(frame.Number)?.Clip })], owner.Token);
        return planned with { Plan = plan, Footage = footage, Unmade = failed };
    }

    /// <summary>Whether a film that waits for services has nothing to do but wait; those that are due are asked. Answers for how long; null where an attempt is worth it.</summary>
    public async Task<TimeSpan?> PauseOfAsync(VideoId videoId, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.MaxValue;
        foreach (var task in await table.OfFilmAsync(videoId, cancellationToken))
        {
            if (task.Status is ClipTaskRow.Stored or ClipTaskRow.Failed) continue;
            if (task.Status == ClipTaskRow.Submitting || Left(task) is not { } left) return null;
            if (left == TimeSpan.Zero)
            {
                if (task.Status != ClipTaskRow.Running || providers.Find(task.Provider) is not { } provider || clock.GetUtcNow() - task.TriedSince > options.ClipPatience) return null;
                if (await AskAsync(provider, task, cancellationToken) is not { } progress) return null;
                if (!progress.IsOpen)
                {
                    if (_answers.Count >= MostAnswers) _answers.Clear();
                    _answers[task.TaskId!] = progress;
                    return null;
                }

                left = options.ClipPollPeriod;
                await table.DueAsync(task, clock.GetUtcNow() + left, cancellationToken);
            }

            pause = left < pause ? left : pause;
        }

        return pause == TimeSpan.MaxValue ? null : pause;
    }

    /// <summary>Brings the file of a frame's clip from the store.</summary>
    /// <exception cref="WaitingForProviderException">It is no longer there, and is made again.</exception>
    public async Task FetchAsync(ClipTaskRow task, string path, CancellationToken cancellationToken)
    {
        await using var found = await store.GetAsync(task.ObjectKey!.Value, range: null, cancellationToken);
        if (found is null)
        {
            await table.GoneAsync(task, cancellationToken);
            throw new WaitingForProviderException(TimeSpan.Zero);
        }

        await using (var file = File.Create($"{path}.part")) await found.Content.CopyToAsync(file, cancellationToken);
        File.Move($"{path}.part", path, overwrite: true);
    }

    /// <summary>A picture that is missing or damaged ends the film: better before anything is paid for the others.</summary>
    private Task RequirePicturesAsync(IEnumerable<VideoFrameRow> frames, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(frames, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken }, async (frame, token) =>
        {
            await using var picture = await pictures.OpenAsync(frame, token);
            await renderer.CheckAsync(frame.Film, picture, token);
        });

    /// <summary>One clip, one step or several further. Its row where it has ended; else how long there is nothing to do.</summary>
    private async Task<(ClipTaskRow? Ended, TimeSpan Pause)> AdvanceAsync(Errand errand, ClipTaskRow task, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isOver = clock.GetUtcNow() - task.TriedSince > options.ClipPatience;
            switch (task.Status)
            {
                case ClipTaskRow.Stored:
                    return (task, default);
                case ClipTaskRow.Failed when task.Failures > errand.FailuresSeen || task.Why is { Retryable: false, Code: "content-moderated" }:
                    return (task, default);
                case ClipTaskRow.Wanted when isOver:
                    await table.FailAsync(task, new ResourceError(ErrorCodes.ProviderUnavailable.Code, $"{task.Provider} has taken nothing for {options.ClipPatience:c}.", task.Number, Retryable: true));
                    break;
                case ClipTaskRow.Wanted when Left(task) is { } left && left > TimeSpan.Zero:
                    return (null, left);
                case ClipTaskRow.Submitting when (task.OwnerVideo != errand.Film.VideoId || task.OwnerAttempt == errand.Film.Attempt) && await table.HasOwnerAsync(task, cancellationToken):
                    return (null, options.ClipPollPeriod);
                case ClipTaskRow.Submitting or ClipTaskRow.Wanted when task.Lost + (task.Status == ClipTaskRow.Submitting ? 1 : 0) >= MostLost:
                    await table.FailAsync(task, new ResourceError(ErrorCodes.ProviderUnavailable.Code, $"What became of this clip at {task.Provider} is not known, twice over; it may have been paid.", task.Number, Retryable: true));
                    break;
                case ClipTaskRow.Running:
                    if (Left(task) is { } more && more > TimeSpan.Zero) return (null, more);
                    if (await FollowAsync(errand, task, isOver, cancellationToken) is { } pause) return (null, pause);
                    break;
                default:
                    if (task.Submissions == 0 && await FindAsync(errand, task, cancellationToken)) break;
                    if (await SubmitAsync(errand, task, cancellationToken) is { } later) return (null, later);
                    break;
            }

            // Somebody may have forgotten it with its film.
            if (await table.FindAsync(task, cancellationToken) is not { } now) return (null, options.ClipPollPeriod);
            task = now;
        }
    }

    /// <summary>Hands a clip in. Null where its row has something new to tell; else how long there is nothing to do.</summary>
    private async Task<TimeSpan?> SubmitAsync(Errand errand, ClipTaskRow task, CancellationToken cancellationToken)
    {
        var (wish, provider) = (errand.Wish, errand.Wish.Provider);
        if (task.Status != ClipTaskRow.Submitting && await table.IsFullAsync(provider.Provider, cancellationToken)) return options.ClipPollPeriod;
        // Everything that can go wrong here goes wrong before the service hears of it.
        var jpeg = await renderer.RenderStillAsync(errand.Planned.Plan.Settings, wish.Shot, wish.Offer.PictureWidth, wish.Offer.PictureHeight, token => pictures.OpenAsync(errand.Frame, token), cancellationToken);
        ClipTaskRow? claimed;
        try
        {
            claimed = await table.ClaimAsync(task, errand.Film, wish, cancellationToken);
        }
        catch (BudgetExceededException budget)
        {
            await table.FailAsync(task, new ResourceError(ErrorCodes.BudgetExceeded.Code, budget.Message, wish.Number, Retryable: true));
            return null;
        }

        if (claimed is null) return options.ClipPollPeriod;
        try
        {
            // Not ended with the film or the process: whether it was taken has to be known.
            var id = await provider.SubmitAsync(new ClipOrder(wish.Offer, jpeg, wish.Prompt, wish.Seed), CancellationToken.None);
            if (await KeepAsync(claimed, id)) Submitted(provider.Provider.Name, id, wish.Number);
            else await EndAsync(provider, id);
            return null;
        }
        catch (ProviderException fault) when (fault.IsOutage || fault.MayBeCharged)
        {
            var pause = fault.RetryAfter is { } told && told > TimeSpan.Zero ? told : Backoff(claimed.Submissions);
            NotTaken(provider.Provider.Name, wish.Number, fault.ServiceCode, pause.TotalSeconds, fault.Message);
            if (clock.GetUtcNow() + pause - claimed.TriedSince > options.ClipPatience && !fault.MayBeCharged) await table.FailAsync(claimed, fault.ToError(wish.Number), isFree: true);
            else await table.PostponeAsync(claimed, fault.MayBeCharged, clock.GetUtcNow() + pause);
            return null;
        }
        catch (ProviderException fault)
        {
            Failed(provider.Provider.Name, wish.Number, fault.ServiceCode, fault.Message);
            await table.FailAsync(claimed, fault.ToError(wish.Number), isFree: true);
            return null;
        }
    }

    /// <summary>The ID is what a paid task is found by: a database that is away for a moment is waited for.</summary>
    private async Task<bool> KeepAsync(ClipTaskRow claimed, string id)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await table.TakenAsync(claimed, id, clock.GetUtcNow() + options.ClipPollPeriod);
            }
            catch (System.Data.Common.DbException failure) when (tries < 20)
            {
                NotKept(failure, id);
                await Task.Delay(TimeSpan.FromSeconds(1), clock);
            }
        }
    }

    /// <summary>Asks how a task is, and fetches what it made. Null where its row has something new to tell; else how long there is nothing to do.</summary>
    private async Task<TimeSpan?> FollowAsync(Errand errand, ClipTaskRow task, bool isOver, CancellationToken cancellationToken)
    {
        var provider = errand.Wish.Provider;
        if (await AskAsync(provider, task, cancellationToken) is not { } progress)
        {
            if (!isOver) return options.ClipPollPeriod;
            await table.FailAsync(task, new ResourceError(ErrorCodes.ProviderUnavailable.Code, $"{task.Provider} has not answered for too long; the clip may have been paid.", task.Number, Retryable: true), CostOf(errand.Wish));
            return null;
        }

        if (progress.Fault is { } fault)
        {
            Failed(task.Provider, task.Number, fault.ServiceCode, fault.Message);
            await table.FailAsync(task, fault.ToError(task.Number), progress.IsCharged ? CostOf(errand.Wish) : null, isFree: !progress.IsCharged);
            return null;
        }

        if (progress.Output is { } output) return await StoreAsync(errand, task, output, isOver, cancellationToken);
        if (!isOver)
        {
            await table.DueAsync(task, clock.GetUtcNow() + options.ClipPollPeriod, cancellationToken);
            return options.ClipPollPeriod;
        }

        await EndAsync(provider, task.TaskId!);
        await table.FailAsync(task, new ResourceError(ErrorCodes.ProviderUnavailable.Code, $"{task.Provider} has not made the clip within {options.ClipPatience:c}; it was canceled.", task.Number, Retryable: true), CostOf(errand.Wish));
        return null;
    }

    /// <summary>An answer; null where none came.</summary>
    private async Task<ClipProgress?> AskAsync(IClipProvider provider, ClipTaskRow task, CancellationToken cancellationToken)
    {
        if (_answers.TryRemove(task.TaskId!, out var known)) return known;
        try
        {
            return await provider.PollAsync(task.TaskId!, cancellationToken);
        }
        catch (ProviderException gone) when (gone.ServiceCode == "404")
        {
            return new ClipProgress(null, gone, IsCharged: true);
        }
        catch (ProviderException fault)
        {
            NotAsked(task.Provider, task.TaskId!, fault.Message);
            await table.DueAsync(task, clock.GetUtcNow() + (fault.RetryAfter > options.ClipPollPeriod ? fault.RetryAfter.Value : options.ClipPollPeriod), cancellationToken);
            return null;
        }
    }

    /// <summary>Fetches a clip and puts it into the store at once.</summary>
    private async Task<TimeSpan?> StoreAsync(Errand errand, ClipTaskRow task, Uri output, bool isOver, CancellationToken cancellationToken)
    {
        var path = errand.Folder.Clip(task.InputHash);
        try
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await errand.Wish.Provider.DownloadAsync(output, path, cancellationToken);
                    await PutAsync(errand, task, path, CostOf(errand.Wish), cancellationToken);
                    return null;
                }
                catch (FootageException) when (tries < 2)
                {
                    // It may have come damaged.
                }
            }
        }
        catch (FootageException unreadable)
        {
            Unreadable(task.Provider, task.Number, unreadable.Details);
            await table.FailAsync(task, new ResourceError(ErrorCodes.ClipUnreadable.Code, unreadable.Message, task.Number, Retryable: true), CostOf(errand.Wish));
            return null;
        }
        catch (ProviderException fault)
        {
            NotAsked(task.Provider, task.TaskId!, fault.Message);
            if (isOver)
            {
                await table.FailAsync(task, fault.ToError(task.Number), CostOf(errand.Wish));
                return null;
            }

            // Its next poll brings a fresh link.
            await table.DueAsync(task, clock.GetUtcNow() + options.ClipPollPeriod, cancellationToken);
            return options.ClipPollPeriod;
        }
    }

    private async Task PutAsync(Errand errand, ClipTaskRow task, string path, CallCost? cost, CancellationToken cancellationToken)
    {
        var footage = await renderer.ProbeFootageAsync(path, cancellationToken);
        var key = KeyOf(task, footage.Kind);
        // Not disposed: the file may still be filmed.
        if (await store.PutAsync(key, await FinishedFile.SpoolAsync(path, cancellationToken), cancellationToken) == PutOutcome.Conflict)
        {
            // Whoever was faster; or from a time before this database. What lies there is what films show.
            await FetchAsync(task with { ObjectKey = key }, path, cancellationToken);
            footage = await renderer.ProbeFootageAsync(path, cancellationToken);
        }

        if (await table.StoredAsync(task, key, footage, cost)) Stored(key, footage.Seconds);
    }

    /// <summary>Whether the store has the clip from a time of which no row tells; its row says so then.</summary>
    private async Task<bool> FindAsync(Errand errand, ClipTaskRow task, CancellationToken cancellationToken)
    {
        foreach (var kind in new[] { "mp4", "webm" })
        {
            var path = errand.Folder.Clip(task.InputHash);
            await using (var found = await store.GetAsync(KeyOf(task, kind), range: null, cancellationToken))
            {
                if (found is null) continue;
                await using var file = File.Create(path);
                await found.Content.CopyToAsync(file, cancellationToken);
            }

            try
            {
                await table.StoredAsync(task, KeyOf(task, kind), await renderer.ProbeFootageAsync(path, cancellationToken), cost: null);
                return true;
            }
            catch (FootageException)
            {
                await store.DeleteAsync(KeyOf(task, kind), cancellationToken);
            }
        }

        return false;
    }

    private async Task EndAsync(IClipProvider provider, string taskId)
    {
        try
        {
            await provider.CancelAsync(taskId, CancellationToken.None);
        }
        catch (ProviderException fault)
        {
            NotAsked(provider.Provider.Name, taskId, fault.Message);
        }
    }

    private static ObjectKey KeyOf(ClipTaskRow task, string kind) => ObjectKeys.Footage(task.UserId, task.RequestId, task.Number, task.InputHash, kind);

    private static CallCost CostOf(ClipWish wish) => new(wish.Offer.CostUsd, Seconds: wish.Offer.Seconds);

    /// <summary>How long there is nothing to do; nothing where it is due, and null where nobody knows.</summary>
    private TimeSpan? Left(ClipTaskRow task) => task.DueAt is { } due ? due > clock.GetUtcNow() ? due - clock.GetUtcNow() : TimeSpan.Zero : task.Status == ClipTaskRow.Wanted ? null : TimeSpan.Zero;

    /// <summary>Twice as long each time, and up to half of it more, so that many do not come at once.</summary>
    private TimeSpan Backoff(int submissions)
    {
        var pause = TimeSpan.FromTicks(Math.Min(options.ClipPollPeriod.Ticks << Math.Min(submissions - 1, 10), LongestPause.Ticks));
        return pause + pause * (System.Security.Cryptography.RandomNumberGenerator.GetInt32(500) / 1000.0);
    }

    [LoggerMessage(LogLevel.Information, "{Provider} makes clip {TaskId} of frame {Frame}")]
    private partial void Submitted(string provider, string taskId, int frame);

    [LoggerMessage(LogLevel.Information, "Clip stored: {Key}, {Seconds} s")]
    private partial void Stored(ObjectKey key, double seconds);

    [LoggerMessage(LogLevel.Warning, "{Provider} has not taken the clip of frame {Frame} ({Code}); it is asked again in {Seconds} s. {Reason}")]
    private partial void NotTaken(string provider, int frame, string? code, double seconds, string reason);

    [LoggerMessage(LogLevel.Warning, "{Provider} does not make the clip of frame {Frame} ({Code}). {Reason}")]
    private partial void Failed(string provider, int frame, string? code, string reason);

    [LoggerMessage(LogLevel.Warning, "{Provider} made a clip of frame {Frame} that cannot be read: {Details}")]
    private partial void Unreadable(string provider, int frame, string details);

    [LoggerMessage(LogLevel.Warning, "{Provider} could not be asked for {TaskId}; it is asked again. {Reason}")]
    private partial void NotAsked(string provider, string taskId, string reason);

    [LoggerMessage(LogLevel.Warning, "The ID of task {TaskId}, which is paid, could not be kept yet")]
    private partial void NotKept(Exception failure, string taskId);

    /// <summary>One clip of one film's attempt.</summary>
    private sealed record Errand(VideoRow Film, ClipWish Wish, VideoFrameRow Frame, PlannedFilm Planned, RenderFolder Folder, int FailuresSeen);
}

/// <summary>A film's clips are being made elsewhere, or will be: it comes again.</summary>
internal sealed class WaitingForProviderException(TimeSpan pause) : Exception("Clips are being made.")
{
    /// <summary>When there may be something to do.</summary>
    public TimeSpan Pause { get; } = pause;
}

/// <summary>A clip cannot be had of its service.</summary>
internal sealed class ClipFailedException(ResourceError error) : Exception(error.Message)
{
    /// <summary>As the film tells of it.</summary>
    public ResourceError Error { get; } = error;
}
