namespace FrameVideo.Hosting;

/// <summary>The models and prices of the services themselves, as their own pages had them in November 2026 (developers.openai.com/api/docs/pricing, docs.dev.runwayml.com). Configuration goes before them.</summary>
public static class ProviderDefaults
{
    /// <summary>OpenAI's address.</summary>
    public static readonly Uri OpenAI = new("https://api.openai.com/v1");

    /// <summary>Runway's address.</summary>
    public static readonly Uri Runway = new("https://api.dev.runwayml.com");

    private static readonly Dictionary<string, ProviderPrices> Known = new(StringComparer.Ordinal)
    {
        ["gpt-6-luna"] = new() { StoryInput = 0.10m, StoryOutput = 0.50m },
        ["gpt-6-sol"] = new() { StoryInput = 2m, StoryOutput = 10m },
        ["gpt-5.6-terra"] = new() { StoryInput = 2m, StoryOutput = 12m },
        ["gpt-image-2.5-flare"] = new() { ImageText = 5m, ImageInput = 8m, ImageOutput = 30m, Image = 0.06m },
        ["gpt-image-2.5-sunburst"] = new() { ImageText = 5m, ImageInput = 8m, ImageOutput = 30m, Image = 0.06m },
        ["gpt-image-2"] = new() { ImageText = 5m, ImageInput = 8m, ImageOutput = 30m, Image = 0.06m },
        // Five credits a second, a cent each.
        ["gen4_turbo"] = new() { ClipSecond = 0.05m },
    };

    /// <summary>Fills in what the configuration leaves open. Of a server that merely speaks a service's protocol nothing is presumed: its models are an operator's to name.</summary>
    public static void Fill(ProviderOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Kind = string.IsNullOrWhiteSpace(options.Kind) ? ProviderKind.All.FirstOrDefault(kind => kind == name) : options.Kind.Trim();
        (options.ApiKey, options.StoryModel, options.ImageModel, options.ClipModel) = (Blank(options.ApiKey), Blank(options.StoryModel), Blank(options.ImageModel), Blank(options.ClipModel));
        if (options.Kind == ProviderKind.OpenAI && Is(options.Endpoint ??= OpenAI, OpenAI))
        {
            options.StoryModel ??= "gpt-6-luna";
            options.ImageModel ??= "gpt-image-2.5-flare";
        }
        else if (options.Kind == ProviderKind.Runway && Is(options.Endpoint ??= Runway, Runway))
        {
            options.ClipModel ??= "gen4_turbo";
        }

        var (story, image, clip) = (Of(options.StoryModel), Of(options.ImageModel), Of(options.ClipModel));
        var prices = options.Prices;
        (prices.StoryInput, prices.StoryOutput) = (prices.StoryInput ?? story.StoryInput, prices.StoryOutput ?? story.StoryOutput);
        (prices.ImageText, prices.ImageInput, prices.ImageOutput, prices.Image) = (prices.ImageText ?? image.ImageText, prices.ImageInput ?? image.ImageInput, prices.ImageOutput ?? image.ImageOutput, prices.Image ?? image.Image);
        prices.ClipSecond ??= clip.ClipSecond;
    }

    private static bool Is(Uri endpoint, Uri own) => endpoint.IsAbsoluteUri && endpoint.Host == own.Host;

    private static ProviderPrices Of(string? model) => (model is null ? null : Known.GetValueOrDefault(model)) ?? new ProviderPrices();

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>What an AI service speaks.</summary>
public static class ProviderKind
{
    /// <summary>OpenAI's protocol.</summary>
    public const string OpenAI = "openai";

    /// <summary>Runway's.</summary>
    public const string Runway = "runway";

    /// <summary>Every one.</summary>
    public static IReadOnlyList<string> All { get; } = [OpenAI, Runway];
}
