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
        var same = profile.Characters.Length == 0 ? "" : $" {SameInAll} {PromptText.AsSentence(profile.Characters)}";
        var look = profile.Style.Length == 0 ? "" : $" {PromptText.AsSentence(profile.Style)}";
        return $"{scene}{same}{look} {LookNames.Of(brief.Style)} style, {LookNames.Of(brief.Mood)} mood.";
    }

    /// <summary>The prompt for a scene that a person has written for the same film; the shot is the film's plan's.</summary>
    public static string Of(StoryBrief brief, StoryProfile? profile, int number, string scene) =>
        profile is null ? DraftStoryWriter.PromptOf(brief, number, scene)
            : Of(brief, profile, $"{ShotPlan.Name(ShotPlan.ShotAt(number, brief.FrameCount, brief.Seed))}. {scene}");
}
