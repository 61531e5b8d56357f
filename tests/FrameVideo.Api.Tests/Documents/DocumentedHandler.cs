using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace FrameVideo.Api.Tests.Documents;

/// <summary>
/// Holds real traffic to a service's committed document: each request has to be one of its operations, and each answer's status, media type, headers, code and body have to be as that operation says.
/// Put it in front of any handler; what does not hold is gathered in <see cref="Mistakes"/>.
/// </summary>
/// <param name="document">The document.</param>
/// <param name="inner">Who sends.</param>
internal sealed partial class DocumentedHandler(ApiDocument document, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly HttpStatusCode[] OfNoOperation = [HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound];

    /// <summary>What was not as the document says, a sentence each.</summary>
    public ConcurrentQueue<string> Mistakes { get; } = new();

    /// <summary>Which statuses of which operations were seen: <c>getSession 200</c>.</summary>
    public ConcurrentDictionary<string, int> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>Fails where anything was not as the document says.</summary>
    public void RequireTrue() => Assert.True(Mistakes.IsEmpty, string.Join("\n", Mistakes.Distinct(StringComparer.Ordinal)));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var path = request.RequestUri!.AbsolutePath;
        if (document.Find(request.Method.Method, path) is not { } operation)
        {
            if (!OfNoOperation.Contains(response.StatusCode)) Mistakes.Enqueue($"{request.Method} {path}: {(int)response.StatusCode}, but no operation of the document is there.");
            return response;
        }

        var status = ((int)response.StatusCode).ToString();
        var where = $"{operation.Id} {status}";
        Seen.AddOrUpdate(where, 1, (_, times) => times + 1);
        if (operation.Response(status) is not { } documented)
        {
            Mistakes.Enqueue($"{where}: this status is not in the document. {await TextAsync(response, cancellationToken)}");
            return response;
        }

        Headers(where, documented, response);
        await BodyAsync(where, documented, response, cancellationToken);
        return response;
    }

    private void Headers(string where, JsonObject documented, HttpResponseMessage response)
    {
        foreach (var (name, some) in documented["headers"]?.AsObject() ?? [])
        {
            var header = document.Resolve(some!);
            if (Value(response, name) is not { } values) continue;
            var schema = header["schema"]!.AsObject();
            JsonNode value = schema["type"]?.GetValue<string>() == "integer" && long.TryParse(values, out var number) ? JsonValue.Create(number) : JsonValue.Create(values);
            if (document.Complaint(schema, value) is { } complaint) Mistakes.Enqueue($"{where}: {name} is '{values}': {complaint}");
        }

        foreach (var name in Told.Where(name => Value(response, name) is not null))
        {
            if (documented["headers"]?[name] is null) Mistakes.Enqueue($"{where}: the header {name} is not in the document.");
        }
    }

    private static string? Value(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var own) || response.Content.Headers.NonValidated.TryGetValues(name, out own) ? own.ToString() : null;

    /// <summary>Headers that a client may want to know of before it meets them.</summary>
    private static readonly string[] Told =
    [
        "Location", "ETag", "Retry-After", "X-Correlation-Id", "Idempotent-Replayed", "RateLimit", "RateLimit-Policy", "Accept-Ranges", "Content-Range", "Content-Disposition", "WWW-Authenticate", "Last-Modified",
    ];

    private async Task BodyAsync(string where, JsonObject documented, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        var content = documented["content"]?.AsObject();
        if (type is null)
        {
            if (content is not null && response.RequestMessage!.Method != HttpMethod.Head) Mistakes.Enqueue($"{where}: no content type, but the document has {string.Join(", ", content.Select(one => one.Key))}.");
            return;
        }

        if (content is null)
        {
            if (response.RequestMessage!.Method != HttpMethod.Head) Mistakes.Enqueue($"{where}: {type}, but the document has no body.");
            return;
        }

        if (content["*/*"] is not null) return;
        if (content[type] is not JsonObject media)
        {
            Mistakes.Enqueue($"{where}: {type} is not among {string.Join(", ", content.Select(one => one.Key))}.");
            return;
        }

        if (!type.EndsWith("json", StringComparison.Ordinal) || media["schema"] is null) return;
        var text = await TextAsync(response, cancellationToken);
        JsonNode? body;
        try
        {
            body = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            Mistakes.Enqueue($"{where}: the body is no JSON: {text}");
            return;
        }

        if (document.Complaint(media["schema"]!.AsObject(), body) is { } complaint) Mistakes.Enqueue($"{where}: {complaint}");
        if (documented["x-error-codes"] is JsonArray codes && body?["code"]?.GetValue<string>() is { } code && !codes.Any(one => one!.GetValue<string>() == code))
            Mistakes.Enqueue($"{where}: the code {code} is not in the document: {body["detail"] ?? body["error"]}");
    }

    private static async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not { } type || !type.EndsWith("json", StringComparison.Ordinal)) return "";
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }
}

/// <summary>An OpenAPI document, to be asked what it says.</summary>
internal sealed class ApiDocument
{
    private readonly JsonObject _document;
    private readonly string _definitions;
    private readonly List<(string Method, Regex Path, int Weight, ApiOperation Operation)> _operations = [];
    private readonly ConcurrentDictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);
    private static readonly EvaluationOptions Strict = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    public ApiDocument(JsonObject document)
    {
        _document = document;
        _definitions = document["components"]!["schemas"]!.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        foreach (var (template, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject().Where(one => one.Value is JsonObject && one.Key is "get" or "put" or "post" or "delete" or "patch" or "head"))
                _operations.Add((method.ToUpperInvariant(), PatternOf(template), template.Count(c => c == '{'), new ApiOperation(this, template, method.ToUpperInvariant(), operation!.AsObject())));
        }
    }

    /// <summary>The committed document of a service.</summary>
    public static ApiDocument Of(string service) => new(ServiceDocuments.Read(service));

    public IEnumerable<ApiOperation> Operations => _operations.Select(one => one.Operation);

    /// <summary>The operation at a path; the one with the fewest parameters where several fit.</summary>
    public ApiOperation? Find(string method, string path) =>
        // Every GET takes HEAD, which the documents do not say of each.
        _operations.Where(one => one.Method == (method == "HEAD" ? "GET" : method) && one.Path.IsMatch(path)).OrderBy(one => one.Weight).Select(one => one.Operation).FirstOrDefault();

    /// <summary>What a reference leads to; what is none is itself.</summary>
    public JsonObject Resolve(JsonNode node)
    {
        if (node["$ref"]?.GetValue<string>() is not { } reference) return node.AsObject();
        JsonNode target = _document;
        foreach (var part in reference[2..].Split('/')) target = target[part]!;
        return target.AsObject();
    }

    /// <summary>Why a value is not as a schema says, by JSON Schema 2020-12; null where it is.</summary>
    public string? Complaint(JsonObject schema, JsonNode? value)
    {
        var text = schema.ToJsonString();
        var compiled = _schemas.GetOrAdd(text, static (one, definitions) =>
        {
            var whole = JsonNode.Parse(one.Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!.AsObject();
            whole["$defs"] = JsonNode.Parse(definitions);
            return JsonSchema.FromText(whole.ToJsonString());
        }, _definitions);
        var result = compiled.Evaluate(value, Strict);
        if (result.IsValid) return null;
        return string.Join("; ", result.Details.Where(detail => detail.HasErrors).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value} ({error.Key})")).Distinct(StringComparer.Ordinal).Take(5));
    }

    private static Regex PatternOf(string template) =>
        new("^" + Regex.Replace(Regex.Escape(template), @"\\\{(\w+)}", match => match.Groups[1].Value == "key" ? ".+" : "[^/]+") + "$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}

/// <summary>One operation.</summary>
/// <param name="Document">Whose it is.</param>
/// <param name="Path">Its path, with parameters in braces.</param>
/// <param name="Method">In capitals.</param>
/// <param name="Json">What the document says of it.</param>
internal sealed record ApiOperation(ApiDocument Document, string Path, string Method, JsonObject Json)
{
    public string Id => Json["operationId"]!.GetValue<string>();

    public JsonObject? Response(string status) => Json["responses"]?[status] is { } response ? Document.Resolve(response) : null;

    public IEnumerable<JsonObject> Parameters => (Json["parameters"]?.AsArray() ?? []).Select(parameter => Document.Resolve(parameter!));
}
