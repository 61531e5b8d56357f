using System.Text.Json.Nodes;
using FrameService.Sessions;
using FrameVideo.Contracts;

namespace FrameService.Generation.Writing.Asked;

/// <summary>A story as it comes together, call by call. Whatever the model wrote is cleaned and cut to its place here: nothing longer than that goes on.</summary>
/// <param name="brief">The film.</param>
/// <param name="saved">What was written of it before, as <see cref="ToText"/> gave it; null for nothing.</param>
internal sealed class StoryDraft(StoryBrief brief, string? saved)
{
    private const int MaxTitle = 200;
    private const int MaxOverall = 4000;
    private const int MaxDescription = 800;

    private Written _written = JsonText.Read<Written>(saved) ?? new Written("", "", new StoryProfile("", ""), [], [], []);

    /// <summary>How many scenes there are.</summary>
    public int Count => _written.Scenes.Count;

    /// <summary>How many are wanted yet.</summary>
    public int Missing => brief.FrameCount - Count;

    /// <summary>Takes what an answer is good for; false where that is nothing. The first one brings the profile, or is asked for again while there is another try.</summary>
    public bool TryAdd(StoryPart part, int most, bool isLastTry, string provider, string model)
    {
        var scenes = part.Scenes.Select(scene => new WrittenScene(Words(scene.Description ?? scene.Picture, MaxDescription), Words(scene.Picture ?? scene.Description, WireLimits.MaxProfile)))
            .Where(scene => scene.Description.Length > 0).Take(Math.Min(most, Missing)).ToList();
        if (scenes.Count == 0) return false;
        if (Count == 0)
        {
            var profile = new StoryProfile(Words(part.Characters, WireLimits.MaxProfile), Words(part.Look, WireLimits.MaxProfile));
            if (profile.Characters.Length == 0 && !isLastTry) return false;
            var (overall, title) = (Words(part.OverallStory, MaxOverall), Words(part.Title, MaxTitle).Replace('\n', ' '));
            _written = _written with
            {
                Title = title.Length > 0 ? title : PromptText.Shortened(scenes[0].Description.Replace('\n', ' '), 60),
                Overall = overall.Length > 0 ? overall : scenes[0].Description,
                Profile = profile,
            };
        }

        _written = _written with { Scenes = [.. _written.Scenes, .. scenes], Providers = [.. _written.Providers.Append(provider).Distinct(StringComparer.Ordinal)], Models = [.. _written.Models.Append(Words(model, WireLimits.MaxName)).Distinct(StringComparer.Ordinal)] };
        return true;
    }

    /// <summary>What there is, to be gone on with.</summary>
    public string ToText() => JsonText.Write(_written)!;

    /// <summary>What a further call has to know.</summary>
    public JsonObject ToData(int scenes) => new()
    {
        ["title"] = _written.Title,
        ["overallStory"] = _written.Overall,
        ["characters"] = _written.Profile.Characters,
        ["look"] = _written.Profile.Style,
        ["lastScenes"] = new JsonArray([.. _written.Scenes.TakeLast(scenes).Select((scene, index) => (JsonNode)new JsonObject { ["number"] = Math.Max(0, Count - scenes) + index + 1, ["description"] = scene.Description })]),
    };

    /// <summary>The finished story. Where a provider was out in the middle, it names both.</summary>
    public WrittenStory ToStory() => new(
        new Story(
            _written.Title, _written.Overall, [.. _written.Scenes.Select((scene, index) => new Scene(index + 1, Timeframes.Of(index + 1, Count, brief.DurationSeconds), scene.Description))], _written.Profile,
            Words(string.Join(", ", _written.Providers), WireLimits.MaxName), Words(string.Join(", ", _written.Models), WireLimits.MaxName)),
        [.. _written.Scenes.Select(scene => FramePrompt.Of(brief, _written.Profile, scene.Picture))]);

    private static string Words(string? text, int most) => PromptText.Shortened(PromptText.Clean(text ?? ""), most - 1);

    private sealed record Written(string Title, string Overall, StoryProfile Profile, IReadOnlyList<WrittenScene> Scenes, IReadOnlyList<string> Providers, IReadOnlyList<string> Models);

    private sealed record WrittenScene(string Description, string Picture);
}
