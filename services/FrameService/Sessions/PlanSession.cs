using FrameService.Generation;
using FrameService.Generation.Writing.Asked;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>Says what a generation would call, cost and take. Nobody is called, and nothing is kept.</summary>
internal sealed class PlanSession(FrameVideo.Hosting.Providers providers, FrameArtists artists, Anchors anchors, Spending spending)
{
    /// <summary>Characters of a frame's prompt with the story's profile in it, as models write them.</summary>
    private const int PromptLength = 1500;

    /// <summary>Seconds of one answer, as they were in November 2026 on OpenAI's default models; those of the local writer and artist on two cores. Plans say "roughly".</summary>
    private const double StorySeconds = 20;
    private const double PictureSeconds = 25;
    private const double LocalPictureSeconds = 0.4;

    /// <summary>The plan of a row that is about to be queued.</summary>
    public async Task<(SessionPlan Plan, string? Exceeds)> RunAsync(SessionRow row, bool hasReference, CancellationToken cancellationToken)
    {
        List<PlannedStep> steps = [StoryOf(row), FramesOf(row, hasReference)];
        var cost = steps.Sum(step => step.EstimatedCostUsd);
        var left = await spending.LeftAsync(row.UserId, row.RequestId.ToString(), row.MaxCostUsd, cancellationToken);
        var exceeds = left.Exceeds(cost);
        var plan = new SessionPlan
        {
            FrameCount = row.FrameCount,
            VideoDuration = row.VideoDuration ?? 0,
            AspectRatio = row.AspectRatio,
            Width = row.AspectRatio.Width,
            Height = row.AspectRatio.Height,
            Steps = steps,
            Calls = steps.Sum(step => step.Calls),
            EstimatedCostUsd = cost,
            EstimatedSeconds = steps.Sum(step => step.EstimatedSeconds),
            BudgetLeftUsd = left.Usd,
            WithinBudget = exceeds is null,
        };
        return (plan, exceeds);
    }

    private PlannedStep StoryOf(SessionRow row)
    {
        if (providers.ChosenFor(ProviderUse.Stories)[0] is not { } provider) return new PlannedStep(UsageKind.Story, ProviderUse.Stories.Local, null, 0, 0, 0, 0);
        var brief = WriteStory.BriefOf(row);
        var calls = (row.FrameCount + ChatStoryWriter.Batch - 1) / ChatStoryWriter.Batch;
        var cost = Enumerable.Range(0, calls).Sum(call => ChatStoryWriter.EstimateUsd(provider, brief, Math.Min(ChatStoryWriter.Batch, row.FrameCount - (call * ChatStoryWriter.Batch))));
        return new PlannedStep(UsageKind.Story, provider.Name, provider.Options.StoryModel, calls, 0, cost, calls * StorySeconds);
    }

    private PlannedStep FramesOf(SessionRow row, bool hasReference)
    {
        var count = row.FrameCount;
        var (provider, artist) = artists.Chosen[0];
        if (provider is null || artist is null) return new PlannedStep(UsageKind.Frame, artists.Local.Provider, null, 0, count, 0, count * LocalPictureSeconds);
        var isInTurn = !hasReference && anchors.IsInTurn(row);
        var first = artist.Estimate(row.AspectRatio, PromptLength, hasReference);
        var others = artist.Estimate(row.AspectRatio, PromptLength, hasReference || isInTurn);
        var turns = isInTurn ? count : Math.Ceiling(count / (double)provider.Options.Concurrency);
        return new PlannedStep(UsageKind.Frame, provider.Name, artist.Model, count, count, first + ((count - 1) * others), turns * PictureSeconds);
    }
}
