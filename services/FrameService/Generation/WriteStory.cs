using FrameService.Frames;
using FrameService.Generation.Writing;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Telemetry;

namespace FrameService.Generation;

/// <summary>The first step of a generation: the story with a prompt for each frame. Where a person has edited scenes, their prompts alone are made.</summary>
internal sealed class WriteStory(SessionTable sessions, FrameTable frames, IStoryWriter writer, FrameMetrics metrics, TimeProvider clock)
{
    public async Task RunAsync(Attempt attempt)
    {
        var session = attempt.Session;
        if (session.ReturnTo is not null) return;
        if (JsonText.Read<Story>(session.Story) is { } story) await PromptAsync(attempt, story);
        else if (session.Stage == WireText.Of(SessionStage.Story)) await WriteAsync(attempt);
    }

    /// <summary>The frame prompt for a scene in a person's own words; the story's profile goes with it.</summary>
    public static string PromptOf(SessionRow session, int number, string scene) => FramePrompt.Of(BriefOf(session), JsonText.Read<Story>(session.Story)?.Profile, number, scene);

    private async Task WriteAsync(Attempt attempt)
    {
        var brief = BriefOf(attempt.Session);
        var written = await metrics.TimeAsync("story", Tracing.Begin("story write"), clock, () => writer.WriteAsync(brief, attempt.Token));
        await attempt.WriteAsync(async (transaction, row) =>
        {
            var known = (await FrameTable.ListAsync(transaction, row.Key)).ToDictionary(frame => frame.Number);
            await frames.WriteAsync(transaction, [.. written.Story.Scenes.Select((scene, index) => known[index + 1] with
            {
                Timestamp = Timestamps.Of(index * brief.DurationSeconds / row.FrameCount),
                Description = scene.Description,
                Prompt = written.FramePrompts[index],
                SceneStory = scene.Description,
            })]);
            await SessionTable.KeepStoryDraftAsync(transaction, row.Key, draft: null);
            row = row with { Story = JsonText.Write(written.Story), Stage = WireText.Of(SessionStage.Frames), Provider = written.Story.Provider, Progress = 5 };
            return await sessions.AppendAsync(transaction, row, "session.story_ready", new { row.RequestId, written.Story.Title });
        });
    }

    private async Task PromptAsync(Attempt attempt, Story story)
    {
        var scenes = story.Scenes.DistinctBy(scene => scene.SceneNumber).ToDictionary(scene => scene.SceneNumber, scene => scene.Description);
        var prompts = new Dictionary<int, string>();
        foreach (var frame in (await frames.ListAsync(attempt.Key, attempt.Token)).Where(frame => frame.Prompt is null && scenes.ContainsKey(frame.Number)))
            prompts[frame.Number] = PromptOf(attempt.Session, frame.Number, scenes[frame.Number]);
        if (prompts.Count == 0) return;
        await attempt.WriteAsync(async (transaction, row) =>
        {
            var known = await FrameTable.ListAsync(transaction, row.Key);
            await frames.WriteAsync(transaction, [.. known.Where(frame => frame.Prompt is null && prompts.ContainsKey(frame.Number)).Select(frame => frame with { Prompt = prompts[frame.Number] })]);
            return row;
        });
    }

    /// <summary>What the story is to be about.</summary>
    public static StoryBrief BriefOf(SessionRow session) => new(
        session.OriginalPrompt ?? "", Math.Max(1, session.FrameCount), session.VideoDuration ?? GenerateSession.SecondsPerFrame * Math.Max(1, session.FrameCount),
        session.StyleOrDefault, session.MoodOrDefault, session.Seed ?? 0, session);
}
