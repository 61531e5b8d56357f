using System.Text.Json;
using FrameVideo.Contracts;
using VideoService.Rendering.Foreign;

namespace VideoService.Clips;

/// <summary>A row of <c>clip_tasks</c>.</summary>
internal sealed record ClipTaskRow
{
    /// <summary>Nobody has been asked yet, or everybody has been let go.</summary>
    public const string Wanted = "wanted";

    /// <summary>The service is being asked at this moment, or was when the process died.</summary>
    public const string Submitting = "submitting";

    /// <summary>The service has taken it and told its ID.</summary>
    public const string Running = "running";

    /// <summary>It lies in the store.</summary>
    public const string Stored = "stored";

    /// <summary>The service has not made it.</summary>
    public const string Failed = "failed";

    public UserId UserId { get; init; }

    public RequestId RequestId { get; init; }

    public string InputHash { get; init; } = "";

    /// <summary>The number of the frame for which it was wanted first.</summary>
    public int Number { get; init; }

    public string Provider { get; init; } = "";

    public string Model { get; init; } = "";

    /// <summary>What else was asked, for people.</summary>
    public string Asked { get; init; } = "{}";

    public string Status { get; init; } = Wanted;

    /// <summary>How often it was handed in or was about to be.</summary>
    public int Submissions { get; init; }

    /// <summary>Of those, how often in a row nobody knows what became of it.</summary>
    public int Lost { get; init; }

    /// <summary>How often it has failed.</summary>
    public int Failures { get; init; }

    /// <summary>The film and its attempt that have handed it in, and pay for it.</summary>
    public VideoId? OwnerVideo { get; init; }

    public int? OwnerAttempt { get; init; }

    public string? TaskId { get; init; }

    /// <summary>When the service may be asked next.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Since when it is being tried, by one film or several.</summary>
    public DateTimeOffset? TriedSince { get; init; }

    public string? Error { get; init; }

    public ObjectKey? ObjectKey { get; init; }

    /// <summary>What was found of the clip, as JSON.</summary>
    public string? Footage { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public ResourceError? Why => Error is null ? null : JsonSerializer.Deserialize<ResourceError>(Error, WireJson.Options);

    public Footage? Clip => Footage is null ? null : JsonSerializer.Deserialize<Footage>(Footage, WireJson.Options);
}

/// <summary>A row of <c>clip_wants</c>.</summary>
internal sealed record ClipWantRow
{
    public VideoId VideoId { get; init; }

    public int Number { get; init; }

    public UserId UserId { get; init; }

    public RequestId RequestId { get; init; }

    public string InputHash { get; init; } = "";

    /// <summary>How often the clip had failed when the film began to want it: what fails after that has failed for this film, too.</summary>
    public int Failures { get; init; }

    /// <summary>Why the renderer made it in the service's place.</summary>
    public string? Error { get; init; }

    public ResourceError? Why => Error is null ? null : JsonSerializer.Deserialize<ResourceError>(Error, WireJson.Options);
}
