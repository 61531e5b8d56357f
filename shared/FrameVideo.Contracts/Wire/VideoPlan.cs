using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Contracts;

/// <summary>The film that would be made.</summary>
/// <param name="Object">Always <c>video_plan</c>.</param>
/// <param name="RequestId">The generation.</param>
/// <param name="FramesRevision">The session's revision.</param>
/// <param name="Duration">Seconds.</param>
/// <param name="Fps">Pictures a second.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="FrameCount">Pictures in the film.</param>
/// <param name="Frames">The frames that were found, in order.</param>
/// <param name="Clips">The parts in which one frame alone would be seen, in order.</param>
/// <param name="Joints">What would stand between them, in order.</param>
/// <param name="FrameFailures">Frames that the film would go without.</param>
public sealed record VideoPlan(
    [property: AllowedValues("video_plan")] string Object, RequestId RequestId, long FramesRevision, [property: Range(0, 60_000)] double Duration, [property: AllowedValues(24, 25, 30, 50, 60)] int Fps, int Width, int Height, int FrameCount, [property: MaxLength(WireLimits.MaxFrames)] IReadOnlyList<PlannedFrame> Frames,
    [property: MaxLength(WireLimits.MaxFrames)] IReadOnlyList<PlannedClip> Clips, [property: MaxLength(WireLimits.MaxFrames)] IReadOnlyList<PlannedJoint> Joints,
    [property: MaxLength(WireLimits.MaxFrames)] IReadOnlyList<FrameFailure> FrameFailures)
{
    /// <summary>Clips that AI services would be asked for, in order; those that are there already are not asked for again and not among them.</summary>
    [MaxLength(WireLimits.MaxFrames)]
    public IReadOnlyList<PlannedCall> ProviderCalls { get; init; } = [];

    /// <summary>What they would cost at most, in US dollars, as far as prices are known.</summary>
    [Range(0, WireLimits.MaxCostUsd)]
    public decimal EstimatedCostUsd { get; init; }

    /// <summary>How long the AI services would take, in seconds, roughly; rendering itself comes to it.</summary>
    public double EstimatedSeconds { get; init; }

    /// <summary>What the budgets leave, in US dollars, the request's own <c>maxCostUsd</c> among them; null where there is none.</summary>
    [Range(0, WireLimits.MaxCostUsd)]
    public decimal? BudgetLeftUsd { get; init; }

    /// <summary>Whether the estimate is within the budgets; the film would be refused with 402 <c>budget-exceeded</c> if not.</summary>
    public bool WithinBudget { get; init; } = true;
}

/// <summary>One clip that an AI service would be asked for.</summary>
/// <param name="Number">The frame's number.</param>
/// <param name="Provider">The configured name of who would be asked.</param>
/// <param name="Model">Which of its models.</param>
/// <param name="Seconds">How long a clip it would be asked for.</param>
/// <param name="EstimatedCostUsd">What it would cost, in US dollars; 0 where no price is known.</param>
public sealed record PlannedCall(
    [property: Range(1, WireLimits.MaxFrames)] int Number, [property: StringLength(WireLimits.MaxName)] string Provider, [property: StringLength(WireLimits.MaxName)] string Model, [property: Range(1, 60)] double Seconds,
    [property: Range(0, WireLimits.MaxCostUsd)] decimal EstimatedCostUsd);

/// <summary>One frame of a plan.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Status">stored or inline.</param>
/// <param name="ObjectKey">Its name in the store.</param>
/// <param name="Sha256">Its bytes.</param>
public sealed record PlannedFrame(
    [property: Range(1, WireLimits.MaxFrames)] int Number, FrameStatus Status, ObjectKey ObjectKey,
    [property: RegularExpression(WireLimits.Sha256), StringLength(64, MinimumLength = 64)] string Sha256);

/// <summary>One part of a planned film, in which one frame alone is seen.</summary>
/// <param name="Number">The frame's number.</param>
/// <param name="Motion">How the camera moves over it.</param>
/// <param name="Fit">How its picture fills the film.</param>
/// <param name="StartFrame">Its first picture in the film, from 0.</param>
/// <param name="FrameCount">How many pictures it has.</param>
public sealed record PlannedClip([property: Range(1, WireLimits.MaxFrames)] int Number, Motion Motion, Fit Fit, int StartFrame, int FrameCount);

/// <summary>How one frame of a planned film becomes the next.</summary>
/// <param name="After">The number of the frame before it.</param>
/// <param name="Transition">In which way.</param>
/// <param name="Direction">Where a wipe or a slide goes; null for others.</param>
/// <param name="StartFrame">Its first picture in the film; of a cut, the first of the next frame.</param>
/// <param name="FrameCount">How many pictures it has; 0 for a cut, and where the neighbours are too short for anything else.</param>
public sealed record PlannedJoint([property: Range(1, WireLimits.MaxFrames)] int After, Transition Transition, Direction? Direction, int StartFrame, int FrameCount);
