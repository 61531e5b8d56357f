using System.Text.Json;
using FrameVideo.Contracts;

namespace FrameService.Sessions;

/// <summary>JSON and enumerations as the text of a column.</summary>
internal static class JsonText
{
    public static string? Write<T>(T? value)
        where T : class => value is null ? null : JsonSerializer.Serialize(value, WireJson.Options);

    public static T? Read<T>(string? text)
        where T : class => text is null ? null : JsonSerializer.Deserialize<T>(text, WireJson.Options);

    public static T? Enum<T>(string? text)
        where T : struct, System.Enum => text is null ? null : WireText.Parse<T>(text);
}
