using System.Text.Json;

namespace FrameVideo.TestKit.Providers;

/// <summary>What POST /v1/image_to_video refuses with 400, of the models gen4_turbo and gen4.5 (docs.dev.runwayml.com/api, and the types of the service's own SDKs).</summary>
internal static class RunwayRules
{
    private const int MaxDataUri = 5 * 1024 * 1024;
    private static readonly string[] Ratios = ["1280:720", "720:1280", "1104:832", "832:1104", "960:960", "1584:672"];
    private static readonly string[] Fields = ["model", "promptImage", "promptText", "ratio", "duration", "seed", "contentModeration"];

    /// <summary>What is wrong with a request; null where nothing is.</summary>
    public static string? Fault(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return "Validation of body failed: expected an object.";
        if (body.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => !Fields.Contains(name, StringComparer.Ordinal)) is { } unknown) return $"Unrecognized key: {unknown}";
        var model = Text(body, "model");
        if (model is not ("gen4_turbo" or "gen4.5")) return "Model variant is not available.";
        if (!Ratios.Contains(Text(body, "ratio"), StringComparer.Ordinal)) return "Invalid option: ratio";
        if (body.TryGetProperty("duration", out var duration) ? !(duration.ValueKind == JsonValueKind.Number && duration.TryGetInt32(out var seconds) && seconds is >= 2 and <= 10) : model == "gen4.5") return "duration must be an integer from 2 to 10";
        if (body.TryGetProperty("seed", out var seed) && !(seed.ValueKind == JsonValueKind.Number && seed.TryGetInt64(out var number) && number is >= 0 and <= uint.MaxValue)) return "seed must be an integer from 0 to 4294967295";
        if (body.TryGetProperty("promptText", out var prompt) ? !(prompt.ValueKind == JsonValueKind.String && prompt.GetString() is { Length: >= 1 and <= 1000 }) : model == "gen4.5") return "promptText must have 1 to 1000 characters";
        return PictureFault(Text(body, "promptImage"));
    }

    private static string? PictureFault(string? uri)
    {
        if (uri is null) return "promptImage is required";
        if (uri.StartsWith("https://", StringComparison.Ordinal)) return uri.Length > 2048 ? "promptImage: too long" : null;
        if (!uri.StartsWith("data:", StringComparison.Ordinal)) return "promptImage: Only HTTPS URLs are allowed.";
        if (uri.Length > MaxDataUri) return "promptImage: the data URI is larger than 5MB";
        var comma = uri.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || uri[5..comma] is not ("image/png;base64" or "image/jpeg;base64" or "image/jpg;base64" or "image/webp;base64")) return "promptImage: Unsupported asset type.";
        try
        {
            using var data = SkiaSharp.SKData.CreateCopy(Convert.FromBase64String(uri[(comma + 1)..]));
            using var picture = SkiaSharp.SKCodec.Create(data);
            return picture is null ? "promptImage: Failed to decode." : (double)picture.Info.Width / picture.Info.Height is < 0.5 or > 2 ? "promptImage: Invalid asset aspect ratio." : null;
        }
        catch (FormatException)
        {
            return "promptImage: Invalid data URI.";
        }
    }

    private static string? Text(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
