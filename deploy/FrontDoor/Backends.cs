namespace FrontDoor;

/// <summary>Where the two services are: the only part of the routing that differs between a laptop and a cluster.</summary>
internal static class Backends
{
    /// <summary>The cluster of the routing table that is FrameService.</summary>
    public const string Frames = "frames";

    /// <summary>The cluster of the routing table that is VideoService.</summary>
    public const string Videos = "videos";

    private static readonly (string Cluster, string Setting)[] All = [(Frames, "FrameService:Url"), (Videos, "VideoService:Url")];

    /// <summary>What is wrong with the two addresses, as a sentence; null where nothing is.</summary>
    public static string? Problem(IConfiguration configuration)
    {
        foreach (var (_, setting) in All)
        {
            var value = configuration[setting];
            if (string.IsNullOrWhiteSpace(value)) return $"{setting} is not set: the front door needs the addresses of FrameService and VideoService.";
            if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
                return $"{setting} is no http or https address: {value}";
        }

        return null;
    }

    /// <summary>The addresses in the form in which the routing table takes them.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Addresses(IConfiguration configuration) =>
        All.Select(backend => KeyValuePair.Create($"ReverseProxy:Clusters:{backend.Cluster}:Destinations:one:Address", configuration[backend.Setting]));
}
