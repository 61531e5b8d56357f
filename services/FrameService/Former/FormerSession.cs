using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;

namespace FrameService.Former;

/// <summary>The answer of <c>GET /api/get_frames</c>.</summary>
internal sealed record FormerSession(bool Success, FormerSession.FormerHead Session, [property: MaxLength(WireLimits.MaxFrames)] IReadOnlyList<FormerSession.FormerFrame> Frames)
{
    /// <summary>The session, named as the former database named its columns.</summary>
    internal sealed record FormerHead(
        [property: JsonPropertyName("session_id")] RequestId SessionId,
        [property: JsonPropertyName("user_id")] UserId UserId,
        [property: JsonPropertyName("original_prompt"), StringLength(WireLimits.MaxText)] string? OriginalPrompt,
        [property: JsonPropertyName("video_duration"), Range(0, WireLimits.MaxDuration)] double? VideoDuration,
        [property: JsonPropertyName("frame_count"), Range(0, WireLimits.MaxFrames)] int FrameCount,
        [property: StringLength(WireLimits.MaxName)] string? Style,
        [property: StringLength(WireLimits.MaxName)] string? Mood,
        [property: StringLength(WireLimits.MaxName)] string Status,
        [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
        [property: JsonPropertyName("updated_at")] DateTimeOffset UpdatedAt)
    {
        public static FormerHead Of(SessionRow row) =>
            new(row.RequestId, row.UserId, row.OriginalPrompt, row.VideoDuration, row.FrameCount, row.Style, row.Mood, row.Status, row.CreatedAt, row.UpdatedAt);
    }

    internal sealed record FormerFrame(
        [property: Range(1, WireLimits.MaxFrames)] int Id,
        [property: StringLength(WireLimits.MaxTimestamp)] string? Timestamp,
        [property: RegularExpression("^(data:image/|/api/proxy_s3_image\\?).+$"), StringLength(WireLimits.MaxDataUrl)] string? ImageUrl,
        [property: StringLength(WireLimits.MaxText)] string? Description,
        [property: StringLength(WireLimits.MaxText)] string? Prompt,
        [property: StringLength(WireLimits.MaxText)] string? SceneStory,
        ToldStory? FullStory)
    {
        public static FormerFrame Of(FrameRow row, string? url, Story? story, SessionRow session) => new(
            row.Number, row.Timestamp, url, row.Description, row.Prompt, row.SceneStory,
            story is null ? null : new ToldStory(story.Title, story.OverallStory, session.Style, session.Mood));
    }

    /// <summary>The story, as it travels with each frame.</summary>
    internal sealed record ToldStory(
        [property: StringLength(WireLimits.MaxText)] string Title,
        [property: StringLength(WireLimits.MaxStory)] string OverallStory,
        [property: StringLength(WireLimits.MaxName)] string? Style,
        [property: StringLength(WireLimits.MaxName)] string? Mood);
}
