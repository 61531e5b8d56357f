using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>How it stands with an event that is sent to a <c>callbackUrl</c>.</summary>
[JsonConverter(typeof(SnakeCaseConverter<DeliveryStatus>))]
public enum DeliveryStatus
{
    /// <summary>It waits for its first attempt or the next one, or is being sent.</summary>
    Pending,

    /// <summary>The receiver has answered with 2xx.</summary>
    Delivered,

    /// <summary>The last attempt of the schedule has failed.</summary>
    Failed,

    /// <summary>The receiver has answered with 410: nothing of this session or video is sent to it any more.</summary>
    Stopped,
}

/// <summary>One event and its way to the receiver. What is sent is the event as its log has it.</summary>
public sealed record Delivery
{
    /// <summary>The event's ID, which is the <c>webhook-id</c> of every attempt.</summary>
    [RegularExpression(WireLimits.EventId), StringLength(WireLimits.MaxName)]
    public required string Id { get; init; }

    /// <summary>Always <c>delivery</c>.</summary>
    [AllowedValues("delivery")]
    public string Object { get; init; } = "delivery";

    /// <summary>The event's type, such as <c>session.completed</c>.</summary>
    [RegularExpression(WireLimits.EventType), StringLength(WireLimits.MaxName)]
    public required string Type { get; init; }

    /// <summary>Where it is sent to; the query is left out, since it may hold a secret.</summary>
    [Url]
    public required string Url { get; init; }

    /// <summary>How it stands.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>How often it was sent. An attempt that a crash has cut off is counted, but is not among <see cref="Attempts"/>.</summary>
    public required int AttemptCount { get; init; }

    /// <summary>The latest attempts, at most 20, the oldest first.</summary>
    [MaxLength(20)]
    public required IReadOnlyList<DeliveryAttempt> Attempts { get; init; }

    /// <summary>When the event happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is sent next; null where it is not sent any more.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}

/// <summary>What came of one attempt.</summary>
/// <param name="Time">When it began.</param>
/// <param name="StatusCode">What the receiver answered; null where no answer came.</param>
/// <param name="Error">Why it failed, a sentence; null where it did not.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record DeliveryAttempt(DateTimeOffset Time, [property: Range(100, 999)] int? StatusCode, [property: StringLength(WireLimits.MaxText)] string? Error, int Milliseconds);
