using FrameVideo.Contracts;

namespace FrameService.Generation;

/// <summary>Turns a prompt into a story with one scene for each frame. Nothing outside this room knows which provider does it.</summary>
internal interface IStoryWriter
{
    /// <summary>Who writes, as records name it: <c>draft</c> for the local writer.</summary>
    string Provider { get; }

    /// <summary>Writes the story. The result has exactly <see cref="StoryBrief.FrameCount"/> scenes and frame prompts, in order.</summary>
    Task<WrittenStory> WriteAsync(StoryBrief brief, CancellationToken ct);

    /// <summary>What to tell the artist about one scene that a person has written for the same film.</summary>
    /// <param name="brief">The film.</param>
    /// <param name="number">The scene's place, from 1.</param>
    /// <param name="scene">What happens, in any language.</param>
    /// <param name="ct">Ends it.</param>
    Task<string> PromptAsync(StoryBrief brief, int number, string scene, CancellationToken ct);
}

/// <summary>What a story is to be about.</summary>
/// <param name="Prompt">The user's words, in any language.</param>
/// <param name="FrameCount">Scenes wanted, 1-1000.</param>
/// <param name="DurationSeconds">How long the film lasts; scenes share it evenly.</param>
/// <param name="Style">The hand in which frames will be drawn.</param>
/// <param name="Mood">The palette and light.</param>
/// <param name="Seed">Chooses among what is equally good.</param>
internal sealed record StoryBrief(string Prompt, int FrameCount, double DurationSeconds, Style Style, Mood Mood, long Seed);

/// <summary>A story and what to tell the artist.</summary>
/// <param name="Story">The story, one scene for each frame.</param>
/// <param name="FramePrompts">One for each scene: what is seen, shot size, style and mood.</param>
internal sealed record WrittenStory(Story Story, IReadOnlyList<string> FramePrompts);
