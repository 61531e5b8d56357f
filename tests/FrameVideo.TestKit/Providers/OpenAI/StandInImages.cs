using System.Globalization;
using System.Text.Json.Nodes;

namespace FrameVideo.TestKit.Providers.OpenAI;

/// <summary><c>POST /v1/images/generations</c> (JSON) and <c>/v1/images/edits</c> (a form).</summary>
internal static class StandInImages
{
    private const int MaxPrompt = 32_000;
    private const int MaxFileBytes = 50 * 1024 * 1024;
    private const int MaxFiles = 16;

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "model", "prompt", "n", "size", "quality", "background", "moderation", "output_compression", "output_format", "partial_images", "stream", "user",
    };

    private static readonly HashSet<string> KnownOfEdits = [.. Known, "input_fidelity"];

    public static JsonObject Generate(OpenAIStandIn standIn, OpenAICall call)
    {
        var body = call.Body ?? throw new OpenAIRefusalException(400, null, "We could not parse the JSON body of your request.");
        return Answer(standIn, call, body.Select(field => field.Key), Known, imageTokens: 0);
    }

    public static JsonObject Edit(OpenAIStandIn standIn, OpenAICall call)
    {
        if (call.Body is not null) throw new OpenAIRefusalException(400, null, "This stand-in takes edits as multipart/form-data alone.");
        var images = call.Files.Where(file => file.Field is "image" or "image[]").ToList();
        if (images.Count == 0) throw new OpenAIRefusalException(400, "missing_required_parameter", "Missing required parameter: 'image'.", "image");
        if (images.Count > MaxFiles) throw new OpenAIRefusalException(400, "array_above_max_length", $"Invalid 'image': array too long. Expected an array with maximum length {MaxFiles}.", "image");
        // A second file of a field without brackets is lost there.
        if (images.Count > 1 && images.Any(file => file.Field == "image")) throw new OpenAIRefusalException(400, "duplicate_parameter", "Duplicate parameter: 'image'. You provided multiple values for this parameter, whereas only one is allowed. If you are trying to provide a list of values, use the array syntax instead e.g. 'image[]=<value>'.", "image");
        foreach (var (_, type, bytes) in images)
        {
            if (bytes.Length > MaxFileBytes) throw new OpenAIRefusalException(400, "invalid_image_file", "Invalid image file: too large.", "image");
            if (type is not ("image/png" or "image/jpeg" or "image/webp")) throw new OpenAIRefusalException(400, "unsupported_file_mimetype", $"Invalid file 'image': unsupported mimetype ('{type}'). Supported file formats are 'image/jpeg', 'image/png', and 'image/webp'.", "image");
            if (FormatOf(bytes) != type) throw new OpenAIRefusalException(400, "invalid_image_file", "Invalid image file or mode for image 1, please check your image file.", "image");
        }

        if (call.Files.FirstOrDefault(file => file.Field is not ("image" or "image[]" or "mask")) is { Field: { } stray }) throw new OpenAIRefusalException(400, "unknown_parameter", $"Unknown parameter: '{stray}'.", stray);
        var old = call.Model?.StartsWith("gpt-image-1", StringComparison.Ordinal) == true;
        if (call.Text("input_fidelity") is { } fidelity && (!old || fidelity is not ("low" or "high"))) throw new OpenAIRefusalException(400, "unsupported_parameter", "Unsupported parameter: 'input_fidelity' is not supported with this model.", "input_fidelity");
        return Answer(standIn, call, call.Fields.Keys, KnownOfEdits, imageTokens: 1000 * images.Count);
    }

    private static JsonObject Answer(OpenAIStandIn standIn, OpenAICall call, IEnumerable<string> fields, HashSet<string> known, int imageTokens)
    {
        if (fields.FirstOrDefault(field => !known.Contains(field)) is { } stray) throw new OpenAIRefusalException(400, "unknown_parameter", $"Unknown parameter: '{stray}'.", stray);
        if (call.Text("prompt") is not { Length: > 0 } prompt) throw new OpenAIRefusalException(400, "missing_required_parameter", "Missing required parameter: 'prompt'.", "prompt");
        if (prompt.Length > MaxPrompt) throw new OpenAIRefusalException(400, "string_above_max_length", $"Invalid 'prompt': string too long. Expected a string with maximum length {MaxPrompt}, but got a string with length {prompt.Length} instead.", "prompt");
        // Without one the service has a default; whoever pays had better say.
        if (call.Model is not { } model) throw new OpenAIRefusalException(400, "missing_required_parameter", "Missing required parameter: 'model'.", "model");
        if (!standIn.ImageModels.Contains(model)) throw new OpenAIRefusalException(400, "invalid_value", $"Invalid value: '{model}'. Value must be one of the image models.", "model");
        var count = Whole("n", 1);
        if (count is < 1 or > 10) throw new OpenAIRefusalException(400, "integer_above_max_value", "Invalid 'n': expected 1 to 10.", "n");
        var (width, height) = SizeOf(model, call.Text("size") ?? "auto");
        var quality = call.Text("quality") ?? "auto";
        if (quality is not ("auto" or "low" or "medium" or "high") && !(model.StartsWith("gpt-image-2.5", StringComparison.Ordinal) && quality is "xhigh" or "max"))
            throw new OpenAIRefusalException(400, "invalid_value", $"Invalid value: '{quality}'. Supported values are: 'low', 'medium', 'high', and 'auto'.", "quality");
        var format = call.Text("output_format") ?? "png";
        if (format is not ("png" or "jpeg" or "webp")) throw new OpenAIRefusalException(400, "invalid_value", $"Invalid value: '{format}'. Supported values are: 'png', 'jpeg', and 'webp'.", "output_format");
        if (call.Text("output_compression") is not null && format == "png" && Whole("output_compression", 100) != 100) throw new OpenAIRefusalException(400, "invalid_value", "Compression less than 100 is not supported for PNG output format.", "output_compression");
        if (call.Text("background") is { } background && background is not ("auto" or "opaque" or "transparent")) throw new OpenAIRefusalException(400, "invalid_value", $"Invalid value: '{background}'.", "background");
        if (call.Text("moderation") is { } moderation && moderation is not ("auto" or "low")) throw new OpenAIRefusalException(400, "invalid_value", $"Invalid value: '{moderation}'.", "moderation");
        if (call.Text("stream") is "true") throw new OpenAIRefusalException(400, null, "This stand-in does not stream.", "stream");

        var data = new JsonArray();
        for (var i = 0; i < count; i++) data.Add(new JsonObject { ["b64_json"] = Convert.ToBase64String(standIn.Draw(call, width, height)) });
        var written = count * (long)Math.Ceiling((quality switch { "low" => 272.0, "high" => 4160, "xhigh" => 8320, "max" => 16_640, _ => 1056 }) * width * height / (1024.0 * 1024));
        var text = Math.Max(1, prompt.Length / 4);
        return new JsonObject
        {
            ["created"] = 1_795_000_000,
            ["background"] = "opaque",
            ["output_format"] = format,
            ["quality"] = quality == "auto" ? "medium" : quality,
            ["size"] = $"{width}x{height}",
            ["data"] = data,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = text + imageTokens,
                ["input_tokens_details"] = new JsonObject { ["text_tokens"] = text, ["image_tokens"] = imageTokens },
                ["output_tokens"] = written,
                ["output_tokens_details"] = new JsonObject { ["text_tokens"] = 0, ["image_tokens"] = written },
                ["total_tokens"] = text + imageTokens + written,
            },
        };

        int Whole(string name, int otherwise) => call.Text(name) is { } told ? int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1 : otherwise;
    }

    /// <summary>The older models have three sizes; from <c>gpt-image-2</c> on both edges are multiples of 16 up to 3,840, at most 3:1, with 655,360 to 8,294,400 pixels.</summary>
    private static (int Width, int Height) SizeOf(string model, string size)
    {
        if (size == "auto") return (1024, 1024);
        var edges = size.Split('x');
        if (edges.Length != 2 || !int.TryParse(edges[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width) || !int.TryParse(edges[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height)) throw Invalid();
        if (model.StartsWith("gpt-image-1", StringComparison.Ordinal) && size is not ("1024x1024" or "1536x1024" or "1024x1536")) throw Invalid();
        if (width % 16 != 0 || height % 16 != 0 || Math.Max(width, height) > 3840 || Math.Max(width, height) > 3 * Math.Min(width, height) || (long)width * height is < 655_360 or > 8_294_400) throw Invalid();
        return (width, height);

        OpenAIRefusalException Invalid() => new(400, "invalid_value", $"Invalid value: '{size}'. Supported values are: '1024x1024', '1024x1536', '1536x1024', and 'auto'.", "size");
    }

    private static string FormatOf(byte[] bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        _ => "",
    };
}
