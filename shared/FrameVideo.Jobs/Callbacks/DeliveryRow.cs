using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>A row of <c>deliveries</c>.</summary>
public sealed record DeliveryRow
{
    /// <summary>How many attempts a row remembers.</summary>
    private const int Remembered = 20;

    /// <summary>Whose resource it is.</summary>
    public UserId UserId { get; init; }

    /// <summary>The session's request ID or the video's ID.</summary>
    public string ResourceId { get; init; } = "";

    /// <summary>The event's number.</summary>
    public long Number { get; init; }

    /// <summary>The event's type.</summary>
    public string Type { get; init; } = "";

    /// <summary>Where it is sent to.</summary>
    public string Url { get; init; } = "";

    /// <summary>The URL's host with its port, by which receivers are told apart.</summary>
    public string Host { get; init; } = "";

    /// <summary>One of <see cref="DeliveryStatus"/>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Claims so far; the one that has counted it up may write.</summary>
    public int Attempts { get; init; }

    /// <summary>How many of the schedule's retries are used up.</summary>
    public int Step { get; init; }

    /// <summary>The latest <see cref="DeliveryAttempt"/>s, as JSON.</summary>
    public string History { get; init; } = "[]";

    /// <summary>When the event was written.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it is due; null where it is not sent any more.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>The event's ID.</summary>
    public string EventId => EventLog.IdOf(ResourceId, Number);

    /// <summary>The latest attempts.</summary>
    public IReadOnlyList<DeliveryAttempt> Known => JsonSerializer.Deserialize<List<DeliveryAttempt>>(History, WireJson.Options)!;

    /// <summary>The row with one more attempt.</summary>
    public DeliveryRow With(DeliveryAttempt attempt) => this with { History = JsonSerializer.Serialize(Known.Append(attempt).TakeLast(Remembered), WireJson.Options) };
}
