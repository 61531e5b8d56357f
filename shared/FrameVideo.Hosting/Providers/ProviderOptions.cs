namespace FrameVideo.Hosting;

/// <summary>An AI service, as <c>Providers:&lt;name&gt;</c> tells of it. The name is an operator's own; records and answers have it.</summary>
public sealed class ProviderOptions
{
    /// <summary>Where they stand in the configuration, each under its name.</summary>
    public const string Section = "Providers";

    /// <summary>What it speaks: <c>openai</c> for OpenAI and every server of its protocol, or <c>runway</c>. By default the name, where that is one of them.</summary>
    public string? Kind { get; set; }

    /// <summary>The address below which its operations lie, such as <c>http://localhost:11434/v1</c>; the kind's own service by default.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The key. A server that asks for none is given any word.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Who writes stories there; at OpenAI itself <c>gpt-6-luna</c> by default.</summary>
    public string? StoryModel { get; set; }

    /// <summary>Who draws frames there; at OpenAI itself <c>gpt-image-2.5-flare</c> by default.</summary>
    public string? ImageModel { get; set; }

    /// <summary>The sizes that the image model draws, such as <c>1024x1024,1536x1024</c>, where it is not OpenAI's own: by default a frame's own size is asked for.</summary>
    public string? ImageSizes { get; set; }

    /// <summary>How finely is drawn: <c>low</c>, <c>medium</c> or <c>high</c>, as the service has it. <c>medium</c> by default of OpenAI's own models; others are not asked for any.</summary>
    public string? ImageQuality { get; set; }

    /// <summary>Who makes clips there; at Runway itself <c>gen4_turbo</c> by default.</summary>
    public string? ClipModel { get; set; }

    /// <summary>Calls of one process at the same time, 1-64; 4 by default.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>How long one call may take, a second to 30 minutes; 5 minutes by default. A large picture of high quality takes two.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a step waits in all where the service says that it takes no more at present, 0 to an hour; 2 minutes by default. After that the next provider is asked, or the step fails.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>What it takes.</summary>
    public ProviderPrices Prices { get; set; } = new();
}

/// <summary>Prices in US dollars, by which calls are estimated before and counted after. Those of the default models stand in <see cref="ProviderDefaults"/>; of another model whose price is not given, calls count as free.</summary>
public sealed class ProviderPrices
{
    /// <summary>A million tokens that the story model reads.</summary>
    public decimal? StoryInput { get; set; }

    /// <summary>A million tokens that the story model writes, its thoughts included.</summary>
    public decimal? StoryOutput { get; set; }

    /// <summary>A million tokens of words that the image model reads.</summary>
    public decimal? ImageText { get; set; }

    /// <summary>A million tokens of pictures that the image model reads.</summary>
    public decimal? ImageInput { get; set; }

    /// <summary>A million tokens of pictures that the image model draws.</summary>
    public decimal? ImageOutput { get; set; }

    /// <summary>One picture, where the service does not tell of tokens; and the estimate of one beforehand.</summary>
    public decimal? Image { get; set; }

    /// <summary>A second of a clip.</summary>
    public decimal? ClipSecond { get; set; }
}
