namespace FrameVideo.Hosting;

/// <summary>Something that an AI service can be chosen for.</summary>
/// <param name="Noun">What is made.</param>
/// <param name="Key">The configuration key that chooses: names of providers in order of preference, separated by commas.</param>
/// <param name="Local">What does it here, without any service; the choice by default.</param>
/// <param name="Kinds">The kinds of services that can do it.</param>
/// <param name="ModelKey">The setting of a provider that names the model for it.</param>
/// <param name="Model">That setting.</param>
/// <param name="ChosenBy">The environment's key that, standing alone, chooses the provider of its service; null where none does.</param>
public sealed record ProviderUse(string Noun, string Key, string Local, IReadOnlyList<string> Kinds, string ModelKey, Func<ProviderOptions, string?> Model, string? ChosenBy = null)
{
    /// <summary>Whether calls for it have a price.</summary>
    public bool IsPriced(ProviderPrices prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        return ModelKey switch
        {
            nameof(ProviderOptions.StoryModel) => prices is { StoryInput: not null, StoryOutput: not null },
            nameof(ProviderOptions.ImageModel) => prices.Image is not null || prices.ImageOutput is not null,
            _ => prices.ClipSecond is not null,
        };
    }

    /// <summary>Who writes stories.</summary>
    public static ProviderUse Stories { get; } = new("stories", "Generation:Stories", "draft", [ProviderKind.OpenAI], nameof(ProviderOptions.StoryModel), options => options.StoryModel, ProviderSet.OpenAIKey);

    /// <summary>Who draws frames.</summary>
    public static ProviderUse Frames { get; } = new("frames", "Generation:Frames", "draft", [ProviderKind.OpenAI], nameof(ProviderOptions.ImageModel), options => options.ImageModel, ProviderSet.OpenAIKey);

    /// <summary>Who makes clips where a request does not say.</summary>
    public static ProviderUse Clips { get; } = new("clips", "Rendering:Clips", "renderer", [ProviderKind.Runway], nameof(ProviderOptions.ClipModel), options => options.ClipModel);
}
