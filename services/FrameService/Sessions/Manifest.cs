using FrameService.Frames;
using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary><c>manifest.json</c>: the portable record of a session, enough to rebuild its rows. Rows are the truth; this follows them.</summary>
internal sealed record Manifest
{
    /// <summary>1,000 frames with texts at their longest stay below; more is not ours.</summary>
    public const long MaxBytes = 32L * 1024 * 1024;

    /// <summary>Counts up when a reader of the former form would misread the new one.</summary>
    public int FormatVersion { get; init; } = 1;

    public required RequestId RequestId { get; init; }

    public required UserId UserId { get; init; }

    public required SessionStatus Status { get; init; }

    public SessionStage? Stage { get; init; }

    /// <summary>Null in records that were written before it stood here; so with the others that may be null and are not of the session itself.</summary>
    public int? Progress { get; init; }

    public int? FrameCount { get; init; }

    public int? PicturesMade { get; init; }

    public long? EventNumber { get; init; }

    public ResourceError? Error { get; init; }

    public string? OriginalPrompt { get; init; }

    public Story? Story { get; init; }

    public Style? Style { get; init; }

    public Mood? Mood { get; init; }

    public double? VideoDuration { get; init; }

    public AspectRatio AspectRatio { get; init; }

    public long? Seed { get; init; }

    public string? Provider { get; init; }

    /// <summary>What was spent at providers; budgets go by the rows alone.</summary>
    public IReadOnlyList<UsageItem>? Usage { get; init; }

    public decimal? MaxCostUsd { get; init; }

    public ObjectKey? ReferenceKey { get; init; }

    public SessionStage? PauseAfter { get; init; }

    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The state from which single frames were being made again.</summary>
    public SessionStatus? ReturnTo { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public long Revision { get; init; }

    public long FramesRevision { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public required IReadOnlyList<ManifestFrame> Frames { get; init; }

    public static Manifest Of(SessionRow row, IReadOnlyList<FrameRow> frames) => new()
    {
        RequestId = row.RequestId,
        UserId = row.UserId,
        Status = row.State,
        Stage = JsonText.Enum<SessionStage>(row.Stage),
        Progress = row.Progress,
        FrameCount = row.FrameCount,
        PicturesMade = row.PicturesMade,
        EventNumber = row.EventNumber,
        Error = JsonText.Read<ResourceError>(row.Error),
        OriginalPrompt = row.OriginalPrompt,
        Story = JsonText.Read<Story>(row.Story),
        Style = JsonText.Enum<Style>(row.Style),
        Mood = JsonText.Enum<Mood>(row.Mood),
        VideoDuration = row.VideoDuration,
        AspectRatio = row.AspectRatio,
        Seed = row.Seed,
        Provider = row.Provider,
        Usage = JsonText.Read<IReadOnlyList<UsageItem>>(row.Usage),
        MaxCostUsd = row.MaxCostUsd,
        ReferenceKey = row.ReferenceKey,
        PauseAfter = JsonText.Enum<SessionStage>(row.PauseAfter),
        ApprovedAt = row.ApprovedAt,
        ReturnTo = JsonText.Enum<SessionStatus>(row.ReturnTo),
        Metadata = JsonText.Read<Dictionary<string, string>>(row.Metadata),
        Revision = row.Revision,
        FramesRevision = row.FramesRevision,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        Frames = [.. frames.Select(ManifestFrame.Of)],
    };

    /// <summary>The session's row as it was, one revision on: what readers hold an ETag of is the former one.</summary>
    public SessionRow ToRow(SessionKey key) => new()
    {
        UserId = key.UserId,
        RequestId = key.RequestId,
        Status = WireText.Of(Status),
        Stage = Stage is { } stage ? WireText.Of(stage) : null,
        Progress = Progress ?? 100,
        FrameCount = Math.Clamp(FrameCount ?? 0, 0, Limits.MaxFrames),
        PicturesMade = PicturesMade ?? 0,
        EventNumber = EventNumber ?? 0,
        Error = JsonText.Write(Error),
        OriginalPrompt = OriginalPrompt,
        Story = JsonText.Write(Story),
        Style = Style is { } style ? WireText.Of(style) : null,
        Mood = Mood is { } mood ? WireText.Of(mood) : null,
        VideoDuration = VideoDuration,
        AspectRatio = AspectRatio,
        Seed = Seed,
        Provider = Provider,
        Usage = JsonText.Write(Usage),
        MaxCostMicros = SessionRow.Micros(MaxCostUsd),
        // Another's picture is nobody's reference.
        ReferenceKey = ReferenceKey is { Kind: ObjectKind.Upload } reference && reference.UserId == key.UserId && reference.RequestId == key.RequestId ? reference : null,
        PauseAfter = PauseAfter is { } pause ? WireText.Of(pause) : null,
        ApprovedAt = ApprovedAt,
        ReturnTo = ReturnTo is { } from ? WireText.Of(from) : null,
        Metadata = JsonText.Write(Metadata),
        Revision = Revision + 1,
        FramesRevision = FramesRevision,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };
}

/// <summary>One frame of a manifest.</summary>
internal sealed record ManifestFrame
{
    public required int Number { get; init; }

    public FrameStatus? Status { get; init; }

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

    public ResourceError? Error { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    /// <summary>From which the picture was made.</summary>
    public long? Seed { get; init; }

    /// <summary>What another picture was asked for with.</summary>
    public Redraw? Redraw { get; init; }

    public static ManifestFrame Of(FrameRow row) => new()
    {
        Number = row.Number,
        Status = row.State,
        Revision = row.Revision,
        Timestamp = row.Timestamp,
        Description = row.Description,
        Prompt = row.Prompt,
        SceneStory = row.SceneStory,
        ObjectKey = row.ObjectKey,
        Sha256 = row.Sha256,
        ContentType = row.ContentType,
        Bytes = row.Bytes,
        Width = row.Width,
        Height = row.Height,
        Error = JsonText.Read<ResourceError>(row.Error),
        Provider = row.Provider,
        Model = row.Model,
        Seed = row.Seed,
        Redraw = JsonText.Read<Redraw>(row.Redraw),
    };

    /// <summary>The frame without a key that is not the session's own.</summary>
    public ManifestFrame Within(SessionKey session) =>
        ObjectKey is { } key && (key.UserId != session.UserId || key.RequestId != session.RequestId) ? this with { ObjectKey = null } : this;

    /// <summary>The picture as the record tells of it, where that agrees with what lies in the store: the hash with the name, the size with the object. Null where it has to be read.</summary>
    public KeptPicture? PictureOf(ObjectEntry there) =>
        Sha256 is { Length: 64 } && there.Key == ObjectKey && there.Key.Hash is { } hash && Sha256.StartsWith(hash, StringComparison.Ordinal) && Bytes == there.Length
            && ContentType is not null && Width is > 0 && Height is > 0
            ? new KeptPicture(there.Key, Sha256, there.Length, new PictureHeader(ContentType, there.Key.Extension!, Width.Value, Height.Value), null)
            : null;

    /// <summary>The frame without its picture.</summary>
    public FrameRow ToRow(SessionKey session) => new()
    {
        UserId = session.UserId,
        RequestId = session.RequestId,
        Number = Number,
        Status = WireText.Of(Status is FrameStatus.Failed ? FrameStatus.Failed : FrameStatus.Pending),
        Revision = Math.Max(1, Revision),
        Error = Status is FrameStatus.Failed ? JsonText.Write(Error) : null,
        Timestamp = Timestamp,
        Description = Description,
        Prompt = Prompt,
        SceneStory = SceneStory,
        Redraw = JsonText.Write(Redraw),
    };
}
