using System.Text.Json.Nodes;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>Makes values of a schema: mostly such as it allows, at its edges, and some that it does not; tame ones it allows all, so that what lies behind a check is reached, too.</summary>
internal sealed class Values(ApiDocument document, Pool pool, bool isTame)
{
    /// <summary>Whether objects have every member, and not some.</summary>
    public bool IsFull { get; init; }

    public JsonNode? Of(Random random, JsonNode? given, string name = "", int depth = 0)
    {
        if (given is null) return random.Next(100);
        if (!isTame && random.Next(40) == 0) return Wrong(random);
        if (Known(random, name) is { } known) return known;
        var schema = document.Resolve(given);
        if ((schema["oneOf"] ?? schema["anyOf"] ?? schema["allOf"]) is JsonArray { Count: > 0 } forms) return Of(random, forms[random.Next(forms.Count)], name, depth + 1);
        if (schema["enum"] is JsonArray { Count: > 0 } allowed) return !isTame && random.Next(8) == 0 ? Odd.Texts[random.Next(Odd.Texts.Length)] : allowed[random.Next(allowed.Count)]?.DeepClone();
        return TypeOf(random, schema) switch
        {
            "object" => Object(random, schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, depth > 4 ? 0 : Count(random, schema)).Select(_ => Of(random, schema["items"], "", depth + 1))]),
            "integer" => Number(random, schema),
            "number" => random.Next(4) == 0 ? JsonValue.Create(random.NextDouble() * 100) : Number(random, schema),
            "boolean" => random.Next(2) == 0,
            "null" => null,
            _ => Text(random, schema),
        };
    }

    private string TypeOf(Random random, JsonNode schema) => schema["type"] switch
    {
        JsonArray { Count: > 0 } types => types[isTame ? 0 : random.Next(types.Count)]!.GetValue<string>(),
        JsonValue type => type.GetValue<string>(),
        _ => schema["properties"] is not null ? "object" : "string",
    };

    private JsonObject Object(Random random, JsonNode schema, int depth)
    {
        var made = new JsonObject();
        var required = (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        var share = random.Next(1, 8);
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            if (depth > 5 || !(required.Contains(name) ? isTame || random.Next(20) > 0 : IsFull || random.Next(8) < share)) continue;
            made[name] = Of(random, property, name, depth + 1);
        }

        if (isTame) return made;
        if (schema["additionalProperties"] is JsonObject others)
        {
            for (var i = random.Next(4) == 0 ? random.Next(40) : random.Next(3); i > 0; i--) made[Odd.Texts[random.Next(Odd.Texts.Length)] + i] = Of(random, others, "", depth + 1);
        }

        if (random.Next(15) == 0) made[Odd.Texts[random.Next(Odd.Texts.Length)] + "_"] = Wrong(random);
        return made;
    }

    private int Count(Random random, JsonNode schema) => random.Next(10) switch
    {
        _ when isTame => Bound(schema, "minItems", 1) + random.Next(2),
        0 => 0,
        1 => Math.Min(Bound(schema, "maxItems", 3), 1200) + random.Next(2),
        _ => 1 + random.Next(4),
    };

    private JsonNode Number(Random random, JsonNode schema)
    {
        var (low, high) = (Bound(schema, "minimum", 0), Bound(schema, "maximum", 1000));
        return random.Next(9) switch
        {
            _ when isTame => low + random.Next(Math.Clamp(high - low, 1, 6)),
            0 => low - 1L,
            1 => high + 1L,
            2 => high,
            3 => long.MaxValue,
            4 => random.Next(2) == 0 ? int.MinValue : 1e300,
            5 => 0.5,
            _ => low + random.NextInt64(Math.Max(1, Math.Min((long)high - low, 6))),
        };
    }

    private JsonNode Text(Random random, JsonNode schema)
    {
        var (low, high) = (Bound(schema, "minLength", 0), Math.Min(Bound(schema, "maxLength", 200), 21_000));
        return random.Next(8) switch
        {
            _ when isTame => "a boat at sea".PadRight(low, '.')[..Math.Clamp(high, 0, Math.Max(13, low))],
            0 => new string('x', Math.Max(0, low - 1)),
            1 => new string('x', high),
            2 => new string('x', high + 1),
            3 => string.Concat(Enumerable.Repeat("😀", high / 2)),
            4 or 5 => Odd.Texts[random.Next(Odd.Texts.Length)],
            _ => "a boat at sea",
        };
    }

    private static JsonNode? Wrong(Random random) => random.Next(9) switch
    {
        0 => null,
        1 => true,
        2 => new JsonArray(),
        3 => new JsonObject(),
        4 => -1,
        5 => 1e308,
        6 => new JsonArray(new JsonArray(new JsonObject { ["a"] = null })),
        _ => Odd.Texts[random.Next(Odd.Texts.Length)],
    };

    /// <summary>What other answers gave, where a name says that it may be wanted.</summary>
    private JsonNode? Known(Random random, string name) => !isTame && random.Next(4) == 0 ? null : name switch
    {
        "userId" when isTame => "anna",
        "imageUrl" or "referenceImage" when isTame => "data:image/png;base64," + Convert.ToBase64String(Pictures.Png()),
        "callbackUrl" when isTame => "https://example.org/hook",
        "timestamp" when isTame => "0:01",
        "fps" when isTame => 24,
        "requestId" or "sessionId" => pool.Request(random),
        "userId" => pool.User(random),
        "imageUrl" or "referenceImage" => pool.Link(random),
        "imageData" or "image" => random.Next(3) == 0 ? pool.Link(random) : Convert.ToBase64String(Odd.Picture(random)),
        "folderPath" => $"{pool.User(random)}/{pool.Request(random)}/reference-frames",
        "number" or "id" or "after" => random.Next(1, 5),
        "videoDuration" => 2,
        "frameCount" => random.Next(1, 4),
        "quality" => "draft",
        _ => null,
    };

    private static int Bound(JsonNode schema, string name, int otherwise) => schema[name] is JsonValue value && value.TryGetValue<double>(out var number) ? (int)Math.Clamp(number, int.MinValue / 2, int.MaxValue / 2) : otherwise;
}

/// <summary>Names and links that earlier answers gave, so that later requests reach further.</summary>
internal sealed class Pool
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<string>> _known = new(StringComparer.Ordinal) { ["req"] = ["req_1700000000000_ab12cd34e"], ["vid"] = ["vid_1700000000000_ab12cd34e"], ["link"] = ["/v1/objects/a/b"], ["evt"] = ["evt_req_1_a_1"] };

    public string Request(Random random) => random.Next(8) == 0 ? $"req_{random.Next(1, 50)}_z" : Any(random, "req");

    public string Video(Random random) => Any(random, "vid");

    public string Event(Random random) => Any(random, "evt");

    public string Link(Random random) => random.Next(6) switch
    {
        0 => Odd.Texts[random.Next(Odd.Texts.Length)],
        1 => "data:image/png;base64," + Convert.ToBase64String(Odd.Picture(random)),
        _ => Any(random, "link"),
    };

    public string User(Random random) => random.Next(10) switch { 0 => "carla", 1 => Odd.Texts[random.Next(Odd.Texts.Length)], 2 => "berta", _ => "anna" };

    /// <summary>Takes in what an answer names; old things make room.</summary>
    public void Learn(string kind, string text)
    {
        lock (_gate)
        {
            var list = _known[kind];
            if (list.Contains(text, StringComparer.Ordinal)) return;
            list.Add(text);
            if (list.Count > 40) list.RemoveAt(0);
        }
    }

    private string Any(Random random, string kind)
    {
        lock (_gate)
        {
            var list = _known[kind];
            return list[random.Next(2) == 0 ? list.Count - 1 : random.Next(list.Count)];
        }
    }
}
