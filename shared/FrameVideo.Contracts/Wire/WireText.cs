using System.Text.Json;

namespace FrameVideo.Contracts;

/// <summary>Enumerations as the text that JSON has for them; databases and logs hold the same words.</summary>
public static class WireText
{
    /// <summary>The text of a value, such as <c>in_progress</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Texts<T>.ByValue[value];

    /// <summary>The value of a text.</summary>
    /// <exception cref="FormatException">The enumeration has no such text.</exception>
    public static T Parse<T>(string text)
        where T : struct, Enum => TryParse<T>(text, out var value) ? value : throw new FormatException($"'{text}' is no {typeof(T).Name}.");

    /// <summary>The value of a text, where the enumeration has it.</summary>
    public static bool TryParse<T>(string? text, out T value)
        where T : struct, Enum
    {
        value = default;
        return text is not null && Texts<T>.ByText.TryGetValue(text, out value);
    }

    private static class Texts<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue =
            Enum.GetValues<T>().ToDictionary(value => value, value => JsonSerializer.SerializeToElement(value, WireJson.Options).GetString()!);

        public static readonly Dictionary<string, T> ByText = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
