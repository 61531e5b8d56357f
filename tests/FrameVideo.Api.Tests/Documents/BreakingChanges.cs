using System.Globalization;
using System.Text.Json.Nodes;

namespace FrameVideo.Api.Tests.Documents;

/// <summary>
/// What a client of one document finds broken in the next one. Everything rests on one question about two schemas: does the outer one cover the inner one, so that whatever is an instance of the inner is one
/// of the outer, too? What callers send has to be covered by the new document, and what they read by the old one.
/// </summary>
internal sealed class BreakingChanges
{
    /// <summary>Marks an enumeration of answers to which values may be added: clients were told to expect them.</summary>
    public const string Extensible = "x-extensible";

    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head"];
    private static readonly string[] Most = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];
    private static readonly string[] Least = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
    private static readonly string[] Same = ["pattern", "format", "multipleOf", "uniqueItems"];
    private readonly JsonObject _before;
    private readonly JsonObject _after;
    private readonly List<string> _found = [];
    private readonly HashSet<string> _compared = new(StringComparer.Ordinal);

    private BreakingChanges(JsonObject before, JsonObject after) => (_before, _after) = (before, after);

    /// <summary>Every breaking change, a sentence each.</summary>
    public static IReadOnlyList<string> Find(JsonObject before, JsonObject after)
    {
        var changes = new BreakingChanges(before, after);
        changes.Items("paths", webhooks: false);
        changes.Items("webhooks", webhooks: true);
        return [.. changes._found.Distinct(StringComparer.Ordinal)];
    }

    private void Items(string part, bool webhooks)
    {
        foreach (var (path, item) in _before[part]?.AsObject() ?? [])
        {
            foreach (var method in Methods.Where(method => item![method] is not null))
            {
                var where = $"{method.ToUpperInvariant()} {path}";
                if (_after[part]?[path]?[method] is not JsonObject operation) _found.Add($"{where} is gone");
                else Operation(where, item![method]!.AsObject(), operation, webhooks);
            }
        }
    }

    private void Operation(string where, JsonObject before, JsonObject after, bool isSent)
    {
        if (before["operationId"]?.GetValue<string>() != after["operationId"]?.GetValue<string>()) _found.Add($"{where}: its operationId was {before["operationId"]} and is {after["operationId"]}");
        var ways = Ways(after);
        foreach (var way in Ways(before).Where(way => !ways.Contains(way))) _found.Add($"{where}: {(way.Length == 0 ? "nobody in particular" : way)} may not call it any more");
        Parameters(where, before, after, isSent);
        Body(where, before["requestBody"] as JsonObject, after["requestBody"] as JsonObject, isSent);
        foreach (var (status, response) in before["responses"]!.AsObject())
        {
            if (after["responses"]![status] is not { } next) _found.Add($"{where}: the status {status} is gone");
            else if (!isSent) Answer($"{where} {status}", Resolve(_before, response!), Resolve(_after, next));
        }
    }

    /// <summary>Who may call: each alternative by the names of its schemes.</summary>
    private static HashSet<string> Ways(JsonObject operation) =>
        (operation["security"]?.AsArray() ?? []).Select(way => string.Join('+', way!.AsObject().Select(scheme => scheme.Key).Order(StringComparer.Ordinal))).ToHashSet(StringComparer.Ordinal);

    private void Parameters(string where, JsonObject before, JsonObject after, bool isSent)
    {
        var former = Named(_before, before);
        var present = Named(_after, after);
        foreach (var (name, parameter) in former)
        {
            if (!present.TryGetValue(name, out var next))
            {
                _found.Add($"{where}: the parameter {name} is gone");
                continue;
            }

            if (!isSent && IsTrue(next["required"]) && !IsTrue(parameter["required"])) _found.Add($"{where}: the parameter {name} is required now");
            if (isSent && !IsTrue(next["required"]) && IsTrue(parameter["required"])) _found.Add($"{where}: the header {name} may be missing now");
            Compare($"{where} {name}", parameter["schema"], next["schema"], isSent);
        }

        if (isSent) return;
        foreach (var (name, parameter) in present.Where(parameter => !former.ContainsKey(parameter.Key) && IsTrue(parameter.Value["required"]))) _found.Add($"{where}: the parameter {name} is new and required");
    }

    private static Dictionary<string, JsonObject> Named(JsonObject document, JsonObject operation) =>
        (operation["parameters"]?.AsArray() ?? []).Select(parameter => Resolve(document, parameter!)).ToDictionary(parameter => $"{parameter["in"]} {parameter["name"]}", StringComparer.Ordinal);

    private void Body(string where, JsonObject? before, JsonObject? after, bool isSent)
    {
        if (after is not null && IsTrue(after["required"]) && !IsTrue(before?["required"])) _found.Add($"{where}: a body is required now");
        if (before is null) return;
        if (after is null) _found.Add($"{where}: its body is gone");
        else Contents($"{where} body", before, after, isSent);
    }

    private void Answer(string where, JsonObject before, JsonObject after)
    {
        Contents(where, before, after, isAnswer: true);
        foreach (var (name, header) in before["headers"]?.AsObject() ?? [])
        {
            if (after["headers"]?[name] is not { } next) _found.Add($"{where}: the header {name} is gone");
            else Compare($"{where} {name}", Resolve(_before, header!)["schema"], Resolve(_after, next)["schema"], isAnswer: true);
        }
    }

    private void Contents(string where, JsonObject before, JsonObject after, bool isAnswer)
    {
        foreach (var (type, media) in before["content"]?.AsObject() ?? [])
        {
            if (after["content"]?[type] is not { } next) _found.Add($"{where}: {type} is gone");
            else Compare($"{where} {type}", media!["schema"], next["schema"], isAnswer);
        }
    }

    private void Compare(string where, JsonNode? before, JsonNode? after, bool isAnswer)
    {
        if (before is null && after is null) return;
        if (isAnswer) Covers(where, new Side(_before, before), new Side(_after, after), isAnswer);
        else Covers(where, new Side(_after, after), new Side(_before, before), isAnswer);
    }

    /// <summary>Says where something that the inner schema allows is refused by the outer one.</summary>
    private void Covers(string where, Side outer, Side inner, bool isAnswer)
    {
        if (outer.IsAnything) return;
        if (inner.IsAnything)
        {
            _found.Add($"{where}: anything may stand here {(isAnswer ? "now" : "no more")}");
            return;
        }

        // The same pair of named schemas was compared, or is being: what is wrong with it is told once.
        if (outer.Name is { } one && inner.Name is { } two && !_compared.Add($"{isAnswer} {one} {two}")) return;
        if (outer.Name is not null && inner.Name is not null && outer.Name != inner.Name) where += $" ({outer.Name}, {inner.Name})";
        else if (outer.Name is { } name) where = name;
        var (wide, narrow) = (outer.Options(), inner.Options());
        if (narrow.IsNullable && !wide.IsNullable) _found.Add($"{where}: null {(isAnswer ? "may stand here now" : "is refused now")}");
        for (var i = 0; i < narrow.Schemas.Count; i++)
        {
            var part = narrow.Schemas[i];
            var match = wide.Schemas.FirstOrDefault(other => other.Name is not null && other.Name == part.Name) ?? (wide.Schemas.Count == narrow.Schemas.Count ? wide.Schemas[i] : null);
            if (match is null) _found.Add($"{where}: {part.Name ?? $"alternative {i + 1}"} is {(isAnswer ? "new" : "gone")}");
            else if (match.Name is not null && ReferenceEquals(match.Json, outer.Json) is false && narrow.Schemas.Count > 1) Covers(where, match, part, isAnswer);
            else One(where, match.Json, part.Json, outer.Document, inner.Document, isAnswer);
        }
    }

    private void One(string where, JsonObject outer, JsonObject inner, JsonObject outerDocument, JsonObject innerDocument, bool isAnswer)
    {
        var types = Types(inner).Where(type => Types(outer) is { Count: > 0 } allowed && !allowed.Contains(type) && !(type == "integer" && allowed.Contains("number"))).ToList();
        if (types.Count > 0 || (Types(outer).Count > 0 && Types(inner).Count == 0)) _found.Add($"{where}: its type is {(isAnswer ? "wider" : "narrower")}: {string.Join(", ", types)}");
        Words(where, outer, inner, isAnswer);
        foreach (var most in Most.Where(key => outer[key] is not null && (inner[key] is null || Number(inner[key]!) > Number(outer[key]!)))) _found.Add($"{where}: {most} was {(isAnswer ? outer : inner)[most]} and is {(isAnswer ? inner : outer)[most]}");
        foreach (var least in Least.Where(key => outer[key] is not null && (inner[key] is null || Number(inner[key]!) < Number(outer[key]!)))) _found.Add($"{where}: {least} was {(isAnswer ? outer : inner)[least]} and is {(isAnswer ? inner : outer)[least]}");
        foreach (var same in Same.Where(key => outer[key] is not null && !JsonNode.DeepEquals(outer[key], inner[key]))) _found.Add($"{where}: {same} was {(isAnswer ? outer : inner)[same]} and is {(isAnswer ? inner : outer)[same]}");
        var (before, after) = isAnswer ? (outer, inner) : (inner, outer);
        foreach (var gone in Names(before["properties"]).Except(Names(after["properties"]), StringComparer.Ordinal)) _found.Add($"{where}.{gone} is gone");
        foreach (var needed in Texts(outer["required"]).Except(Texts(inner["required"]), StringComparer.Ordinal)) _found.Add($"{where}.{needed} {(isAnswer ? "may be missing now" : "is required now")}");
        foreach (var (name, property) in inner["properties"]?.AsObject() ?? [])
        {
            if (outer["properties"]?[name] is { } wide) Covers($"{where}.{name}", new Side(outerDocument, wide), new Side(innerDocument, property), isAnswer);
            else if (outer["additionalProperties"] is JsonValue closed && !closed.GetValue<bool>()) _found.Add($"{where}.{name} is {(isAnswer ? "new, where nothing was to be added" : "refused now")}");
        }

        if (outer["items"] is { } items) Covers($"{where}[]", new Side(outerDocument, items), new Side(innerDocument, inner["items"]), isAnswer);
        if (outer["additionalProperties"] is JsonObject others) Covers($"{where}.*", new Side(outerDocument, others), new Side(innerDocument, inner["additionalProperties"]), isAnswer);
        else if (!isAnswer && outer["additionalProperties"] is JsonValue open && !open.GetValue<bool>() && !(inner["additionalProperties"] is JsonValue was && !was.GetValue<bool>())) _found.Add($"{where}: members that are not known are refused now");
    }

    private void Words(string where, JsonObject outer, JsonObject inner, bool isAnswer)
    {
        if (Values(outer) is not { } allowed || (isAnswer && IsTrue(outer[Extensible]))) return;
        if (Values(inner) is not { } values) _found.Add($"{where}: any value may stand here {(isAnswer ? "now" : "no more")}");
        else if (values.Except(allowed, StringComparer.Ordinal).ToList() is { Count: > 0 } others) _found.Add($"{where}: {string.Join(", ", others)} {(isAnswer ? "is new" : "is refused now")}");
    }

    private static HashSet<string>? Values(JsonObject schema) => schema["const"] is { } constant ? [constant.ToJsonString()]
        : schema["enum"] is JsonArray values ? values.Where(value => value is not null).Select(value => value!.ToJsonString()).ToHashSet(StringComparer.Ordinal) : null;

    private static HashSet<string> Types(JsonObject schema) => (schema["type"] switch
    {
        JsonArray types => types.Select(type => type!.GetValue<string>()),
        JsonValue type => [type.GetValue<string>()],
        _ => [],
    }).Where(type => type != "null").ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Names(JsonNode? properties) => properties?.AsObject().Select(property => property.Key) ?? [];

    private static IEnumerable<string> Texts(JsonNode? texts) => texts?.AsArray().Select(text => text!.GetValue<string>()) ?? [];

    private static bool IsTrue(JsonNode? value) => value is JsonValue flag && flag.TryGetValue<bool>(out var isTrue) && isTrue;

    private static double Number(JsonNode value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    private static JsonObject Resolve(JsonObject document, JsonNode node)
    {
        if (node["$ref"]?.GetValue<string>() is not { } reference) return node.AsObject();
        JsonNode target = document;
        foreach (var part in reference[2..].Split('/')) target = target[part]!;
        return target.AsObject();
    }

    /// <summary>A schema in its document.</summary>
    private sealed record Side(JsonObject Document, JsonNode? Node)
    {
        public bool IsAnything => Node is null || (Node is JsonValue value && value.TryGetValue<bool>(out var isTrue) && isTrue) || Node is JsonObject { Count: 0 };

        public string? Name => Node?["$ref"]?.GetValue<string>().Split('/')[^1];

        public JsonObject Json => Resolve(Document, Node!);

        /// <summary>What may stand there: without null, and whether null may.</summary>
        public (IReadOnlyList<Side> Schemas, bool IsNullable) Options()
        {
            var json = Json;
            if (json["properties"] is null && (json["oneOf"] ?? json["anyOf"]) is JsonArray options)
            {
                var sides = options.Select(option => new Side(Document, option)).ToList();
                return ([.. sides.Where(side => side.Json["type"]?.ToJsonString() != "\"null\"")], sides.Any(side => side.Json["type"]?.ToJsonString() == "\"null\""));
            }

            return ([this], json["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null"));
        }
    }
}
