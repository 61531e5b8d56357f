using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Contracts;

/// <summary>The generation that would be made.</summary>
public sealed record SessionPlan
{
    /// <summary>Always <c>session_plan</c>.</summary>
    [AllowedValues("session_plan")]
    public string Object { get; init; } = "session_plan";

    /// <summary>Frames that would be made.</summary>
    [Range(1, WireLimits.MaxFrames)]
    public required int FrameCount { get; init; }

    /// <summary>The film's length in seconds.</summary>
    [Range(0, WireLimits.MaxDuration)]
    public required double VideoDuration { get; init; }

    /// <summary>The frames' size.</summary>
    public required AspectRatio AspectRatio { get; init; }

    /// <summary>Pixels across of each frame.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels down of each frame.</summary>
    public required int Height { get; init; }

    /// <summary>Who would make what, in order. Where one is out, the next one of the configuration is asked, which may cost another price.</summary>
    [MaxLength(WireLimits.MaxUsageItems)]
    public required IReadOnlyList<PlannedStep> Steps { get; init; }

    /// <summary>Calls of providers in all; 0 where everything is made here.</summary>
    public required int Calls { get; init; }

    /// <summary>What they would cost in US dollars, rather more than less, as far as prices are known.</summary>
    [Range(0, WireLimits.MaxCostUsd)]
    public required decimal EstimatedCostUsd { get; init; }

    /// <summary>How long it would take in seconds, roughly, once a worker is at it.</summary>
    public required double EstimatedSeconds { get; init; }

    /// <summary>What the budgets leave in US dollars, the request's own <c>maxCostUsd</c> among them; null where there is none.</summary>
    [Range(0, WireLimits.MaxCostUsd)]
    public decimal? BudgetLeftUsd { get; init; }

    /// <summary>Whether the estimate is within the budgets; the generation would be refused with 402 <c>budget-exceeded</c> if not.</summary>
    public required bool WithinBudget { get; init; }
}

/// <summary>One step of a planned generation.</summary>
/// <param name="Kind">What is made.</param>
/// <param name="Provider">The configured name of who would be asked; <c>draft</c> for what is made here.</param>
/// <param name="Model">Which of its models; null for what is made here.</param>
/// <param name="Calls">How many calls; 0 for what is made here.</param>
/// <param name="Pictures">How many pictures.</param>
/// <param name="EstimatedCostUsd">What the calls would cost in US dollars; 0 where no price is known.</param>
/// <param name="EstimatedSeconds">How long they would take in seconds, roughly.</param>
public sealed record PlannedStep(
    UsageKind Kind, [property: StringLength(WireLimits.MaxName)] string Provider, [property: StringLength(WireLimits.MaxName)] string? Model, int Calls, int Pictures, [property: Range(0, WireLimits.MaxCostUsd)] decimal EstimatedCostUsd,
    double EstimatedSeconds);
