using System.Globalization;
using System.Text.Json.Nodes;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>
/// Every refusal of an operation: its own codes, and those of its kind. A response of the document is a status, so each lists its codes for people in its description, for programs as
/// <c>x-error-codes</c>, and as one example each.
/// </summary>
internal sealed class OpenApiProblems : IOperationFilter, IDocumentFilter
{
    private const string Json = "application/json";
    private const string ProblemJson = "application/problem+json";
    private static readonly ErrorCode[] Store = [ErrorCodes.StorageUnavailable, ErrorCodes.StorageForbidden, ErrorCodes.StorageMisconfigured];

    /// <summary>Sentences as the services say them; where none stands here, the title says it.</summary>
    private static readonly Dictionary<string, string> Details = new(StringComparer.Ordinal)
    {
        ["invalid-request"] = "A frame's number is 1 to 1000.",
        ["invalid-json"] = "The JSON cannot be read at 'style'. One of Realistic, Artistic, Cartoon, Abstract, Photographic, Digital Art is asked for.",
        ["invalid-request-id"] = "A request ID looks like req_1700000000000_ab12cd34e: req_, 1-16 digits, _, 1-16 characters of 0-9 and a-z.",
        ["invalid-video-id"] = "A video ID looks like vid_1700000000000_ab12cd34e.",
        ["invalid-cursor"] = "Hand back a nextCursor as it was given, to the list that gave it.",
        ["session-not-found"] = $"There is no session {OpenApiExamples.RequestId} of this caller.",
        ["video-not-found"] = $"There is no video {OpenApiExamples.VideoId}.",
        ["frame-not-found"] = $"Session {OpenApiExamples.RequestId} has no frame 9.",
        ["session-deleted"] = "The session was deleted; begin a new one under a new request ID.",
        ["request-id-mismatch"] = $"Frames 2 belong to req_1700000000999_other, but are to be saved under {OpenApiExamples.RequestId}. Save them under their own request ID.",
        ["validation-failed"] = "videoDuration is 2 to 600 seconds.",
        ["unauthorized"] = "Show an API key: Authorization: Bearer fv_..., or X-API-Key.",
        ["insufficient-scope"] = "This needs a key with the scope frames:write; yours has frames:read.",
        ["internal-error"] = "Something went wrong here. The trace ID finds it in the log.",
        ["database-unavailable"] = "The database does not answer. Try again soon.",
        ["storage-unavailable"] = "The object store does not answer. Nothing was lost; try again soon.",
        ["precondition-failed"] = "It has changed since you read it; read it again.",
    };

    private static readonly Dictionary<string, (string Field, string Message)> Fields = new(StringComparer.Ordinal)
    {
        ["validation-failed"] = ("videoDuration", "videoDuration is 2 to 600 seconds."),
        ["invalid-json"] = ("style", "One of Realistic, Artistic, Cartoon, Abstract, Photographic, Digital Art is asked for."),
        ["request-id-mismatch"] = ("frames[1].imageUrl", "Frame 2 belongs to req_1700000000999_other."),
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var isOlder = context.ApiDescription.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        operation.Responses ??= [];
        foreach (var status in CodesOf(context.ApiDescription).GroupBy(code => code.Status).OrderBy(group => group.Key))
            operation.Responses[status.Key.ToString(CultureInfo.InvariantCulture)] = Response([.. status.DistinctBy(code => code.Code, StringComparer.Ordinal)], isOlder, context.Document);
        operation.Responses = Sorted(operation.Responses);
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var components = swaggerDoc.Components!;
        components.Schemas!["ProblemDetails"] = Problem();
        components.Examples ??= new SortedDictionary<string, IOpenApiExample>(StringComparer.Ordinal);
        foreach (var code in Used(swaggerDoc)) components.Examples[code] = new OpenApiExample { Summary = ErrorCodes.All[code].Title, Value = Example(ErrorCodes.All[code]) };
        if (!swaggerDoc.Paths.Any(path => path.Key.StartsWith("/api/", StringComparison.Ordinal))) return;
        components.Schemas["OlderProblem"] = OlderProblem();
        components.Examples["older-problem"] = new OpenApiExample
        {
            Summary = "As the older routes refuse.",
            Value = new JsonObject { ["error"] = Details["invalid-request-id"], ["details"] = null, ["code"] = "invalid-request-id", ["success"] = false },
        };
    }

    /// <summary>What the operation says, and what its kind adds.</summary>
    public static IEnumerable<ErrorCode> CodesOf(ApiDescription api)
    {
        var metadata = api.ActionDescriptor.EndpointMetadata;
        var path = "/" + api.RelativePath;
        var isOpen = metadata.OfType<IAllowAnonymous>().Any();
        var isRead = HttpMethods.IsGet(api.HttpMethod ?? "") || HttpMethods.IsHead(api.HttpMethod ?? "");
        var isUpload = metadata.OfType<UploadedBody>().Any();
        var hasBody = isUpload || api.ParameterDescriptions.Any(parameter => parameter.Source.Id == "Body");
        List<ErrorCode> codes = [.. metadata.OfType<RefusalCodes>().SelectMany(own => own.Codes), ErrorCodes.InvalidRequest, ErrorCodes.TooManyRequests, ErrorCodes.InternalError, ErrorCodes.OriginRefused];
        if (codes.Contains(ErrorCodes.StorageUnavailable)) codes.AddRange(Store);
        if (!isOpen) codes.AddRange([ErrorCodes.InvalidUserId, ErrorCodes.UserRequired, ErrorCodes.Unauthorized, ErrorCodes.InvalidApiKey, ErrorCodes.InsufficientScope, ErrorCodes.UserMismatch, ErrorCodes.InvalidAccessToken, ErrorCodes.IdentityProviderUnavailable]);
        if (!isOpen && isRead) codes.AddRange([ErrorCodes.TokenExpired, ErrorCodes.InvalidToken]);
        if (hasBody) codes.AddRange([ErrorCodes.BodyTooLarge, ErrorCodes.RequestTimeout, ErrorCodes.UnsupportedMediaType]);
        if (hasBody && !isUpload) codes.Add(ErrorCodes.InvalidJson);
        if (path.Contains("{requestId}", StringComparison.Ordinal)) codes.AddRange([ErrorCodes.InvalidRequestId, ErrorCodes.LegacySessionId]);
        if (path.Contains("{videoId}", StringComparison.Ordinal)) codes.Add(ErrorCodes.InvalidVideoId);
        if (HttpMethods.IsPost(api.HttpMethod ?? "") && path.StartsWith("/v1/", StringComparison.Ordinal))
            codes.AddRange([ErrorCodes.InvalidIdempotencyKey, ErrorCodes.IdempotencyInProgress, ErrorCodes.OutcomeGone, ErrorCodes.IdempotencyKeyReused]);
        return codes;
    }

    private static OpenApiResponse Response(ErrorCode[] codes, bool isOlder, OpenApiDocument document) => new()
    {
        Description = string.Join("\n", codes.Select(code => $"`{code.Code}`: {code.Title}")),
        Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
        {
            [isOlder ? Json : ProblemJson] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference(isOlder ? "OlderProblem" : "ProblemDetails", document),
                Examples = isOlder
                    ? new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal) { ["older-problem"] = new OpenApiExampleReference("older-problem", document) }
                    : codes.ToDictionary(code => code.Code, IOpenApiExample (code) => new OpenApiExampleReference(code.Code, document), StringComparer.Ordinal),
            },
        },
        Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal)
        {
            [Extension] = new JsonNodeExtension(new JsonArray([.. codes.Select(code => (JsonNode)code.Code)])),
        },
    };

    /// <summary>Where a response lists its codes for programs.</summary>
    public const string Extension = "x-error-codes";

    private static SortedSet<string> Used(OpenApiDocument document) => new(
        document.Paths.Values.SelectMany(path => path.Operations!.Values).SelectMany(operation => operation.Responses!.Values).OfType<OpenApiResponse>()
            .SelectMany(response => response.Content?.Find(ProblemJson)?.Examples?.Keys.AsEnumerable() ?? []),
        StringComparer.Ordinal);

    internal static OpenApiResponses Sorted(OpenApiResponses responses)
    {
        var sorted = new OpenApiResponses();
        foreach (var (status, response) in responses.OrderBy(one => one.Key, StringComparer.Ordinal)) sorted[status] = response;
        return sorted;
    }

    private static JsonObject Example(ErrorCode code)
    {
        var example = new JsonObject
        {
            ["type"] = $"urn:framevideo:problem:{code.Code}",
            ["title"] = code.Title,
            ["status"] = code.Status,
            ["detail"] = Details.GetValueOrDefault(code.Code, code.Title),
            ["instance"] = $"/v1/sessions/{OpenApiExamples.RequestId}",
            ["code"] = code.Code,
            ["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736",
        };
        if (Fields.TryGetValue(code.Code, out var field)) example["errors"] = new JsonObject { [field.Field] = new JsonArray(field.Message) };
        return example;
    }

    private static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why a request was refused (RFC 9457). `code` is for programs and never changes its meaning; new ones may come.",
        Required = new SortedSet<string>(StringComparer.Ordinal) { "type", "title", "status", "detail", "instance", "code", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = Text("Names the code as a URI: `urn:framevideo:problem:<code>`.", 128, format: "uri"),
            ["title"] = Text("The same for every occurrence of the code.", 200),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "400", Maximum = "599", Description = "The HTTP status." },
            ["detail"] = Text("A sentence about this occurrence, for people: it says what to do.", WireLimits.MaxText * 5),
            ["instance"] = Text("The path that was asked for.", 16_384, format: "uri-reference"),
            ["code"] = Code(),
            ["traceId"] = Text("Finds the request in the log.", 128),
            ["errors"] = FieldErrors(JsonSchemaType.Object),
        },
    };

    private static OpenApiSchema OlderProblem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why a request was refused, as the older routes tell it.",
        Required = new SortedSet<string>(StringComparer.Ordinal) { "error", "details", "code", "success" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["error"] = Text("A sentence for people.", WireLimits.MaxText * 5),
            ["details"] = FieldErrors(JsonSchemaType.Object | JsonSchemaType.Null),
            ["code"] = Code(),
            ["success"] = new OpenApiSchema { Type = JsonSchemaType.Boolean, Enum = [false], Description = "Always `false`." },
        },
    };

    private static OpenApiSchema Code()
    {
        var code = Text("What it is, for programs.", ErrorCode.MaxLength, ErrorCode.Pattern);
        code.Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal)
        {
            ["x-extensible-enum"] = new JsonNodeExtension(new JsonArray([.. ErrorCodes.All.Values.Where(one => one.Status > 0).Select(one => (JsonNode)one.Code)])),
        };
        return code;
    }

    private static OpenApiSchema FieldErrors(JsonSchemaType type) => new()
    {
        Type = type,
        Description = "What is wrong, by field; each with at least one sentence.",
        AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, MaxItems = 100, Items = Text(null, WireLimits.MaxText * 5) },
    };

    private static OpenApiSchema Text(string? description, int length, string? pattern = null, string? format = null) =>
        new() { Type = JsonSchemaType.String, Description = description, MaxLength = length, Pattern = pattern, Format = format };
}
