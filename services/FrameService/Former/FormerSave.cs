using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Former;

/// <summary>The body of <c>POST /api/save_frames</c> as the browser application sends it; what it sends besides is passed over.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record FormerSave
{
    [Required, Length(1, WireLimits.MaxFrames)]
    public IReadOnlyList<FormerFrame>? Frames { get; init; }

    [RegularExpression(FrameVideo.Contracts.UserId.Pattern), StringLength(FrameVideo.Contracts.UserId.MaxLength)]
    public string? UserId { get; init; }

    [RegularExpression(RequestId.Pattern), StringLength(RequestId.MaxLength)]
    public string? SessionId { get; init; }

    [StringLength(WireLimits.MaxText)]
    public string? OriginalPrompt { get; init; }

    [Range(WireLimits.MinDuration, WireLimits.MaxDuration)]
    public double? VideoDuration { get; init; }

    [StringLength(WireLimits.MaxText)]
    public string? Style { get; init; }

    [StringLength(WireLimits.MaxText)]
    public string? Mood { get; init; }

    public CreateSessionRequest ToRequest() => new()
    {
        SessionId = string.IsNullOrEmpty(SessionId) ? null : SessionId,
        Prompt = OriginalPrompt,
        VideoDuration = VideoDuration,
        Style = Look<Style>(Style),
        Mood = Look<Mood>(Mood),
        Frames = [.. (Frames ?? []).Select(frame => frame is null ? throw ProblemException.Field("frames", "frames has no null among its entries.") : new SaveFrame
        {
            Number = frame.Id,
            // What these pages write as a time of their own is theirs; ours is worked out where it is none.
            Timestamp = frame.Timestamp is { } timestamp && Timestamps.IsOne(timestamp) ? timestamp : null,
            ImageUrl = frame.ImageUrl,
            Description = frame.Description,
            Prompt = frame.Prompt,
            SceneStory = frame.SceneStory,
        })],
    };

    /// <summary>The story that travels with each frame, whole in the first that has it.</summary>
    public Story? StoryOf()
    {
        if (Frames?.FirstOrDefault(frame => frame.FullStory is not null)?.FullStory is not { } told) return null;
        var scenes = Frames.OrderBy(frame => frame.Id).Select(frame => new Scene(frame.Id, frame.Timestamp is { } timestamp && Timestamps.IsOne(timestamp) ? timestamp : "", frame.SceneStory ?? frame.Description ?? ""));
        return new Story(told.Title ?? "", told.OverallStory ?? "", [.. scenes]);
    }

    private static T? Look<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text?.Replace(" ", "", StringComparison.Ordinal), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record FormerFrame
    {
        [Required, Range(1, WireLimits.MaxFrames)]
        public int Id { get; init; }

        [StringLength(WireLimits.MaxText)]
        public string? Timestamp { get; init; }

        [StringLength(WireLimits.MaxDataUrl)]
        public string? ImageUrl { get; init; }

        [StringLength(WireLimits.MaxText)]
        public string? Description { get; init; }

        [StringLength(WireLimits.MaxText)]
        public string? Prompt { get; init; }

        [StringLength(WireLimits.MaxText)]
        public string? SceneStory { get; init; }

        public FormerStory? FullStory { get; init; }
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record FormerStory(
        [property: StringLength(WireLimits.MaxText)] string? Title = null,
        [property: StringLength(WireLimits.MaxStory)] string? OverallStory = null,
        [property: StringLength(WireLimits.MaxText)] string? Style = null,
        [property: StringLength(WireLimits.MaxText)] string? Mood = null);

    internal sealed record Answer(bool Success, RequestId SessionId, UserId UserId, int FramesCount);
}
