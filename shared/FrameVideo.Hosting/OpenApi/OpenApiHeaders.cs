using System.Text.Json.Nodes;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>The headers of every answer. Each stands once among the components, and answers refer to it.</summary>
internal sealed class OpenApiHeaders : IOperationFilter, IDocumentFilter
{
    private static readonly Dictionary<string, OpenApiHeader> All = new(StringComparer.Ordinal)
    {
        ["Accept-Ranges"] = Header("Parts of it can be asked for by `Range`.", "bytes", pattern: "^bytes$", length: 5),
        ["Access-Control-Allow-Origin"] = Header("The origin of the page that asks, where it is one of `Cors:Origins`; else absent.", "https://app.example.org", length: 300, format: "uri"),
        ["Cache-Control"] = Header("Who may keep the answer, and how long.", "private, no-cache", pattern: "^[ -~]+$", length: 200),
        ["Content-Disposition"] = Header("`inline`, with the name under which it may be saved.", "inline; filename=\"req_1700000000000_abc123def-film.mp4\"", pattern: "^[ -~]+$", length: 400),
        ["Content-Range"] = Header("Which part of the whole this is; of a range outside of it, how long the whole is.", "bytes 0-1023/183220", pattern: "^bytes ([0-9]+-[0-9]+|\\*)/[0-9]+$", length: 80),
        ["ETag"] = Header("Names this state of the resource: for `If-None-Match` and `If-Match`.", "W/\"7-983210\"", pattern: "^(W/)?\"[!#-~]*\"$", length: 200),
        ["Idempotent-Replayed"] = new OpenApiHeader { Description = "`true` where this request was carried out before; what it made is shown as it is now.", Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["true"] } },
        ["Last-Modified"] = Header("When the bytes were stored.", "Thu, 26 Nov 2026 09:00:00 GMT", pattern: "^[A-Za-z0-9 ,:]+$", length: 40),
        ["Location"] = Header("Where what was made, or is asked for, is found.", $"https://films.example.org/v1/sessions/{OpenApiExamples.RequestId}", length: 4096, format: "uri-reference"),
        ["RateLimit"] = Header("What is left of the caller's limit: `r` requests, and after `t` seconds all of them again.", "\"default\";r=599;t=60", pattern: "^[ -~]+$", length: 300),
        ["RateLimit-Policy"] = Header("The caller's limit: `q` requests in `w` seconds.", "\"default\";q=600;w=60", pattern: "^[ -~]+$", length: 300),
        ["Retry-After"] = new OpenApiHeader { Description = "After how many seconds to ask again.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = "86400", Examples = [2] } },
        ["WWW-Authenticate"] = Header("How to ask again (RFC 6750).", "Bearer error=\"invalid_token\"", pattern: "^Bearer.*$", length: 300),
        ["X-Correlation-Id"] = Header("The request's own `X-Correlation-Id`, else its trace ID; log lines bear it.", "4bf92f3577b34da6a3ce929d0e0e4736", pattern: "^[!-~]+$", length: 128),
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var isCounted = !metadata.OfType<IAllowAnonymous>().Any() || metadata.OfType<Bytes>().Any();
        foreach (var (status, some) in operation.Responses!)
        {
            if (some is OpenApiResponse response) Add(response, [.. Names(operation, metadata, status, context.ApiDescription.HttpMethod ?? "", response), .. isCounted ? Counted : []], context.Document);
        }
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Components!.Headers ??= new SortedDictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        foreach (var (name, header) in All) swaggerDoc.Components.Headers[name] = header;
    }

    private static readonly string[] Counted = ["RateLimit", "RateLimit-Policy"];

    /// <summary>Refers to headers in an answer.</summary>
    public static void Add(OpenApiResponse response, IEnumerable<string> names, OpenApiDocument document)
    {
        response.Headers ??= new SortedDictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        foreach (var name in names.Append("X-Correlation-Id").Append("Access-Control-Allow-Origin")) response.Headers[name] = new OpenApiHeaderReference(name, document);
    }

    private static IEnumerable<string> Names(OpenApiOperation operation, IList<object> metadata, string status, string method, OpenApiResponse response)
    {
        var codes = response.Extensions?.Find(OpenApiProblems.Extension) is JsonNodeExtension { Node: JsonArray list } ? list.Select(code => ErrorCodes.All[code!.GetValue<string>()]).ToList() : [];
        if (codes.Any(code => code is { Retryable: true, Status: 409 or 429 or 503 })) yield return "Retry-After";
        if (codes.Any(code => code.Status == 401) || codes.Contains(ErrorCodes.InsufficientScope)) yield return "WWW-Authenticate";
        if (status == "416") yield return "Content-Range";
        var isSuccess = status[0] is '2' or '3';
        if (!isSuccess) yield break;
        var isBytes = metadata.OfType<Bytes>().Any();
        if (status is "201" or "302" || (status is "202" && !string.Equals(method, "DELETE", StringComparison.OrdinalIgnoreCase))) yield return "Location";
        if (string.Equals(method, "POST", StringComparison.OrdinalIgnoreCase) && operation.Parameters?.Any(parameter => parameter is OpenApiParameterReference { Reference.Id: "IdempotencyKey" }) == true) yield return "Idempotent-Replayed";
        var isTagged = isBytes || metadata.OfType<Tagged>().Any() || metadata.OfType<TakesIfMatch>().Any() || metadata.OfType<TakesIfNoneMatch>().Any() || string.Equals(method, "POST", StringComparison.OrdinalIgnoreCase) || operation.Responses!.ContainsKey("304") || operation.Responses.ContainsKey("412");
        if (isTagged && status is not "302") yield return "ETag";
        if (isTagged || status is "302") yield return "Cache-Control";
        if (!isBytes || status is not ("200" or "206" or "304")) yield break;
        yield return "Accept-Ranges";
        yield return "Content-Disposition";
        yield return "Last-Modified";
        if (status is "206") yield return "Content-Range";
    }

    private static OpenApiHeader Header(string description, string example, string? pattern = null, int length = 200, string? format = null) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = length, Pattern = pattern, Format = format, Examples = [example] },
    };
}
