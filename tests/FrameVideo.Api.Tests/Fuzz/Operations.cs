using System.Text.Json.Nodes;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>An operation as the served document has it.</summary>
/// <param name="Service">0 for FrameService, 1 for VideoService.</param>
/// <param name="Method">GET, ...</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Parameters">Name, where it stands, schema.</param>
/// <param name="Bodies">Schemas by content type.</param>
/// <param name="Examples">Bodies of JSON that the document shows.</param>
/// <param name="Statuses">What is documented.</param>
internal sealed record DocumentedOperation(
    int Service, string Method, string Path, IReadOnlyList<(string Name, string In, JsonNode? Schema)> Parameters, IReadOnlyDictionary<string, JsonNode?> Bodies, IReadOnlyList<JsonNode> Examples, IReadOnlySet<int> Statuses)
{
    public override string ToString() => $"{(Service == 0 ? "frames" : "videos")} {Method} {Path}";
}

/// <summary>A served OpenAPI document, as far as a fuzz reads it.</summary>
internal sealed class ApiDocument
{
    private readonly JsonNode _root;

    public ApiDocument(int service, string text)
    {
        _root = JsonNode.Parse(text)!;
        Operations = [.. _root["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Where(method => method.Key is "get" or "put" or "post" or "delete" or "patch" or "head").Select(method => Read(service, path.Key, method.Key, method.Value!)))];
    }

    public IReadOnlyList<DocumentedOperation> Operations { get; }

    /// <summary>The schema itself, where it is a reference to one.</summary>
    public JsonNode Resolve(JsonNode schema)
    {
        while (schema["$ref"] is { } reference) schema = Follow(reference.GetValue<string>());
        return schema;
    }

    private DocumentedOperation Read(int service, string path, string method, JsonNode operation)
    {
        var parameters = (operation["parameters"]?.AsArray() ?? []).Select(parameter => Resolve(parameter!)).Select(parameter => (parameter["name"]!.GetValue<string>(), parameter["in"]!.GetValue<string>(), parameter["schema"]));
        var contents = operation["requestBody"] is { } body ? Resolve(body)["content"]!.AsObject() : [];
        var bodies = contents.ToDictionary(content => content.Key, content => content.Value!["schema"], StringComparer.Ordinal);
        var examples = (contents["application/json"]?["examples"]?.AsObject() ?? []).Select(example => example.Value!["value"]!);
        var statuses = operation["responses"]!.AsObject().Select(response => int.TryParse(response.Key, out var status) ? status : -1);
        return new DocumentedOperation(service, method.ToUpperInvariant(), path, [.. parameters], bodies, [.. examples], statuses.ToHashSet());
    }

    private JsonNode Follow(string reference)
    {
        var node = _root;
        foreach (var part in reference.TrimStart('#', '/').Split('/')) node = node[part]!;
        return node;
    }
}
