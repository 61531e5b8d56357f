using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.TestKit.Providers.OpenAI;

/// <summary>One call as it arrived.</summary>
public sealed class OpenAICall
{
    /// <summary>Such as <c>/v1/chat/completions</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The JSON body; null for a form, or what is no JSON.</summary>
    public JsonObject? Body { get; private init; }

    /// <summary>The words of a form.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; private init; } = new Dictionary<string, string>();

    /// <summary>The files of a form, with the fields that carried them.</summary>
    public IReadOnlyList<(string Field, string ContentType, byte[] Bytes)> Files { get; private init; } = [];

    /// <summary>Whether it was answered with a result.</summary>
    public bool IsPaid { get; set; }

    /// <summary>How it was refused, for what it asked.</summary>
    public OpenAIRefusalException? Refusal { get; set; }

    public bool IsChat => Path.EndsWith("/chat/completions", StringComparison.Ordinal);

    public bool IsEdit => Path.EndsWith("/images/edits", StringComparison.Ordinal);

    /// <summary>Which model was asked.</summary>
    public string? Model => Text("model");

    /// <summary>What is to be drawn; or all that was said to a chat model.</summary>
    public string Prompt => IsChat ? string.Join("\n", Messages.Select(message => message.Content)) : Text("prompt") ?? "";

    /// <summary>What was said to a chat model, in order.</summary>
    public IReadOnlyList<(string Role, string Content)> Messages => Body?["messages"] is JsonArray messages ? [.. messages.OfType<JsonObject>().Select(message => ((string?)message["role"] ?? "", ContentOf(message["content"])))] : [];

    /// <summary>The data of the last message of a user; null where that is no JSON object.</summary>
    public JsonObject? Data
    {
        get
        {
            try
            {
                return JsonNode.Parse(Messages.LastOrDefault(message => message.Role == "user").Content ?? "") as JsonObject;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>One field, of the body or the form.</summary>
    public string? Text(string name) => Body is not null ? Body[name]?.GetValueKind() == JsonValueKind.String ? (string?)Body[name] : Body[name]?.ToJsonString() : Fields.GetValueOrDefault(name);

    internal static async Task<OpenAICall> ReadAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            var files = new List<(string, string, byte[])>();
            foreach (var file in form.Files)
            {
                using var bytes = new MemoryStream();
                await file.CopyToAsync(bytes, context.RequestAborted);
                files.Add((file.Name, TypeOf(file), bytes.ToArray()));
            }

            return new OpenAICall { Path = path, Fields = form.ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal), Files = files };
        }

        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        JsonNode? body = null;
        try
        {
            body = text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // Refused where it is looked at.
        }

        return new OpenAICall { Path = path, Body = body as JsonObject };
    }

    /// <summary>A part without a type of its own is taken for what its name says.</summary>
    private static string TypeOf(IFormFile file) => !string.IsNullOrEmpty(file.ContentType) ? file.ContentType : System.IO.Path.GetExtension(file.FileName).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".webp" => "image/webp",
        _ => "application/octet-stream",
    };

    private static string ContentOf(JsonNode? content) => content switch
    {
        JsonArray parts => string.Concat(parts.OfType<JsonObject>().Select(part => (string?)part["text"])),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => (string)value!,
        _ => "",
    };
}

/// <summary>What the service says in place of a result, as its bodies have it.</summary>
public sealed class OpenAIRefusalException(int status, string? code, string message, string? param = null, string type = "invalid_request_error", JsonObject? details = null) : Exception(message)
{
    public int Status { get; } = status;

    public string? Code { get; } = code;

    public string? Param { get; } = param;

    internal JsonObject ToBody()
    {
        var error = new JsonObject { ["message"] = Message, ["type"] = type, ["param"] = Param, ["code"] = Code };
        if (details is not null) error["moderation_details"] = details.DeepClone();
        return new JsonObject { ["error"] = error };
    }
}
