using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Jobs;

/// <summary>How much may be spent at providers. Section <c>Spending</c>. Each service counts what it spends itself: FrameService stories and frames, VideoService clips.</summary>
public sealed class SpendingOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Spending";

    /// <summary>US dollars for one session (one film, in VideoService), retries and frames made again included: 0 to 1,000,000, default none. A request's own <c>maxCostUsd</c> may be lower, never higher.</summary>
    [Range(typeof(decimal), "0", "1000000", ParseLimitsInInvariantCulture = true)]
    public decimal? PerRequestUsd { get; set; }

    /// <summary>US dollars for one user within a <see cref="Period"/>: 0 to 1,000,000, default none. What was deleted meanwhile is counted.</summary>
    [Range(typeof(decimal), "0", "1000000", ParseLimitsInInvariantCulture = true)]
    public decimal? PerUserUsd { get; set; }

    /// <summary>Of the calendar, in UTC: <c>day</c>, <c>week</c> (from Monday) or <c>month</c>, the default.</summary>
    public SpendingPeriod Period { get; set; } = SpendingPeriod.Month;
}

/// <summary>For how long a user's budget is.</summary>
public enum SpendingPeriod
{
    /// <summary>From the first of a month.</summary>
    Month,

    /// <summary>From a Monday.</summary>
    Week,

    /// <summary>From midnight.</summary>
    Day,
}
