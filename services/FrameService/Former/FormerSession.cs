using System.Text.Json.Serialization;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;

namespace FrameService.Former;

/// <summary>The answer of <c>GET /api/get_frames</c>.</summary>
internal sealed record FormerSession(bool Success, FormerSession.FormerHead Session, IReadOnlyList<FormerSession.FormerFrame> Frames)
{
    /// <summary>The session, named as the former database named its columns.</summary>
    internal sealed record FormerHead(
        [property: JsonPropertyName("session_id")] RequestId SessionId,
        [property: JsonPropertyName("user_id")] UserId UserId,
        [property: JsonPropertyName("original_prompt")] string? OriginalPrompt,
        [property: JsonPropertyName("video_duration")] double? VideoDuration,
        [property: JsonPropertyName("frame_count")] int FrameCount,
        string? Style,
        string? Mood,
        string Status,
        [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
        [property: JsonPropertyName("updated_at")] DateTimeOffset UpdatedAt)
    {
        public static FormerHead Of(SessionRow row) =>
            new(row.RequestId, row.UserId, row.OriginalPrompt, row.VideoDuration, row.FrameCount, row.Style, row.Mood, row.Status, row.CreatedAt, row.UpdatedAt);
    }

    internal sealed record FormerFrame(
        int Id, string? Timestamp, string? ImageUrl, string? Description, string? Prompt, string? SceneStory, FormerSave.FormerStory? FullStory)
    {
        public static FormerFrame Of(FrameRow row, string? url, Story? story, SessionRow session) => new(
            row.Number, row.Timestamp, url, row.Description, row.Prompt, row.SceneStory,
            story is null ? null : new FormerSave.FormerStory(story.Title, story.OverallStory, session.Style, session.Mood));
    }
}
