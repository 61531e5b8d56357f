using FrameVideo.Hosting;
using Microsoft.Extensions.Options;

namespace VideoService.Clips;

/// <summary>The services that make clips, by name. A second kind of them is one more line here and one more file.</summary>
internal sealed class ClipProviders(Providers providers, IOptions<ProviderSet> set, IHttpClientFactory clients)
{
    /// <summary>The name of the HTTP client that they share.</summary>
    public const string Client = "clips";

    /// <summary>Whoever makes clips here.</summary>
    public const string Renderer = "renderer";

    private readonly Dictionary<string, IClipProvider> _all = set.Value.Providers.Keys
        .Select(name => Of(providers.Find(name)!, clients)).OfType<IClipProvider>().ToDictionary(provider => provider.Provider.Name, StringComparer.Ordinal);

    /// <summary>Who makes clips where a request does not say.</summary>
    public string Default { get; } = set.Value.ChosenFor(ProviderUse.Clips)[0];

    /// <summary>The names that a request may choose.</summary>
    public IEnumerable<string> Names => _all.Keys.Order(StringComparer.Ordinal).Prepend(Renderer);

    /// <summary>One by its name; null for the renderer, and for one that is not set up.</summary>
    public IClipProvider? Find(string name) => _all.GetValueOrDefault(name);

    private static IClipProvider? Of(Provider provider, IHttpClientFactory clients) => provider.Options switch
    {
        { Kind: ProviderKind.Runway, ApiKey: not null, Endpoint: not null, ClipModel: not null } => new RunwayClips(clients.CreateClient(Client), provider),
        _ => null,
    };
}
