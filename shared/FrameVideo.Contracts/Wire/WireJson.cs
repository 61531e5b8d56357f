using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FrameVideo.Contracts;

/// <summary>How the pair writes and reads JSON: camelCase, RFC 3339 times, enumerations as text, unknown members refused.</summary>
public static class WireJson
{
    /// <summary>The options that both services and their clients use.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Applies the same rules to options that a framework has made.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.AllowDuplicateProperties = false;
        options.MaxDepth = 32;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Apply(options);
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

/// <summary>Writes an enumeration as <c>snake_case</c> text (or as <see cref="JsonStringEnumMemberNameAttribute"/> says), and reads that text alone.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class SnakeCaseConverter<T>() : EnumTextConverter<T>(JsonNamingPolicy.SnakeCaseLower.ConvertName)
    where T : struct, Enum;

/// <summary>Writes an enumeration by its names as they stand (or as <see cref="JsonStringEnumMemberNameAttribute"/> says), and reads those alone.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class NameConverter<T>() : EnumTextConverter<T>(name => name)
    where T : struct, Enum;

/// <summary>
/// Reads exactly what it writes. The framework's own converter also takes lists of names, other cases and the names in code, which no document of ours promises.
/// </summary>
/// <typeparam name="T">The enumeration.</typeparam>
public abstract class EnumTextConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private readonly Dictionary<T, JsonEncodedText> _texts;
    private readonly Dictionary<string, T> _values;

    private protected EnumTextConverter(Func<string, string> policy)
    {
        _texts = typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => (T)field.GetValue(null)!, field => JsonEncodedText.Encode(field.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? policy(field.Name)));
        _values = _texts.ToDictionary(pair => pair.Value.Value, pair => pair.Key, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && _values.TryGetValue(reader.GetString()!, out var value)
            ? value
            : throw new JsonException($"One of {string.Join(", ", _values.Keys)} is asked for.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(_texts[value]);
}
