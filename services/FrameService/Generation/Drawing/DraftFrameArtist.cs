using FrameService.Generation.Drawing.Hands;
using FrameService.Generation.Drawing.Settings;
using FrameService.Generation.Reading;
using FrameService.Generation.Writing;
using FrameVideo.Contracts;
using SkiaSharp;

namespace FrameService.Generation.Drawing;

/// <summary>
/// The local storyboard artist: reads the scene's words and draws an animatic panel. The same brief gives the same bytes on the same machine;
/// nothing is shared between frames but textures and fonts, which never change.
/// </summary>
internal sealed class DraftFrameArtist : IFrameArtist
{
    // 1280x720 stays far below 2 MB, and steps in skies do not show.
    private const int Quality = 93;

    public string Provider => "draft";

    public string Model => "storyboard-1";

    public Task<DrawnFrame> DrawAsync(FrameBrief brief, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(brief);
        return Task.Run(() => Draw(brief, ct), ct);
    }

    private static DrawnFrame Draw(FrameBrief brief, CancellationToken ct)
    {
        var marker = Math.Max(brief.Prompt.LastIndexOf(DraftStoryWriter.AboutFilm, StringComparison.Ordinal), brief.Prompt.LastIndexOf(FramePrompt.SameInAll, StringComparison.Ordinal));
        var part = SceneReader.Read(marker < 0 ? brief.Prompt : brief.Prompt[..marker]);
        var film = marker < 0 ? part : SceneReader.Read(brief.Prompt[marker..]);
        var told = SceneReader.Read(brief.Line + "\n" + brief.SceneStory);
        // A prompt that speaks of the line leads into it; one that does not is a person's own, and is what is wanted to be seen.
        var isOfLine = brief.Prompt.Contains(brief.Line.TrimEnd('.', ' '), StringComparison.OrdinalIgnoreCase);
        var scene = (isOfLine ? told.Within(part) : part.Within(told)).Within(film).Settled(film);
        var stage = new Stage(brief, scene, Shooting.Of(brief, scene, film));

        using var surface = SKSurface.Create(new SKImageInfo(stage.Width, stage.Height, SKColorType.Rgba8888, SKAlphaType.Premul))
            ?? throw new InvalidOperationException($"No surface of {stage.Width}x{stage.Height}.");
        var hand = HandOf(stage, surface.Canvas);
        var scenery = Scenery.Of(stage.Setting);
        scenery.Back(stage, hand);
        ct.ThrowIfCancellationRequested();
        SubjectPainter.Paint(stage, hand, scenery);
        scenery.Front(stage, hand);
        WeatherPainter.Paint(stage, hand);
        ct.ThrowIfCancellationRequested();
        hand.Finish(surface);
        Annotations.Set(surface.Canvas, stage, brief);

        using var image = surface.Snapshot();
        using var pixels = image.PeekPixels();
        using var data = pixels.Encode(new SKJpegEncoderOptions(Quality, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore))
            ?? throw new InvalidOperationException("The picture could not be encoded.");
        return new DrawnFrame(data.ToArray(), "image/jpeg", stage.Width, stage.Height);
    }

    private static Hand HandOf(Stage stage, SKCanvas canvas) => stage.Style switch
    {
        Style.Artistic => new BrushHand(stage, canvas),
        Style.Cartoon => new InkHand(stage, canvas),
        Style.Abstract => new FacetHand(stage, canvas),
        Style.Photographic => new LensHand(stage, canvas),
        Style.DigitalArt => new NeonHand(stage, canvas),
        _ => new SoftHand(stage, canvas),
    };
}
