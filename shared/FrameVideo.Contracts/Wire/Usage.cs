using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>What was used to make a session or a video.</summary>
/// <param name="Provider">Who made it.</param>
/// <param name="Pictures">Pictures made, repeated ones counted.</param>
/// <param name="CostUsd">In US dollars; 0 for the local generators and the renderer. A call whose end nobody knows is counted at its estimate.</param>
public sealed record Usage([property: StringLength(WireLimits.MaxName)] string? Provider, int Pictures, [property: Range(0, 1_000_000)] decimal CostUsd)
{
    /// <summary>Calls of providers, by provider, model and kind; none for the local generators and the renderer.</summary>
    [MaxLength(WireLimits.MaxUsageItems)]
    public IReadOnlyList<UsageItem> Items { get; init; } = [];
}

/// <summary>Calls of one provider's model for one kind of thing.</summary>
/// <param name="Provider">The configured name of who was called.</param>
/// <param name="Model">Which of its models.</param>
/// <param name="Kind">What was made.</param>
/// <param name="Calls">Calls that were paid, or whose end nobody knows.</param>
/// <param name="Pictures">Pictures made.</param>
/// <param name="InputTokens">Tokens sent.</param>
/// <param name="OutputTokens">Tokens received.</param>
/// <param name="Seconds">Seconds of film made.</param>
/// <param name="CostUsd">In US dollars, by the configured prices.</param>
public sealed record UsageItem(
    [property: StringLength(WireLimits.MaxName)] string Provider, [property: StringLength(WireLimits.MaxName)] string Model, UsageKind Kind, int Calls, int Pictures, long InputTokens, long OutputTokens,
    double Seconds, [property: Range(0, 1_000_000)] decimal CostUsd);

/// <summary>What a provider makes.</summary>
[JsonConverter(typeof(SnakeCaseConverter<UsageKind>))]
public enum UsageKind
{
    /// <summary>A story, by a language model.</summary>
    Story,

    /// <summary>A frame's picture.</summary>
    Frame,

    /// <summary>A moving clip.</summary>
    Clip,
}
