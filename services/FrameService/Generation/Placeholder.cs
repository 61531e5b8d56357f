using FrameVideo.Contracts;
using SkiaSharp;

namespace FrameService.Generation;

internal sealed class DraftStoryWriter : IStoryWriter
{
    public string Provider => "draft";

    public Task<WrittenStory> WriteAsync(StoryBrief brief, CancellationToken ct) => Task.FromResult(new WrittenStory(
        new Story(brief.Prompt, brief.Prompt, [.. Enumerable.Range(1, brief.FrameCount).Select(i => new Scene(i, "0:00-0:05", brief.Prompt))]),
        [.. Enumerable.Repeat(brief.Prompt, brief.FrameCount)]));
}

internal sealed class DraftFrameArtist : IFrameArtist
{
    public string Provider => "draft";

    public string Model => "placeholder";

    public Task<DrawnFrame> DrawAsync(FrameBrief brief, CancellationToken ct)
    {
        using var bitmap = new SKBitmap(brief.AspectRatio.Width, brief.AspectRatio.Height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(new SKColor((uint)(0xff000000 + ((brief.Seed * 7919) + (brief.Number * 104729) & 0xffffff))));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 90);
        return Task.FromResult(new DrawnFrame(data.ToArray(), "image/png", bitmap.Width, bitmap.Height));
    }
}
