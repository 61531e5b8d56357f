using FrameVideo.Contracts;

namespace FrameService.Generation;

internal sealed class DraftStoryWriter : IStoryWriter
{
    public string Provider => "draft";

    public Task<WrittenStory> WriteAsync(StoryBrief brief, CancellationToken ct) => Task.FromResult(new WrittenStory(
        new Story(brief.Prompt, brief.Prompt, [.. Enumerable.Range(1, brief.FrameCount).Select(i => new Scene(i, "0:00-0:05", brief.Prompt))]),
        [.. Enumerable.Repeat(brief.Prompt, brief.FrameCount)]));
}
