using FrameService.Sessions;
using FrameVideo.Contracts;

namespace FrameService.Generation;

/// <summary>Turns a prompt into a story with one scene for each frame. Nothing outside this room knows which provider does it.</summary>
internal interface IStoryWriter
{
    /// <summary>Writes the story. The result has exactly <see cref="StoryBrief.FrameCount"/> scenes and frame prompts, in order, within the limits of the wire.</summary>
    Task<WrittenStory> WriteAsync(StoryBrief brief, CancellationToken ct);
}

/// <summary>What a story is to be about.</summary>
/// <param name="Prompt">The user's words, in any language.</param>
/// <param name="FrameCount">Scenes wanted, 1-1000.</param>
/// <param name="DurationSeconds">How long the film lasts; scenes share it evenly.</param>
/// <param name="Style">The hand in which frames will be drawn.</param>
/// <param name="Mood">The palette and light.</param>
/// <param name="Seed">Chooses among what is equally good.</param>
/// <param name="Session">For which session providers are called, and paid; null where none is.</param>
internal sealed record StoryBrief(string Prompt, int FrameCount, double DurationSeconds, Style Style, Mood Mood, long Seed, SessionRow? Session = null);

/// <summary>A story and what to tell the artist.</summary>
/// <param name="Story">The story, one scene for each frame; it names its provider and model, and has the profile where there is one.</param>
/// <param name="FramePrompts">One for each scene: what is seen, shot size, style and mood, and the profile.</param>
internal sealed record WrittenStory(Story Story, IReadOnlyList<string> FramePrompts);
