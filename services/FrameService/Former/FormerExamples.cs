using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Former;

/// <summary>What the older routes are sent and answer, for the OpenAPI document.</summary>
internal static class FormerExamples
{
    private static readonly Frame Frame = OpenApiExamples.Frame;
    private static readonly Session Told = OpenApiExamples.Session;
    private static readonly string Link = $"/api/proxy_s3_image?key={Uri.EscapeDataString(Frame.ObjectKey!.Value.ToString())}&token=AAABnDV3.c2lnbmVk";

    public static FormerSave Save { get; } = new()
    {
        Frames = [new FormerSave.FormerFrame { Id = 1, Timestamp = "0:00", ImageUrl = Link, Description = Frame.Description, Prompt = Frame.Prompt }],
        UserId = Told.UserId.ToString(),
        SessionId = OpenApiExamples.RequestId,
        OriginalPrompt = Told.OriginalPrompt,
        VideoDuration = 5,
        Style = "Realistic",
        Mood = "Dramatic",
    };

    public static FormerSave.Answer Saved { get; } = new(true, Told.RequestId, Told.UserId, 1);

    public static FormerSession Session { get; } = new(
        true,
        new FormerSession.FormerHead(Told.RequestId, Told.UserId, Told.OriginalPrompt, 5, 1, "Realistic", "Dramatic", "completed", Told.CreatedAt, Told.UpdatedAt),
        [new FormerSession.FormerFrame(1, "0:00", Link, Frame.Description, Frame.Prompt, Frame.SceneStory, new FormerSession.ToldStory(Told.Story!.Title, Told.Story.OverallStory, "Realistic", "Dramatic"))]);

    public static UploadImage.Answer Uploaded { get; } = new(true, Link, "frame-1", Told.UserId, Frame.ObjectKey!.Value);
}
