using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>
/// Requests that are right, and requests that are right but for one place: what lies behind the checks of everything else is only reached by those. Bodies are the document's own examples, or have every member
/// that the schema knows.
/// </summary>
/// <param name="documents">Of both services.</param>
/// <param name="pool">What other answers gave.</param>
/// <param name="key">Of the user whose things they are about.</param>
/// <param name="adminKey">Of an administrator.</param>
internal sealed class Bent(IReadOnlyList<ApiDocument> documents, Pool pool, string key, string adminKey)
{
    /// <summary>The place that a request is bent in.</summary>
    private enum Place
    {
        None, Path, Query, Header, Type, Method, Body, Bytes,
    }

    private static readonly string[] Headers =
    [
        "If-Match: \"1\"", "If-Match: *", "If-Match: \"x\"", "If-None-Match: *", "If-None-Match: \"1\"", "Range: bytes=0-9", "Range: bytes=-5", "Range: bytes=999999999-", "If-Range: \"x\"", "Accept: application/json", "Accept: text/event-stream", "Accept: image/avif",
        "Idempotency-Key: one", "Last-Event-ID: 2", "Last-Event-ID: 9223372036854775807", "X-User-Id: dora", "X-User-Id: anna", "X-User-Id: \t", "X-Correlation-Id: a b", "Content-Encoding: gzip", "Content-Encoding: br", "Content-Language: x", "X-HTTP-Method-Override: DELETE", "Prefer: respond-async",
    ];

    private readonly DocumentedOperation[] _operations = [.. documents.SelectMany(document => document.Operations)];

    /// <summary>Every operation once, right; those that end something stand last.</summary>
    public IEnumerable<DocumentedOperation> InOrder => _operations.OrderBy(operation => operation switch
    {
        // What is under way ends by itself, so it is canceled first.
        { Method: "POST" } when operation.Path.EndsWith("/cancel", StringComparison.Ordinal) => 0,
        { Method: "DELETE", Path: "/v1/users/{userId}/data" } => 4,
        { Method: "GET", Path: "/v1/users/{userId}/data" } => 5,
        { Method: "DELETE", Service: 0 } => 3,
        { Method: "DELETE", Path: "/v1/videos" } => 3,
        { Method: "DELETE" } => 2,
        _ => 1,
    });

    /// <summary>A request that the operation takes.</summary>
    public Case Right(DocumentedOperation operation, Things things) => Make(new Random(1), operation, things, Place.None, isExample: true);

    /// <summary>A request of any operation that is right but for one place.</summary>
    public Case One(Random random, Things things)
    {
        var operation = _operations[random.Next(_operations.Length)];
        Place[] places = operation.Bodies.Count == 0 ? [Place.Path, Place.Query, Place.Header, Place.Method] : [Place.Path, Place.Query, Place.Header, Place.Type, Place.Bytes, Place.Body, Place.Body, Place.Body, Place.Body, Place.Body, Place.Body];
        return Make(random, operation, things, places[random.Next(places.Length)], isExample: random.Next(2) == 0);
    }

    private Case Make(Random random, DocumentedOperation operation, Things things, Place place, bool isExample)
    {
        var (method, path, known) = (operation.Method, operation.Path, (DocumentedOperation?)operation);
        var inPath = operation.Parameters.Where(parameter => parameter.In == "path").Select(parameter => parameter.Name).ToList();
        var bentName = place == Place.Path && inPath.Count > 0 ? inPath[random.Next(inPath.Count)] : null;
        foreach (var name in inPath)
        {
            // Erased is somebody else: the things are needed.
            var value = name == "userId" && place != Place.None ? "carla" : things.ForPath(operation, name);
            if (name == bentName) (value, known) = (Uri.EscapeDataString(BendText(random, value)), null);
            path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        path += Query(random, operation, things, place == Place.Query);
        if (place == Place.Method) (method, known) = (random.Next(3) switch { 0 => "HEAD", 1 => "OPTIONS", _ => method == "GET" ? "POST" : "GET" }, null);
        var isErasure = operation.Path == "/v1/users/{userId}/data";
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {(isErasure ? adminKey : key)}\r\nConnection: close\r\n");
        if (place == Place.Header) head.Append(Headers[random.Next(Headers.Length)]).Append("\r\n");
        var (type, body) = Body(random, operation, things, place, isExample);
        if (place == Place.Type) type = random.Next(5) switch { 0 => "", 1 => "text/plain", 2 => "application/json; charset=utf-16", 3 => "application/x-www-form-urlencoded", _ => "application/merge-patch+json" };
        if (type.Length > 0) head.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        if (operation.Bodies.Count > 0 || method is "POST" or "PUT" or "PATCH") head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        return new Case(operation.Service, [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body], known, IsBroken: path.Length > 6000 || path.Contains("%00", StringComparison.Ordinal), HangsUp: false);
    }

    private string Query(Random random, DocumentedOperation operation, Things things, bool isBent)
    {
        var parts = things.ForQuery(operation).ToList();
        var others = operation.Parameters.Where(parameter => parameter.In == "query").ToList();
        if (isBent && others.Count > 0)
        {
            var (name, _, schema) = others[random.Next(others.Count)];
            var given = parts.FirstOrDefault(part => part.Name == name).Value;
            parts.RemoveAll(part => part.Name == name);
            var value = given is null ? new Values(documents[operation.Service], pool, isTame: false).Of(random, schema, name)?.ToString() ?? "" : BendText(random, given);
            parts.Add((name, Uri.EscapeDataString(value.Length > 500 ? value[..500] : value)));
            if (random.Next(6) == 0) parts.Add(parts[^1]);
        }

        return parts.Count == 0 ? "" : "?" + string.Join('&', parts.Select(part => $"{part.Name}={part.Value}"));
    }

    private (string Type, byte[] Body) Body(Random random, DocumentedOperation operation, Things things, Place place, bool isExample)
    {
        if (operation.Bodies.Count == 0) return ("", []);
        var types = operation.Bodies.Keys.ToList();
        var type = isExample ? types[0] : types[random.Next(types.Count)];
        if (type != "application/json")
        {
            var bytes = operation.Path.EndsWith("uploads/{name}", StringComparison.Ordinal) ? Sounds.Wav(seconds: 0.1) : Pictures.Png();
            if (type == "multipart/form-data") return Forms.Make(random, pool);
            return (type, place switch { Place.Body => Odd.Spoil(random, bytes, 1), Place.Bytes => bytes[..random.Next(bytes.Length)], _ => bytes });
        }

        var json = isExample ? Example(random, operation, things, place == Place.None) : new Values(documents[operation.Service], pool, isTame: true) { IsFull = true }.Of(random, operation.Bodies[type]);
        Fit(json, things);
        if (place == Place.Body) json = Bend(random, json);
        var text = Encoding.UTF8.GetBytes(json?.ToJsonString() ?? "null");
        return (type, place == Place.Bytes ? Odd.Json(random, text) : text);
    }

    /// <summary>The first example, or any.</summary>
    private static JsonNode Example(Random random, DocumentedOperation operation, Things things, bool isFirst)
    {
        var example = operation.Examples[isFirst ? 0 : random.Next(operation.Examples.Count)].DeepClone();
        if (operation.Path == "/api/save_frames") example["frames"]![0]!["imageUrl"] = things.FrameLink;
        return example;
    }

    /// <summary>Lets it be about what is there.</summary>
    private static void Fit(JsonNode? json, Things things)
    {
        if (json is not JsonObject body) return;
        foreach (var name in new[] { "requestId", "sessionId" })
        {
            if (body.ContainsKey(name)) body[name] = things.Request;
        }

        if (body.ContainsKey("userId")) body["userId"] = Things.User;
    }

    /// <summary>Changes one place of a body, whichever.</summary>
    private JsonNode? Bend(Random random, JsonNode? json)
    {
        var nodes = new List<JsonNode>();
        void Add(JsonNode? node)
        {
            if (node is null) return;
            nodes.Add(node);
            foreach (var child in node is JsonObject all ? all.Select(member => member.Value) : node as JsonArray ?? []) Add(child);
        }

        Add(json);
        if (nodes.Count == 0) return new JsonArray();
        var chosen = nodes[random.Next(nodes.Count)];
        if (chosen is JsonObject made && random.Next(2) == 0)
        {
            made[Odd.Texts[random.Next(Odd.Texts.Length)] + "_"] = Odd.Texts[random.Next(Odd.Texts.Length)];
            return json;
        }

        if (chosen is JsonArray { Count: > 0 } list && random.Next(2) == 0)
        {
            for (var i = random.Next(4) == 0 ? 1100 : 1; i > 0; i--) list.Add(list[0]?.DeepClone());
            return json;
        }

        var other = Other(random, chosen);
        switch (chosen.Parent)
        {
            case JsonObject parent when random.Next(8) == 0: parent.Remove(chosen.GetPropertyName()); return json;
            case JsonObject parent: parent[chosen.GetPropertyName()] = other; return json;
            case JsonArray parent: parent[chosen.GetElementIndex()] = other; return json;
            default: return other;
        }
    }

    private JsonNode? Other(Random random, JsonNode chosen) => random.Next(12) switch
    {
        0 => null,
        1 => chosen is JsonArray ? new JsonObject() : new JsonArray(chosen.DeepClone()),
        2 => new JsonObject { ["a"] = chosen.DeepClone() },
        3 => chosen.ToString(),
        4 => random.Next(2) == 0,
        5 => random.Next(8) switch { 0 => 0, 1 => -1, 2 => int.MaxValue, 3 => long.MinValue, 4 => 1e300, 5 => 0.1, 6 => 1e-300, _ => 2147483648 },
        6 => pool.Link(random),
        7 => new string('x', 1 << random.Next(4, 18)),
        8 => chosen is JsonValue text && text.TryGetValue<string>(out var was) ? BendText(random, was) : "",
        9 => string.Concat(Enumerable.Repeat("👩‍👩‍👧‍👦", random.Next(1, 2000))),
        _ => Odd.Texts[random.Next(Odd.Texts.Length)],
    };

    private static string BendText(Random random, string text)
    {
        var at = random.Next(text.Length + 1);
        return random.Next(12) switch
        {
            0 => text.ToUpperInvariant(),
            1 => text + " ",
            2 => text[..at],
            3 => text.Insert(at, "\0"),
            4 => text.Insert(at, "../"),
            5 => text.Insert(at, "é"),
            6 => text + text,
            7 => text.Insert(at, "\n"),
            8 => text.Replace('_', '-'),
            9 => at < text.Length ? string.Concat(text.AsSpan(0, at), ((char)(text[at] ^ 1)).ToString(), text.AsSpan(at + 1)) : text + "x",
            10 => text.Insert(at, "%2f"),
            _ => Odd.Texts[random.Next(Odd.Texts.Length)] is { Length: < 1000 } odd ? odd : "x",
        };
    }
}
