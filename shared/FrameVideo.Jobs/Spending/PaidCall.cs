using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>A call of a provider that costs something, before it is made.</summary>
/// <param name="UserId">Who pays.</param>
/// <param name="ResourceId">The session (its request ID) or the video for which it is.</param>
/// <param name="CallId">Names it within the resource, 1-128 characters: the same one is reserved once, however often that is asked. Fresh ones by <see cref="NewId"/>.</param>
/// <param name="Provider">The configured name of who is called.</param>
/// <param name="Model">Which of its models.</param>
/// <param name="Kind">What for.</param>
/// <param name="EstimateUsd">What it will cost at most, as far as that is known before, in US dollars; 0 where it costs nothing or has no price.</param>
/// <param name="MaxCostUsd">What the request allows for all calls of the resource; null for no limit of its own.</param>
public sealed record PaidCall(UserId UserId, string ResourceId, string CallId, string Provider, string Model, UsageKind Kind, decimal EstimateUsd, decimal? MaxCostUsd)
{
    /// <summary>An ID for a call that has no name of its own.</summary>
    public static string NewId() => System.Security.Cryptography.RandomNumberGenerator.GetHexString(24, lowercase: true);
}

/// <summary>What a call came to.</summary>
/// <param name="CostUsd">What is paid for it, in US dollars.</param>
/// <param name="Pictures">Pictures that were made.</param>
/// <param name="InputTokens">Tokens sent.</param>
/// <param name="OutputTokens">Tokens received.</param>
/// <param name="Seconds">Seconds of film.</param>
public sealed record CallCost(decimal CostUsd, int Pictures = 0, long InputTokens = 0, long OutputTokens = 0, double Seconds = 0);

/// <summary>A call would pass a budget: it is not to be made, and nothing was reserved.</summary>
public sealed class BudgetExceededException(string message) : Exception(message);
