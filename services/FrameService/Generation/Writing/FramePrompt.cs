using FrameVideo.Contracts;

namespace FrameService.Generation.Writing;

/// <summary>What to tell the artist about one scene of a film that has a profile: the scene, then what is the same in every frame, so that people and places stay what they are.</summary>
internal static class FramePrompt
{
    /// <summary>Stands between the scene and the profile.</summary>
    public const string SameInAll = "Whoever and whatever of these is seen looks like this:";

    /// <summary>Characters of a scene, so that with a profile at its longest the prompt stays below what the wire takes.</summary>
    private const int MaxScene = 1200;

    /// <summary>The prompt for a picture as the writer has described it.</summary>
    public static string Of(StoryBrief brief, StoryProfile profile, string picture)
    {
        var scene = PromptText.AsSentence(PromptText.Shortened(PromptText.Clean(picture).Replace('\n', ' '), MaxScene));
        return $"{scene}{Same(profile)} {Hand(brief.Style, brief.Mood)}";
    }

    /// <summary>A prompt with another profile in the place of the one that it has; as it is where it has none, since then it is a person's own.</summary>
    public static string With(string prompt, StoryProfile? former, StoryProfile profile)
    {
        var same = former is null ? "" : Same(former);
        var at = same.Length > 0 ? prompt.IndexOf(same, StringComparison.Ordinal) : -1;
        return at < 0 ? prompt : prompt[..at] + Same(profile) + prompt[(at + same.Length)..];
    }

    /// <summary>The prompt for a scene that a person has written for the same film; the shot is the film's plan's.</summary>
    public static string Of(StoryBrief brief, StoryProfile? profile, int number, string scene) =>
        profile is null ? DraftStoryWriter.PromptOf(brief, number, scene)
            : Of(brief, profile, $"{ShotPlan.Name(ShotPlan.ShotAt(number, brief.FrameCount, brief.Seed))}. {scene}");

    private static string Same(StoryProfile profile)
    {
        var same = profile.Characters.Length == 0 ? "" : $" {SameInAll} {PromptText.AsSentence(profile.Characters)}";
        return profile.Style.Length == 0 ? same : $"{same} {PromptText.AsSentence(profile.Style)}";
    }

    private static string Hand(Style style, Mood mood) => $"{LookNames.Of(style)} style, {LookNames.Of(mood)} mood.";
}
