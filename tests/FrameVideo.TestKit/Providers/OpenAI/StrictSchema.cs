using System.Text.Json;
using System.Text.Json.Nodes;

namespace FrameVideo.TestKit.Providers.OpenAI;

/// <summary>What a schema of a strict structured output has to be (developers.openai.com/api/docs/guides/structured-outputs, "Supported schemas").</summary>
internal static class StrictSchema
{
    private const int MaxDepth = 10;
    private const int MaxProperties = 5000;

    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "description", "title", "$ref", "$defs", "definitions", "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "multipleOf", "pattern", "format", "default",
    };

    public static void Check(string name, JsonNode? schema)
    {
        var properties = 0;
        if (schema is not JsonObject root || (string?)root["type"] != "object") throw Invalid(name, "()", "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.");
        if (root.ContainsKey("anyOf")) throw Invalid(name, "()", "schema must not have 'anyOf' at the top level.");
        Visit(root, "()", 1);

        void Visit(JsonNode? node, string at, int depth)
        {
            if (node is not JsonObject part) throw Invalid(name, at, "a schema is an object.");
            if (depth > MaxDepth) throw Invalid(name, at, $"exceeds the limit of {MaxDepth} levels of nesting.");
            if (part.Select(entry => entry.Key).FirstOrDefault(key => !Keywords.Contains(key)) is { } stray) throw Invalid(name, at, $"'{stray}' is not permitted.");
            if (part["anyOf"] is JsonArray any)
            {
                foreach (var one in any) Visit(one, at, depth);
            }

            if (IsA(part, "object"))
            {
                if (part["additionalProperties"]?.GetValueKind() != JsonValueKind.False) throw Invalid(name, at, "'additionalProperties' is required to be supplied and to be false.");
                var known = part["properties"] as JsonObject ?? [];
                var required = (part["required"] as JsonArray ?? []).Select(entry => (string?)entry).ToHashSet();
                if (known.Select(entry => entry.Key).FirstOrDefault(key => !required.Contains(key)) is { } missing)
                    throw Invalid(name, at, $"'required' is required to be supplied and to be an array including every key in properties. Missing '{missing}'.");
                if ((properties += known.Count) > MaxProperties) throw Invalid(name, at, $"exceeds the limit of {MaxProperties} properties.");
                foreach (var (key, value) in known) Visit(value, $"('properties', '{key}')", depth + 1);
            }

            if (IsA(part, "array")) Visit(part["items"] ?? throw Invalid(name, at, "array schema missing items."), at, depth + 1);
            if (!part.ContainsKey("type") && !part.ContainsKey("anyOf") && !part.ContainsKey("$ref") && !part.ContainsKey("enum") && !part.ContainsKey("const")) throw Invalid(name, at, "schema must have a 'type' key.");
        }
    }

    private static bool IsA(JsonObject part, string type) => part["type"] switch
    {
        JsonValue one => (string?)one == type,
        JsonArray several => several.Any(one => (string?)one == type),
        _ => false,
    };

    private static OpenAIRefusalException Invalid(string name, string at, string what) => new(400, null, $"Invalid schema for response_format '{name}': In context={at}, {what}", "response_format");
}
