using FrameService.Frames;
using FrameVideo.Contracts;

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

    public string? OriginalPrompt { get; init; }

    public Story? Story { get; init; }

    public Style? Style { get; init; }

    public Mood? Mood { get; init; }

    public double? VideoDuration { get; init; }

    public AspectRatio AspectRatio { get; init; }

    public long? Seed { get; init; }

    public string? Provider { get; init; }

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
        OriginalPrompt = row.OriginalPrompt,
        Story = JsonText.Read<Story>(row.Story),
        Style = JsonText.Enum<Style>(row.Style),
        Mood = JsonText.Enum<Mood>(row.Mood),
        VideoDuration = row.VideoDuration,
        AspectRatio = row.AspectRatio,
        Seed = row.Seed,
        Provider = row.Provider,
        Metadata = JsonText.Read<Dictionary<string, string>>(row.Metadata),
        Revision = row.Revision,
        FramesRevision = row.FramesRevision,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
        Frames = [.. frames.Select(ManifestFrame.Of)],
    };

    /// <summary>The session's row as it was; what was being generated is taken as it lies.</summary>
    public SessionRow ToRow(SessionKey key) => new()
    {
        UserId = key.UserId,
        RequestId = key.RequestId,
        Status = WireText.Of(Status is SessionStatus.Draft or SessionStatus.Completed ? Status : SessionStatus.Completed),
        OriginalPrompt = OriginalPrompt,
        Story = JsonText.Write(Story),
        Style = Style is { } style ? WireText.Of(style) : null,
        Mood = Mood is { } mood ? WireText.Of(mood) : null,
        VideoDuration = VideoDuration,
        AspectRatio = AspectRatio,
        Seed = Seed,
        Provider = Provider,
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

    public string? Timestamp { get; init; }

    public string? Description { get; init; }

    public string? Prompt { get; init; }

    public string? SceneStory { get; init; }

    public ObjectKey? ObjectKey { get; init; }

    public string? Sha256 { get; init; }

    public string? Provider { get; init; }

    public string? Model { get; init; }

    public static ManifestFrame Of(FrameRow row) => new()
    {
        Number = row.Number,
        Timestamp = row.Timestamp,
        Description = row.Description,
        Prompt = row.Prompt,
        SceneStory = row.SceneStory,
        ObjectKey = row.ObjectKey,
        Sha256 = row.Sha256,
        Provider = row.Provider,
        Model = row.Model,
    };

    /// <summary>The frame without a key that is not the session's own.</summary>
    public ManifestFrame Within(SessionKey session) =>
        ObjectKey is { } key && (key.UserId != session.UserId || key.RequestId != session.RequestId) ? this with { ObjectKey = null } : this;

    public FrameRow ToRow(SessionKey session) => new()
    {
        UserId = session.UserId,
        RequestId = session.RequestId,
        Number = Number,
        Timestamp = Timestamp,
        Description = Description,
        Prompt = Prompt,
        SceneStory = SceneStory,
    };
}
