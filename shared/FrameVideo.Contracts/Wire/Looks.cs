using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>The hand in which frames are drawn.</summary>
[JsonConverter(typeof(NameConverter<Style>))]
[SuppressMessage("Design", "CA1008", Justification = "Every value is a style; absence is null.")]
public enum Style
{
    /// <summary>True to life.</summary>
    Realistic,

    /// <summary>Painted.</summary>
    Artistic,

    /// <summary>Bold lines and flat colours.</summary>
    Cartoon,

    /// <summary>Shapes rather than things.</summary>
    Abstract,

    /// <summary>As through a lens.</summary>
    Photographic,

    /// <summary>Clean gradients and glow.</summary>
    [JsonStringEnumMemberName("Digital Art")]
    DigitalArt,
}

/// <summary>The palette and light of frames.</summary>
[JsonConverter(typeof(NameConverter<Mood>))]
public enum Mood
{
    /// <summary>Saturated, high contrast.</summary>
    Vibrant,

    /// <summary>Soft, low contrast.</summary>
    Calm,

    /// <summary>Hard light, deep shadow.</summary>
    Dramatic,

    /// <summary>Dim, cool, veiled.</summary>
    Mysterious,

    /// <summary>Light and warm.</summary>
    Cheerful,

    /// <summary>Muted and heavy.</summary>
    Moody,
}

/// <summary>One of the eight sizes of a picture, written <c>width:height</c> in pixels. The default value is 1280:720.</summary>
[JsonConverter(typeof(IdJsonConverter<AspectRatio>))]
public readonly record struct AspectRatio : ISpanParsable<AspectRatio>
{
    private static readonly (int Width, int Height)[] Sizes =
        [(1280, 720), (720, 1280), (1104, 832), (832, 1104), (960, 960), (1584, 672), (1280, 768), (768, 1280)];

    private readonly int _index;

    private AspectRatio(int index) => _index = index;

    /// <summary>All sizes, the default first.</summary>
    public static IReadOnlyList<AspectRatio> All { get; } = [.. Enumerable.Range(0, Sizes.Length).Select(i => new AspectRatio(i))];

    /// <summary>Pixels across; always even.</summary>
    public int Width => Sizes[_index].Width;

    /// <summary>Pixels down; always even.</summary>
    public int Height => Sizes[_index].Height;

    /// <inheritdoc/>
    public static AspectRatio Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var ratio) ? ratio : throw new FormatException($"An aspect ratio is one of {string.Join(", ", All)}.");

    /// <inheritdoc/>
    public static AspectRatio Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out AspectRatio result)
    {
        foreach (var ratio in All)
        {
            if (!s.SequenceEqual(ratio.ToString())) continue;
            result = ratio;
            return true;
        }

        result = default;
        return false;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out AspectRatio result) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public override string ToString() => $"{Width}:{Height}";
}
