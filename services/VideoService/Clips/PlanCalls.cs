using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using VideoService.Videos;

namespace VideoService.Clips;

/// <summary>What AI services would be asked for, for a film that is not there yet, and whether budgets allow it.</summary>
internal sealed class PlanCalls(ClipTaskTable table, ClipProviders providers, Spending spending)
{
    /// <summary>Roughly how long a service takes for one clip, by Runway's own account of its faster models.</summary>
    private const double SecondsOfOne = 30;

    /// <summary>The calls; those whose clips are in the store already are none.</summary>
    public async Task<PlannedCalls> RunAsync(FilmDraft draft, UserId userId, CancellationToken cancellationToken)
    {
        var frames = draft.Frames.ToDictionary(frame => frame.Number);
        IReadOnlyList<ClipWish> wishes;
        try
        {
            wishes = ClipWish.Of(draft.Settings, draft.Plan, number => frames[number].Prompt ?? frames[number].Description, providers);
        }
        catch (ClipFailedException gone)
        {
            throw new ProblemException(ErrorCodes.ValidationFailed, gone.Message, new Dictionary<string, string[]>(StringComparer.Ordinal) { ["clips.provider"] = [gone.Message] }, gone);
        }

        var stored = await table.StoredAsync(userId, draft.Session.RequestId, cancellationToken);
        var calls = wishes.Where(wish => !stored.Contains(wish.InputHash)).DistinctBy(wish => wish.InputHash, StringComparer.Ordinal).ToList();
        var rounds = calls.GroupBy(call => call.Provider.Provider).Select(group => Math.Ceiling((double)group.Count() / group.Key.Options.Concurrency)).DefaultIfEmpty(0).Max();
        return new PlannedCalls(
            [.. calls.Select(call => new PlannedCall(call.Number, call.Provider.Provider.Name, call.Offer.Model, call.Offer.Seconds, call.Offer.CostUsd))],
            calls.Sum(call => call.Offer.CostUsd), rounds * SecondsOfOne, await spending.LeftAsync(userId, resourceId: null, draft.Settings.MaxCostUsd, cancellationToken));
    }

    /// <summary>Refuses a film whose clips would cost more than is left. Each call is counted again before it is made.</summary>
    /// <exception cref="ProblemException">It would.</exception>
    public static void RequireBudget(FilmDraft draft)
    {
        if (draft.Calls is { } calls && calls.Left.Exceeds(calls.CostUsd) is { } sentence) throw new ProblemException(ErrorCodes.BudgetExceeded, sentence);
    }
}

/// <summary>What AI services would be asked for.</summary>
/// <param name="Calls">One for each clip.</param>
/// <param name="CostUsd">What they would cost, in US dollars.</param>
/// <param name="Seconds">How long they would take, roughly.</param>
/// <param name="Left">What budgets leave.</param>
internal sealed record PlannedCalls(IReadOnlyList<PlannedCall> Calls, decimal CostUsd, double Seconds, BudgetLeft Left);
