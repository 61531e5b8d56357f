using FrameService.Sessions;
using FrameVideo.Contracts;

namespace FrameService.Frames;

/// <summary>A row of <c>frames</c>.</summary>
internal sealed record FrameRow
{
    public UserId UserId { get; init; }

    public RequestId RequestId { get; init; }

    public int Number { get; init; }

    public string Status { get; init; } = "pending";

    public long Revision { get; init; } = 1;

    public string? Timestamp { get; init; }

    public string? Description { get; init; }

    public string? Prompt { get; init; }

    public string? SceneStory { get; init; }

    public ObjectKey? ObjectKey { get; init; }

    public string? Sha256 { get; init; }

    public string? ContentType { get; init; }

    public long? Bytes { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    /// <summary>From which the picture was made.</summary>
    public long? Seed { get; init; }

    public string? Error { get; init; }

    /// <summary>What another picture is asked for with (<see cref="Frames.Redraw"/>); null where none is.</summary>
    public string? Redraw { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public SessionKey Session => new(UserId, RequestId);

    public FrameStatus State => WireText.Parse<FrameStatus>(Status);

    /// <summary>Whether there is a picture, in the store or parked.</summary>
    public bool HasPicture => State is FrameStatus.Stored or FrameStatus.Inline;

    /// <summary>Whether it says itself what it is to show.</summary>
    public bool HasWords => Prompt is not null || SceneStory is not null || Description is not null;

    /// <summary>As callers see it: a frame that is made again is being generated, and shows its former picture.</summary>
    public FrameStatus Shown => Redraw is null ? State : FrameStatus.Generating;

    /// <summary>The same frame with another picture; what was asked for before it came is settled by it.</summary>
    public FrameRow With(KeptPicture picture, string? provider, string? model, long? seed = null) => this with
    {
        Status = WireText.Of(picture.IsParked ? FrameStatus.Inline : FrameStatus.Stored),
        ObjectKey = picture.Key,
        Sha256 = picture.Sha256,
        ContentType = picture.Header.ContentType,
        Bytes = picture.Bytes,
        Width = picture.Header.Width,
        Height = picture.Header.Height,
        Provider = provider,
        Model = model,
        Seed = seed,
        Error = null,
        Redraw = null,
    };
}
