namespace FrameVideo.Hosting;

/// <summary>The model of documents has dictionaries of a kind that the framework's own look-up does not take.</summary>
internal static class OpenApiMaps
{
    public static TValue? Find<TValue>(this IDictionary<string, TValue> map, string key)
        where TValue : class => map.TryGetValue(key, out var value) ? value : null;
}
