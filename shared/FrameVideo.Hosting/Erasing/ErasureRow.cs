using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>A row of <c>erasures</c>.</summary>
public sealed record ErasureRow
{
    /// <summary>It was asked for here: everything that is living goes.</summary>
    public const string Request = "request";

    /// <summary>FrameService has told of it: what is younger than its request stays.</summary>
    public const string Feed = "feed";

    /// <summary>Whose data it is.</summary>
    public UserId UserId { get; init; }

    /// <summary><see cref="Request"/> or <see cref="Feed"/>.</summary>
    public string Origin { get; init; } = Request;

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>When every row was buried; null before.</summary>
    public DateTimeOffset? BuriedAt { get; init; }

    /// <summary>When the last of it was gone; null before.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Sessions buried.</summary>
    public long Sessions { get; init; }

    /// <summary>Frames removed.</summary>
    public long Frames { get; init; }

    /// <summary>Films buried.</summary>
    public long Videos { get; init; }

    /// <summary>Objects removed.</summary>
    public long Objects { get; init; }

    /// <summary>Other rows removed.</summary>
    public long RowsRemoved { get; init; }

    /// <summary>Objects of former layouts.</summary>
    public long ObjectsLeft { get; init; }

    /// <summary>As callers see it.</summary>
    public Erasure ToWire(PublicLinks links)
    {
        ArgumentNullException.ThrowIfNull(links);
        return new Erasure
        {
            UserId = UserId,
            RequestedAt = RequestedAt,
            CompletedAt = CompletedAt,
            Sessions = Sessions,
            Frames = Frames,
            Videos = Videos,
            Objects = Objects,
            Rows = RowsRemoved,
            ObjectsLeft = ObjectsLeft,
            Links = new ErasureLinks(links.To(ErasureEndpoints.PathOf(UserId))),
        };
    }
}
