using FrameVideo.Contracts;

namespace FrameService.Generation.Writing;

/// <summary>
/// The local story writer. The prompt's own sentences and clauses are the scenes; where more frames are wanted than it has clauses, moments
/// between them are told in plain sentences, with a beginning, a turn and an end. The same brief gives the same story.
/// </summary>
internal sealed class DraftStoryWriter : IStoryWriter
{
    /// <summary>Stands in a frame prompt between the scene and the film it belongs to.</summary>
    public const string AboutFilm = "From a film about:";

    private const int MaxScene = 600;
    private const int MaxContext = 200;

    /// <summary>As records name it.</summary>
    public const string Provider = "draft";

    /// <summary>The model and its version.</summary>
    public const string Model = "clauses-1";

    public Task<WrittenStory> WriteAsync(StoryBrief brief, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(brief);
        ArgumentOutOfRangeException.ThrowIfLessThan(brief.FrameCount, 1);
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(Write(brief));
    }

    /// <summary>What to tell the artist about one scene that a person has written for the same film.</summary>
    /// <param name="brief">The film.</param>
    /// <param name="number">The scene's place, from 1.</param>
    /// <param name="scene">What happens, in any language.</param>
    public static string PromptOf(StoryBrief brief, int number, string scene)
    {
        var clause = PromptText.Shortened(PromptText.AsSentence(PromptText.Clean(scene)), MaxScene);
        return PromptOf(brief, number, clause, clause, AboutOf(PromptText.Clean(brief.Prompt)));
    }

    private static string AboutOf(string prompt) => PromptText.Shortened(prompt.Replace('\n', ' '), MaxContext);

    private static WrittenStory Write(StoryBrief brief)
    {
        var prompt = PromptText.Clean(brief.Prompt);
        var language = Languages.Of(prompt);
        var clauses = Clauses.Of(prompt, brief.FrameCount, language);
        if (clauses.Count == 0) clauses = [prompt.Length > 0 ? prompt : "An open view, and the light on it"];
        if (prompt.Length == 0) language = Language.English;
        var subject = language == Language.English ? English.Subject(clauses[0]) : null;
        var told = Scenes(brief, clauses, language, subject).ToList();

        var scenes = new List<Scene>(told.Count);
        var prompts = new List<string>(told.Count);
        var about = AboutOf(prompt);
        foreach (var (description, clause) in told)
        {
            var number = scenes.Count + 1;
            scenes.Add(new Scene(number, Timeframes.Of(number, told.Count, brief.DurationSeconds), description));
            prompts.Add(PromptOf(brief, number, description, clause, about));
        }

        return new WrittenStory(new Story(TitleOf(clauses[0], language, subject), Overview(brief, prompt, language), scenes, null, Provider, Model), prompts);
    }

    // Each clause has an equal share of the frames: it is told in the first of them, the others are moments within it.
    private static IEnumerable<(string Description, string Clause)> Scenes(StoryBrief brief, IReadOnlyList<string> clauses, Language language, string? subject)
    {
        var dice = new Dice(brief.Seed, "story");
        var supplies = Enumerable.Range(0, 4).Select(part => Beats.For(language, part, subject, dice)).ToArray();
        var (count, within) = (brief.FrameCount, 0);
        for (var i = 0; i < count; i++)
        {
            var at = (int)((long)i * clauses.Count / count);
            var isFirst = i == 0 || at != (int)((long)(i - 1) * clauses.Count / count);
            within = isFirst ? 1 : within + 1;
            var clause = PromptText.Shortened(PromptText.AsSentence(clauses[at]), MaxScene);
            if (isFirst)
            {
                yield return (clause, clause);
                continue;
            }

            var progress = count == 1 ? 0 : i / (count - 1f);
            var supply = supplies[progress < 0.25f ? 0 : progress < 0.55f ? 1 : progress < 0.8f ? 2 : 3];
            yield return (supply.IsEmpty ? $"{clause} ({within})" : supply.Next(), clause);
        }
    }

    private static string PromptOf(StoryBrief brief, int number, string description, string clause, string about)
    {
        var shot = ShotPlan.Name(ShotPlan.ShotAt(number, brief.FrameCount, brief.Seed));
        var camera = ShotPlan.Name(ShotPlan.CameraAt(number, brief.FrameCount, brief.Seed));
        var scene = description == clause ? description : $"{description} {clause}";
        var film = clause.StartsWith(about, StringComparison.OrdinalIgnoreCase) || about.Length == 0 ? "" : $" {AboutFilm} {about}{(char.IsLetterOrDigit(about[^1]) ? "." : "")}";
        return $"{shot}, {camera}. {scene}{film} {LookNames.Of(brief.Style)} style, {LookNames.Of(brief.Mood)} mood.";
    }

    private static string TitleOf(string clause, Language language, string? subject)
    {
        const int max = 60;
        if (language == Language.English && subject is not null)
        {
            var words = English.Definite(subject).Split(' ').Select(w => char.ToUpperInvariant(w[0]) + w[1..]);
            return PromptText.Shortened(string.Join(' ', words), max);
        }

        var title = PromptText.Shortened(PromptText.AsSentence(clause).TrimEnd('.', '。', '।'), max);
        return title.Length > 0 ? title : "Untitled";
    }

    private static string Overview(StoryBrief brief, string prompt, Language language)
    {
        var told = PromptText.Shortened(PromptText.AsSentence(prompt.Replace('\n', ' ')), 700);
        if (language != Language.English) return told;
        var course = brief.Mood switch
        {
            Mood.Vibrant => "It begins in full colour, gathers speed, and ends on a high note.",
            Mood.Calm => "It begins in stillness, lets one thing change, and returns to rest.",
            Mood.Dramatic => "It begins before the storm, breaks at its turning point, and ends in hard-won light.",
            Mood.Mysterious => "It begins with a question, goes deeper into the dark, and ends with half an answer.",
            Mood.Cheerful => "It begins lightly, stumbles once, and ends with a smile.",
            _ => "It begins under a low sky, comes to its hardest moment, and ends a little lighter.",
        };
        return told.Length == 0 ? course : $"{told} {course}";
    }
}
