using System.Text.Json.Serialization;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Former;

/// <summary>The body of <c>POST /api/save_frames</c> as the browser application sends it; what it sends besides is passed over.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record FormerSave
{
    public IReadOnlyList<FormerFrame>? Frames { get; init; }

    public string? UserId { get; init; }

    public string? SessionId { get; init; }

    public string? OriginalPrompt { get; init; }

    public double? VideoDuration { get; init; }

    public string? Style { get; init; }

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
        public int Id { get; init; }

        public string? Timestamp { get; init; }

        public string? ImageUrl { get; init; }

        public string? Description { get; init; }

        public string? Prompt { get; init; }

        public string? SceneStory { get; init; }

        public FormerStory? FullStory { get; init; }
    }

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
    internal sealed record FormerStory(string? Title = null, string? OverallStory = null, string? Style = null, string? Mood = null);

    internal sealed record Answer(bool Success, RequestId SessionId, UserId UserId, int FramesCount);
}
