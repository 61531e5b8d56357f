using System.Text.Json.Nodes;
using FrameVideo.Contracts;

namespace FrameService.Generation.Writing.Asked;

/// <summary>A story as it comes together, call by call. Whatever the model wrote is cleaned and cut to its place here: nothing longer than that goes on.</summary>
internal sealed class StoryDraft(StoryBrief brief)
{
    private const int MaxTitle = 200;
    private const int MaxOverall = 4000;
    private const int MaxDescription = 800;

    private readonly List<(string Description, string Picture)> _scenes = [];
    private string _title = "";
    private string _overall = "";
    private StoryProfile _profile = new("", "");

    /// <summary>How many scenes there are.</summary>
    public int Count => _scenes.Count;

    /// <summary>How many are wanted yet.</summary>
    public int Missing => brief.FrameCount - _scenes.Count;

    /// <summary>Takes what an answer is good for; false where that is nothing. The first one brings the profile, or is asked for again while there is another try.</summary>
    public bool TryAdd(StoryPart part, int most, bool isLastTry)
    {
        var scenes = part.Scenes.Select(scene => (Description: Words(scene.Description ?? scene.Picture, MaxDescription), Picture: Words(scene.Picture ?? scene.Description, WireLimits.MaxProfile)))
            .Where(scene => scene.Description.Length > 0).Take(Math.Min(most, Missing)).ToList();
        if (scenes.Count == 0) return false;
        if (Count == 0)
        {
            var profile = new StoryProfile(Words(part.Characters, WireLimits.MaxProfile), Words(part.Look, WireLimits.MaxProfile));
            if (profile.Characters.Length == 0 && !isLastTry) return false;
            _profile = profile;
            _overall = Words(part.OverallStory, MaxOverall);
            _title = Words(part.Title, MaxTitle).Replace('\n', ' ');
            if (_overall.Length == 0) _overall = scenes[0].Description;
            if (_title.Length == 0) _title = PromptText.Shortened(scenes[0].Description.Replace('\n', ' '), 60);
        }

        _scenes.AddRange(scenes);
        return true;
    }

    /// <summary>What a further call has to know.</summary>
    public JsonObject ToData(int scenes) => new()
    {
        ["title"] = _title,
        ["overallStory"] = _overall,
        ["characters"] = _profile.Characters,
        ["look"] = _profile.Style,
        ["lastScenes"] = new JsonArray([.. _scenes.TakeLast(scenes).Select((scene, index) => (JsonNode)new JsonObject { ["number"] = Math.Max(0, Count - scenes) + index + 1, ["description"] = scene.Description })]),
    };

    /// <summary>The finished story.</summary>
    public WrittenStory ToStory(string provider, string model) => new(
        new Story(
            _title, _overall, [.. _scenes.Select((scene, index) => new Scene(index + 1, Timeframes.Of(index + 1, _scenes.Count, brief.DurationSeconds), scene.Description))], _profile, provider, model),
        [.. _scenes.Select(scene => FramePrompt.Of(brief, _profile, scene.Picture))]);

    private static string Words(string? text, int most) => PromptText.Shortened(PromptText.Clean(text ?? ""), most - 1);
}
