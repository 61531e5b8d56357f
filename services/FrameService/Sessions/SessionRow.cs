using FrameVideo.Contracts;

namespace FrameService.Sessions;

/// <summary>The two names that make a session's identity: whose it is, and which generation.</summary>
internal readonly record struct SessionKey(UserId UserId, RequestId RequestId)
{
    /// <summary>As one text, for work and locks; a user ID has no slash.</summary>
    public override string ToString() => $"{UserId}/{RequestId}";

    public static SessionKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return new SessionKey(UserId.Parse(text.AsSpan(0, slash)), RequestId.Parse(text.AsSpan(slash + 1)));
    }
}

/// <summary>A row of <c>sessions</c>.</summary>
internal sealed record SessionRow
{
    public UserId UserId { get; init; }

    public RequestId RequestId { get; init; }

    public string Status { get; init; } = "draft";

    public string? Stage { get; init; }

    public int Progress { get; init; }

    public long Revision { get; init; } = 1;

    public long FramesRevision { get; init; }

    public long EventNumber { get; init; }

    public int Attempt { get; init; }

    public int IdleAttempts { get; init; }

    public string? OriginalPrompt { get; init; }

    public string? Style { get; init; }

    public string? Mood { get; init; }

    public double? VideoDuration { get; init; }

    public int FrameCount { get; init; }

    public AspectRatio AspectRatio { get; init; }

    public long? Seed { get; init; }

    public string? Story { get; init; }

    public string? Metadata { get; init; }

    public string? Error { get; init; }

    public int PicturesMade { get; init; }

    public string? Provider { get; init; }

    /// <summary>What was spent at providers, as JSON (a list of <see cref="UsageItem"/>); written by <see cref="SessionTable.CountAsync"/> alone.</summary>
    public string? Usage { get; init; }

    /// <summary>What the request allows for all paid calls, in millionths of a dollar; null for no limit of its own.</summary>
    public long? MaxCostMicros { get; init; }

    /// <summary>The picture that frames are to keep to, among the session's uploads; null where none was given.</summary>
    public ObjectKey? ReferenceKey { get; init; }

    /// <summary>The stage after which it waits for an approval.</summary>
    public string? PauseAfter { get; init; }

    /// <summary>When that was given.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The state from which single frames are made again, and to which it comes back where others are missing; null where everything that is missing is made.</summary>
    public string? ReturnTo { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public SessionKey Key => new(UserId, RequestId);

    public decimal? MaxCostUsd => MaxCostMicros / 1_000_000m;

    /// <summary>Dollars as rows have them.</summary>
    public static long? Micros(decimal? usd) => usd is { } given ? (long)decimal.Floor(given * 1_000_000m) : null;

    public SessionStatus State => WireText.Parse<SessionStatus>(Status);

    public Style StyleOrDefault => JsonText.Enum<Style>(Style) ?? default;

    public Mood MoodOrDefault => JsonText.Enum<Mood>(Mood) ?? default;

    /// <summary>Whether a worker is at it or will be.</summary>
    public bool IsGenerating => State is SessionStatus.Queued or SessionStatus.InProgress;

    /// <summary>Whether there is something to stop: a worker, or a wait for an approval.</summary>
    public bool IsOpen => IsGenerating || State == SessionStatus.AwaitingApproval;

    /// <summary>Whether it is to wait for an approval once this stage is done. Where no story is written, since people have given the frames their words, none is waited for.</summary>
    public bool PausesAfter(SessionStage stage) =>
        ApprovedAt is null && PauseAfter == WireText.Of(stage) && (stage != SessionStage.Story || Story is not null || Stage == WireText.Of(SessionStage.Story));
}
