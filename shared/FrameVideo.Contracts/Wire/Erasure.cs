using System.ComponentModel.DataAnnotations;

namespace FrameVideo.Contracts;

/// <summary>What one service has removed of a user's data, and whether that is all of it.</summary>
public sealed record Erasure
{
    /// <summary>Always <c>erasure</c>.</summary>
    [AllowedValues("erasure")]
    public string Object { get; init; } = "erasure";

    /// <summary>Whose data it is.</summary>
    public required UserId UserId { get; init; }

    /// <summary>When it was last asked for: what was there then is removed.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When the last of it was gone.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Whether all of it is gone. Until then nothing of it can be read any more, and the service goes on removing it by itself.</summary>
    public bool Complete => CompletedAt is not null;

    /// <summary>Sessions removed; FrameService's part.</summary>
    public long Sessions { get; init; }

    /// <summary>Frames removed; FrameService's part.</summary>
    public long Frames { get; init; }

    /// <summary>Films removed; VideoService's part.</summary>
    public long Videos { get; init; }

    /// <summary>Objects removed from the store, those without a row included.</summary>
    public long Objects { get; init; }

    /// <summary>Other rows removed: events, parked pictures, deliveries, kept answers.</summary>
    public long Rows { get; init; }

    /// <summary>Objects under the user's names in a former product's layouts, which this service may not remove; an operator does.</summary>
    public long ObjectsLeft { get; init; }

    /// <summary>Where to go from here.</summary>
    public required ErasureLinks Links { get; init; }
}

/// <summary>Addresses around an erasure.</summary>
/// <param name="Self">The report; read it again to see the end.</param>
public sealed record ErasureLinks([property: Url] string Self);
