using FrameVideo.Hosting;
using FrameVideo.Jobs;
using Microsoft.Extensions.AI;

namespace FrameService.Generation.Providers;

/// <summary>What a picture costs, before and after. Models of OpenAI's own are paid by tokens, which grow with pixels and quality; others by piece.</summary>
internal static class ImageCost
{
    /// <summary>Tokens of a picture that is read, at most.</summary>
    private const int AnchorTokens = 1600;

    /// <summary>Each 1024 x 1024 pixels that are drawn, by quality (developers.openai.com/api/docs/guides/image-generation, November 2026).</summary>
    private static readonly Dictionary<string, double> TokensOfQuality = new(StringComparer.Ordinal) { ["low"] = 272, ["medium"] = 1056, ["high"] = 4160 };

    /// <summary>The most that one picture can cost, in US dollars; 0 where it has no price.</summary>
    public static decimal Estimate(ProviderPrices prices, string? quality, int width, int height, int promptLength, bool hasAnchor)
    {
        if (prices.ImageOutput is not { } output || quality is null || !TokensOfQuality.TryGetValue(quality, out var tokens)) return prices.Image ?? 0;
        // Texts of other scripts have a token for each character.
        var read = (promptLength * (prices.ImageText ?? 0)) + (hasAnchor ? AnchorTokens * (prices.ImageInput ?? 0) : 0);
        return ((decimal)Math.Ceiling(tokens * width * height / (1024.0 * 1024)) * output + read) / 1_000_000m;
    }

    /// <summary>What one has cost, by the tokens that the service tells of; else its price.</summary>
    public static CallCost Of(ProviderPrices prices, UsageDetails? usage)
    {
        var (input, output) = (usage?.InputTokenCount ?? 0, usage?.OutputTokenCount ?? 0);
        if (output <= 0 || prices.ImageOutput is not { } price) return new CallCost(prices.Image ?? 0, 1, input, output);
        long anchors = 0;
        foreach (var (name, count) in usage?.AdditionalCounts ?? []) anchors += name.EndsWith("InputTokenDetails.ImageTokenCount", StringComparison.Ordinal) ? count : 0;
        var usd = (output * price) + (Math.Min(anchors, input) * (prices.ImageInput ?? 0)) + (Math.Max(0, input - anchors) * (prices.ImageText ?? 0));
        return new CallCost(usd / 1_000_000m, 1, input, output);
    }
}
