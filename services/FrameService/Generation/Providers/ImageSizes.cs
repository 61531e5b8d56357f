using System.Globalization;
using FrameVideo.Contracts;

namespace FrameService.Generation.Providers;

/// <summary>The sizes that an image model draws (developers.openai.com/api/docs/guides/image-generation, November 2026), and the one of them that is nearest to a frame's.</summary>
internal static class ImageSizes
{
    private static readonly (int Width, int Height)[] Square = [(1024, 1024)];

    private static readonly Dictionary<string, (int Width, int Height)[]> Fixed = new(StringComparer.Ordinal)
    {
        ["gpt-image-1"] = [(1024, 1024), (1536, 1024), (1024, 1536)],
        ["gpt-image-1-mini"] = [(1024, 1024), (1536, 1024), (1024, 1536)],
        ["gpt-image-1.5"] = [(1024, 1024), (1536, 1024), (1024, 1536)],
        ["dall-e-3"] = [(1024, 1024), (1792, 1024), (1024, 1792)],
        ["dall-e-2"] = Square,
    };

    /// <summary>
    /// The size to ask for: of those that the model has, the one of which the least is cut away, and of several the one whose pixels are nearest. Models from <c>gpt-image-2</c> on, and those of other servers unless
    /// the configuration says otherwise, take any multiples of 16, so a frame's own.
    /// </summary>
    public static (int Width, int Height) Nearest(string model, string? configured, AspectRatio wanted)
    {
        var sizes = Parse(configured) is { Count: > 0 } told ? told : Fixed.GetValueOrDefault(model) ?? [];
        return sizes.Count == 0 ? (wanted.Width, wanted.Height) : sizes.OrderByDescending(size => Math.Round(Kept(size, wanted), 3)).ThenBy(size => Math.Abs(((long)size.Width * size.Height) - ((long)wanted.Width * wanted.Height))).First();
    }

    /// <summary>Sizes as the configuration has them, such as <c>1024x1024,1536x1024</c>; null where one of them is none.</summary>
    public static IReadOnlyList<(int Width, int Height)>? Parse(string? configured)
    {
        var sizes = new List<(int, int)>();
        foreach (var text in (configured ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var edges = text.Split('x');
            if (edges.Length != 2 || !int.TryParse(edges[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width) || !int.TryParse(edges[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height) || width is < 64 or > 8192 || height is < 64 or > 8192)
                return null;
            sizes.Add((width, height));
        }

        return sizes;
    }

    /// <summary>How much of a picture is left once it is cut to the ratio.</summary>
    private static double Kept((int Width, int Height) size, AspectRatio wanted)
    {
        var (has, wants) = ((double)size.Width / size.Height, (double)wanted.Width / wanted.Height);
        return Math.Min(has, wants) / Math.Max(has, wants);
    }
}
