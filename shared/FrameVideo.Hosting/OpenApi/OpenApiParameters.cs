using FrameVideo.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>What a path, a query and a header may say: the same name means the same everywhere, so each stands here once.</summary>
internal sealed class OpenApiParameters : IOperationFilter, IDocumentFilter
{
    private static readonly Dictionary<string, (string Description, Func<OpenApiSchema> Schema)> Known = new(StringComparer.Ordinal)
    {
        ["requestId"] = ("The generation's request ID.", () => Text(RequestId.Pattern, RequestId.MaxLength, OpenApiExamples.RequestId)),
        ["sessionId"] = ("The generation's request ID.", () => Text(RequestId.Pattern, RequestId.MaxLength, OpenApiExamples.RequestId)),
        ["videoId"] = ("The film's ID.", () => Text(VideoId.Pattern, VideoId.MaxLength, OpenApiExamples.VideoId)),
        ["userId"] = ("The user: the caller's own, or one for whom the caller may act.", () => Text(UserId.Pattern, UserId.MaxLength, "anna@example.org")),
        ["number"] = ("The frame's number.", () => Number(1, WireLimits.MaxFrames, 1)),
        ["name"] = ("What the sound is called in the store; an extension is left out, since the bytes say what it is.", () => Text(WireLimits.UploadName, WireLimits.MaxUploadName, "theme.mp3")),
        ["deliveryId"] = ("The event's ID, which is the `webhook-id` of what was sent.", () => Text(WireLimits.EventId, WireLimits.MaxName, $"evt_{OpenApiExamples.RequestId}_2")),
        ["key"] = ("The object's name in the store, slashes included. It comes from a link of an answer.", () => Text("^[^\\u0000-\\u001f]+$", ObjectKey.MaxLength, $"anna@example.org/{OpenApiExamples.RequestId}/reference-frames/frame_01_e02e92a7ab80.jpg")),
        ["token"] = ("The token of a link that an answer carried; it names the address, the user and an end, and no key is needed beside it.", () => Text("^[A-Za-z0-9._-]+$", 1024, "AAABnDV3.c2lnbmVk")),
        ["limit"] = ("The size of a page.", () => Default(Number(1, 100, 20), 20)),
        ["cursor"] = ("A page's `nextCursor`: what follows that page.", () => Text(WireLimits.Cursor, WireLimits.MaxCursor, "NjM5MDI3NTI0MDAwMDAwMDAwIHJlcV8x")),
        ["after"] = ("The number of the last event that was seen, 0 for none.", () => Default(Long(0, OpenApiSchemas.MaxSafeInteger, 7), 0)),
        ["Last-Event-ID"] = ("The number of the last event that was seen, as browsers say it when they connect again. Wins over `after`.", () => Text("^[0-9]{1,19}$", 19, "7")),
        ["status"] = ("Only deliveries that stand so.", () => Enum<DeliveryStatus>()),
        ["variant"] = ("What is asked for.", () => Default(Words("film", "poster", "captions", "hls", "clip"), "film")),
        ["track"] = ("Of a film with sound: whose playlist. Without it, what leads to both.", () => Words("video", "sound")),
        ["clip"] = ("With `variant=clip`: the number of the frame that it shows.", () => Number(1, WireLimits.MaxFrames, 3)),
        ["inline"] = ("`data`: the picture itself as a data URL in `imageUrl`.", () => Words("data")),
    };

    private static readonly Dictionary<string, OpenApiParameter> Shared = new(StringComparer.Ordinal)
    {
        ["IdempotencyKey"] = Header(
            KeyedRequest.Header,
            "A name of the caller's choice for this request, such as a UUID: sent again with the same key, it is not carried out again, and answers with the same outcome. A key belongs to one user and one request "
            + "(method, address, body) for 24 hours. What was refused or failed does not use it up.",
            Text("^[!-~]+$", KeyedRequest.MaxLength, "6f1c2b7e-0d54-4b0e-9a55-1d2f3c4b5a69", least: 1)),
        ["XUserId"] = Header("X-User-Id", "For whom, where the key has the scope `users:act-as`; `?userId=` says the same.", Text(UserId.Pattern, UserId.MaxLength, "anna@example.org")),
        ["XCorrelationId"] = Header("X-Correlation-Id", "The caller's own name for the request: log lines and the answer bear it.", Text("^[!-~]+$", 128, "order-4711")),
        ["Traceparent"] = Header("traceparent", "The caller's place in a trace (W3C Trace Context); the services go on from there.", Text("^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", 55, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")),
        ["IfNoneMatch"] = Header("If-None-Match", "The ETag of what the caller has: 304 while nothing has changed. With PUT, `*`: 412 where something is there already.", Text("^(\\*|(W/)?\"[!#-~]*\"(, *(W/)?\"[!#-~]*\")*)$", 1000, "W/\"7-983210\"")),
        ["IfMatch"] = Header("If-Match", "The ETag of what the caller has seen: 412 where it has changed since.", Text("^(\\*|(W/)?\"[!#-~]*\"(, *(W/)?\"[!#-~]*\")*)$", 1000, "W/\"7-983210\"")),
        ["Range"] = Header("Range", "One part of the bytes: 206. Several at a time are answered with the whole.", Text("^bytes=.+$", 200, "bytes=0-1023")),
        ["IfRange"] = Header("If-Range", "An ETag: the part is wanted only of these bytes, else the whole.", Text("^[ -~]+$", 200, "\"e02e92a7ab80-F\"")),
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var api = context.ApiDescription;
        var metadata = api.ActionDescriptor.EndpointMetadata;
        var all = operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.Name is not ("caller" or "precondition")).ToList() ?? [];
        foreach (var parameter in all)
        {
            if (!Known.TryGetValue(parameter.Name ?? "", out var known)) continue;
            parameter.Description = known.Description;
            parameter.Schema = known.Schema();
        }

        var isOpen = metadata.OfType<IAllowAnonymous>().Any();
        if (isOpen && all.Find(parameter => parameter.Name is "token") is { } token) token.Required = true;
        if (isOpen && all.Find(parameter => parameter.Name is "key") is { } key) key.Required = true;
        // Asked for by the handler itself, which says what is missing.
        if (operation.OperationId is "deleteVideos" or "getFrames" && all.Find(parameter => parameter.Name is "requestId" or "sessionId") is { } id) id.Required = true;
        var isRead = HttpMethods.IsGet(api.HttpMethod ?? "") || HttpMethods.IsHead(api.HttpMethod ?? "");
        List<string> shared = [];
        if (HttpMethods.IsPost(api.HttpMethod ?? "") && api.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) == true) shared.Add("IdempotencyKey");
        if ((isRead && (operation.Responses!.ContainsKey("304") || metadata.OfType<TakesIfNoneMatch>().Any())) || (HttpMethods.IsPut(api.HttpMethod ?? "") && metadata.OfType<TakesIfMatch>().Any())) shared.Add("IfNoneMatch");
        if (operation.Responses!.ContainsKey("412") || metadata.OfType<TakesIfMatch>().Any()) shared.Add("IfMatch");
        if (metadata.OfType<Bytes>().Any()) shared.AddRange(["Range", "IfRange"]);
        if (!isOpen) shared.Add("XUserId");
        shared.AddRange(["XCorrelationId", "Traceparent"]);
        operation.Parameters = [.. all, .. shared.Select(name => new OpenApiParameterReference(name, context.Document))];
    }

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Components!.Parameters ??= new SortedDictionary<string, IOpenApiParameter>(StringComparer.Ordinal);
        foreach (var (name, parameter) in Shared)
        {
            if (swaggerDoc.Paths.Values.SelectMany(path => path.Operations!.Values).SelectMany(operation => operation.Parameters ?? []).OfType<OpenApiParameterReference>().Any(used => used.Reference.Id == name))
                swaggerDoc.Components.Parameters[name] = parameter;
        }
    }

    private static OpenApiParameter Header(string name, string description, OpenApiSchema schema) => new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = schema };

    private static OpenApiSchema Text(string pattern, int most, string example, int? least = null) =>
        new() { Type = JsonSchemaType.String, Pattern = pattern, MinLength = least, MaxLength = most, Examples = [example] };

    private static OpenApiSchema Number(int least, int most, int example) => Whole("int32", least, most, example);

    private static OpenApiSchema Long(long least, long most, int example) => Whole("int64", least, most, example);

    private static OpenApiSchema Whole(string format, long least, long most, int example) =>
        new() { Type = JsonSchemaType.Integer, Format = format, Minimum = least.ToString(), Maximum = most.ToString(), Examples = [example] };

    private static OpenApiSchema Words(params string[] words) => new() { Type = JsonSchemaType.String, Enum = [.. words] };

    private static OpenApiSchema Enum<T>()
        where T : struct, Enum => Words([.. System.Enum.GetValues<T>().Select(WireText.Of)]);

    private static OpenApiSchema Default(OpenApiSchema schema, System.Text.Json.Nodes.JsonNode value)
    {
        schema.Default = value;
        return schema;
    }
}
