using System.Data.Common;
using FrameService.Frames;
using FrameService.Generation.Writing;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Sessions;

/// <summary>
/// Puts a person's story in the place of the one that was written. Words go with their scene: one whose description is as it was keeps its frame's texts, wherever it stands now; for another one the
/// prompt is left out, and made by the story writer before it is drawn.
/// </summary>
internal sealed class EditStory(FrameTable frames)
{
    /// <exception cref="ProblemException">validation-failed.</exception>
    public static void Check(EditedStory? story)
    {
        if (story is null) return;
        var limits = new Limits();
        Words("story.title", story.Title);
        limits.Text("story.overallStory", story.OverallStory, Limits.MaxStory);
        limits.Text("story.profile.characters", story.Profile?.Characters, WireLimits.MaxProfile);
        limits.Text("story.profile.style", story.Profile?.Style, WireLimits.MaxProfile);
        var scenes = story.Scenes ?? [];
        if (story.Scenes is not null && scenes.Count is < 1 or > Limits.MaxFrames) limits.Fail("story.scenes", $"story.scenes has 1 to {Limits.MaxFrames} entries.");
        var last = int.MinValue;
        for (var i = 0; i < Math.Min(scenes.Count, Limits.MaxFrames); i++)
        {
            // The serializer's rule about null ends at the members of a list.
            if (scenes[i] is not { } scene) throw ProblemException.Field("story.scenes", "story.scenes has no null among its entries.");
            Words($"story.scenes[{i}].description", scene.Description ?? "");
            limits.Text($"story.scenes[{i}].timeframe", scene.Timeframe);
            if (scene.SceneNumber is not { } number) continue;
            if (number <= last) limits.Fail($"story.scenes[{i}].sceneNumber", "Scenes stand in their order; their numbers ascend.");
            last = number;
        }

        limits.ThrowIfAny();

        void Words(string field, string? text)
        {
            limits.Text(field, text);
            if (text is not null && string.IsNullOrWhiteSpace(text)) limits.Fail(field, $"{field} is not empty.");
        }
    }

    /// <summary>Changes the story and the frames of a taken session; the row that comes back is to be saved.</summary>
    /// <exception cref="ProblemException">validation-failed: another number of scenes, while frames have pictures already.</exception>
    public async Task<SessionRow> RunAsync(DbTransaction transaction, SessionRow row, EditedStory edited)
    {
        var story = JsonText.Read<Story>(row.Story) ?? new Story("", "", []);
        story = story with { Title = edited.Title?.Trim() ?? story.Title, OverallStory = edited.OverallStory?.Trim() ?? story.OverallStory };
        if (edited.Profile is { } profile) story = story with { Profile = await ProfileAsync(transaction, row, story.Profile, profile) };
        if (edited.Scenes is not { } scenes) return row with { Story = JsonText.Write(story) };

        var known = await FrameTable.ListAsync(transaction, row.Key);
        var pictured = known.Where(frame => frame.HasPicture).Select(frame => frame.Number).ToList();
        if (scenes.Count != row.FrameCount && pictured.Count > 0)
            throw ProblemException.Field("story.scenes", $"Frame {string.Join(", ", pictured.Take(20))} has a picture already: the story has {row.FrameCount} scenes, not {scenes.Count}.");

        var (count, duration) = (scenes.Count, row.VideoDuration!.Value);
        var texts = Texts(story, known, scenes);
        await frames.RemoveAsync(transaction, row.Key, known.Select(frame => frame.Number).Where(number => number > count && !pictured.Contains(number)));
        var present = known.ToDictionary(frame => frame.Number);
        await frames.WriteAsync(transaction, [.. texts.Select((text, index) => (present.GetValueOrDefault(index + 1) ?? new FrameRow { UserId = row.UserId, RequestId = row.RequestId, Number = index + 1 }) with
        {
            Timestamp = Timestamps.Of(index * duration / count),
            Description = text.Description,
            Prompt = text.Prompt,
            SceneStory = text.SceneStory,
        })]);
        story = story with { Scenes = [.. scenes.Select((scene, index) => new Scene(index + 1, Timeframes.Of(index + 1, count, duration), scene.Description!.Trim()))] };
        return row with { Story = JsonText.Write(story), FrameCount = count };
    }

    /// <summary>The new profile, once it stands in the prompts of the frames in place of the former one.</summary>
    private async Task<StoryProfile> ProfileAsync(DbTransaction transaction, SessionRow row, StoryProfile? former, EditedProfile edited)
    {
        var profile = new StoryProfile(PromptText.Clean(edited.Characters ?? former?.Characters ?? ""), PromptText.Clean(edited.Style ?? former?.Style ?? ""));
        var known = await FrameTable.ListAsync(transaction, row.Key);
        await frames.WriteAsync(transaction, [.. known.Where(frame => frame.Prompt is not null).Select(frame => (frame, Prompt: FramePrompt.With(frame.Prompt!, former, profile))).Where(pair => pair.Prompt != pair.frame.Prompt).Select(pair => pair.frame with { Prompt = pair.Prompt })]);
        return profile;
    }

    private static List<FrameRow> Texts(Story story, IReadOnlyList<FrameRow> known, IReadOnlyList<EditedScene> scenes)
    {
        var frames = known.ToDictionary(frame => frame.Number);
        var left = story.Scenes.Where(scene => frames.ContainsKey(scene.SceneNumber)).ToList();
        var texts = new List<FrameRow>(scenes.Count);
        for (var i = 0; i < scenes.Count; i++)
        {
            var description = scenes[i].Description!.Trim();
            // Its own place first, where two scenes have the same words.
            var same = left.Where(scene => scene.Description == description).OrderBy(scene => scene.SceneNumber == i + 1 ? 0 : 1).FirstOrDefault();
            if (same is not null) left.Remove(same);
            texts.Add(same is not null ? frames[same.SceneNumber] : new FrameRow { Description = description, SceneStory = description });
        }

        return texts;
    }
}
