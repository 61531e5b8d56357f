using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>What a log belongs to: a session or a video of a user.</summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="ResourceId">The request ID or the video ID.</param>
public readonly record struct ResourceKey(UserId UserId, string ResourceId);

/// <summary>Where a session or a video stands, as far as its followers are concerned.</summary>
public sealed record ResourceState
{
    /// <summary>Whose it is.</summary>
    public UserId UserId { get; init; }

    /// <summary>The request ID or the video ID.</summary>
    public string ResourceId { get; init; } = "";

    /// <summary>The number of its newest event; 0 before the first.</summary>
    public long Number { get; init; }

    /// <summary>Counted up with every change, also with those that are no event.</summary>
    public long Revision { get; init; }

    /// <summary>Its status, as on the wire.</summary>
    public string Status { get; init; } = "";

    /// <summary>Its stage, as on the wire.</summary>
    public string? Stage { get; init; }

    /// <summary>0-100.</summary>
    public int Progress { get; init; }

    /// <summary>Whether no event is to come unless somebody asks for more: it is completed, failed or canceled, and every frame is where it is to stay.</summary>
    public bool IsEnded { get; init; }

    /// <summary>Which one it is.</summary>
    public ResourceKey Key => new(UserId, ResourceId);
}

/// <summary>A service's own statement on where its resources stand.</summary>
public interface IResourceStates
{
    /// <summary>Reads many at once, in one statement. What is not there, or is deleted, is not in the answer.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    Task<IReadOnlyList<ResourceState>> ReadAsync(IReadOnlyCollection<ResourceKey> keys, CancellationToken cancellationToken);
}
