using System.Security.Cryptography;
using System.Text;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using Microsoft.Extensions.AI;
using OpenAI.Images;

namespace FrameService.Generation.Providers;

/// <summary>
/// Draws at a provider of OpenAI's protocol: by <c>images/generations</c>, or by <c>images/edits</c> where there is a picture to keep to. One call a picture, in the nearest size that the model has, and fitted to the frame.
/// </summary>
/// <param name="provider">Whom it asks.</param>
/// <param name="model">Which model.</param>
/// <param name="clients">Makes the client.</param>
internal sealed class ProviderArtist(Provider provider, string model, OpenAIClients clients)
{
    /// <summary>Counts up when the same inputs are to give other pictures.</summary>
    private const string Version = "1";

    /// <summary>In front of what the frame shows, where a picture goes along. What a user writes comes behind it, and is never more than what is to be seen.</summary>
    private const string OfEarlierFrame =
        "Draw a new frame of the same film. The attached picture is an earlier frame of it: the people, their faces and clothes, the places and the way of drawing stay as they are there; scene, poses and camera are new. The new frame shows:\n";

    private const string OfReference =
        "Draw a frame of a film. The attached picture is its reference: people, things and places that are in it look in the frame as they do there. The frame shows:\n";

    public string Model => model;

    /// <summary>The most that the picture can cost, in US dollars.</summary>
    public decimal Estimate(FrameBrief brief) => Estimate(brief.AspectRatio, PromptOf(brief).Length, brief.Anchor is not null);

    /// <summary>The same of a picture that is not briefed yet.</summary>
    public decimal Estimate(AspectRatio ratio, int promptLength, bool hasAnchor)
    {
        var (width, height) = SizeOf(ratio);
        return ImageCost.Estimate(provider.Options.Prices, Quality, width, height, promptLength, hasAnchor);
    }

    /// <summary>A hash of all that goes into the picture: 64 hex digits.</summary>
    public string Fingerprint(FrameBrief brief)
    {
        var (width, height) = SizeOf(brief.AspectRatio);
        var inputs = new[] { Version, provider.Name, model, $"{width}x{height}", brief.AspectRatio.ToString(), Quality ?? "", brief.Anchor?.Sha256 ?? "", brief.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture), PromptOf(brief) };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', inputs))));
    }

    /// <summary>Asks for the picture once; to be used within <see cref="Provider.CallAsync"/>.</summary>
    /// <exception cref="ProviderException">It was not made.</exception>
    public async Task<(DrawnFrame Frame, CallCost Cost)> DrawAsync(FrameBrief brief, CancellationToken cancellationToken)
    {
#pragma warning disable MEAI001, OPENAI001 // Experimental there; this file adapts it.
        var (width, height) = SizeOf(brief.AspectRatio);
        var options = new Microsoft.Extensions.AI.ImageGenerationOptions
        {
            ModelId = model,
            Count = 1,
            ImageSize = new System.Drawing.Size(width, height),
            // Models of OpenAI's own answer with data and refuse to be asked for it; others answer with links unless they are.
            ResponseFormat = IsOwn ? null : ImageGenerationResponseFormat.Data,
            RawRepresentationFactory = _ => Quality is not { } quality ? null : brief.Anchor is null ? new OpenAI.Images.ImageGenerationOptions { Quality = new GeneratedImageQuality(quality) } : new ImageEditOptions { Quality = new GeneratedImageQuality(quality) },
        };
        var request = new ImageGenerationRequest(PromptOf(brief)) { OriginalImages = brief.Anchor is { } anchor ? [new DataContent(anchor.Bytes, anchor.ContentType) { Name = $"frame.{anchor.Extension}" }] : null };
        using var generator = clients.Images(provider, model);
        var response = await OpenAIFaults.TellAsync(provider, () => generator.GenerateAsync(request, options, cancellationToken), cancellationToken);
        if (response.Contents.OfType<DataContent>().FirstOrDefault() is not { } content) throw OpenAIFaults.Malformed(provider.Name, "no picture");
        var frame = FitPicture.Fit(content.Data.ToArray(), brief.AspectRatio.Width, brief.AspectRatio.Height) ?? throw OpenAIFaults.Malformed(provider.Name, "what is no picture");
        return (frame, ImageCost.Of(provider.Options.Prices, response.Usage));
#pragma warning restore MEAI001, OPENAI001
    }

    /// <summary>One of OpenAI's own, whoever serves it.</summary>
    private bool IsOwn => model.StartsWith("gpt-image-", StringComparison.Ordinal);

    /// <summary>What is asked for: without it, what a picture costs is the model's to say.</summary>
    private string? Quality => provider.Options.ImageQuality ?? (IsOwn ? "medium" : null);

    private (int Width, int Height) SizeOf(AspectRatio ratio) => ImageSizes.Nearest(model, provider.Options.ImageSizes, ratio);

    private static string PromptOf(FrameBrief brief) => brief.Anchor switch { null => brief.Prompt, { IsReference: true } => OfReference + brief.Prompt, _ => OfEarlierFrame + brief.Prompt };
}
