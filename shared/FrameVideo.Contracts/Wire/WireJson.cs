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

/// <summary>Writes an enumeration as <c>snake_case</c> text; numbers are refused.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class SnakeCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>Writes an enumeration by its names as they stand (or as <see cref="JsonStringEnumMemberNameAttribute"/> says); numbers are refused.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class NameConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
