using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>The successes of an operation: what each status means, its bytes, and an example of its body.</summary>
/// <param name="area"><c>frames</c> or <c>videos</c>.</param>
internal sealed class OpenApiAnswers(string area) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var api = context.ApiDescription;
        var metadata = api.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        if (metadata.OfType<Bytes>().FirstOrDefault() is { } bytes) WriteBytes(operation, bytes, HttpMethods.IsHead(api.HttpMethod ?? ""));
        if (metadata.OfType<Text>().FirstOrDefault() is { } text) operation.Responses["200"] = new OpenApiResponse { Content = HttpMethods.IsHead(api.HttpMethod ?? "") ? null : Content([text.ContentType]) };
        // The framework leaves statuses without a body out where a result type declares them.
        if (metadata.OfType<TakesIfNoneMatch>().Any()) operation.Responses.TryAdd("304", new OpenApiResponse());
        foreach (var (status, some) in operation.Responses)
        {
            if (some is not OpenApiResponse response || status[0] is not ('2' or '3')) continue;
            response.Description = Meaning(status, operation);
            if (status is "204" or "302" or "304") response.Content = null;
            if (response.Content?.Find("application/json") is not OpenApiMediaType json) continue;
            var type = TypeOf(api, status);
            json.Example = metadata.OfType<AnswerExample>().FirstOrDefault(example => example.Value.GetType() == type) is { } own ? OpenApiExamples.Write(own.Value)
                : type is null ? null : OpenApiExamples.Answer(type, int.Parse(status), area);
        }

        if (metadata.OfType<EventStreamDocument>().Any()) WriteStream(operation, context);
        operation.Responses = OpenApiProblems.Sorted(operation.Responses);
    }

    private static Type? TypeOf(ApiDescription api, string status) =>
        api.SupportedResponseTypes.FirstOrDefault(type => type.StatusCode.ToString() == status && type.Type is not null && type.Type != typeof(void))?.Type;

    private static string Meaning(string status, OpenApiOperation operation) => status switch
    {
        "200" => operation.Responses!.ContainsKey("202") && operation.OperationId?.StartsWith("delete", StringComparison.Ordinal) == true ? "Done." : "It is so.",
        "201" => "Made; `Location` leads to it.",
        "202" => operation.OperationId?.StartsWith("delete", StringComparison.Ordinal) == true || operation.OperationId == "eraseUser" ? "Gone for every reader; the rest is removed by and by." : "Asked for; `Location` leads to what tells how far it is.",
        "204" => "A stream would say nothing more: everything was seen, and the work has ended. A browser's EventSource stops asking.",
        "206" => "The part that was asked for.",
        "302" => "`Location` is a link to the bytes that works without headers.",
        "304" => "Nothing has changed: what the caller has is still so.",
        _ => "",
    };

    private static void WriteBytes(OpenApiOperation operation, Bytes bytes, bool isHead)
    {
        var whole = operation.Responses!.Find("200") as OpenApiResponse ?? new OpenApiResponse();
        operation.Responses!["200"] = whole;
        whole.Content = isHead ? null : Content(bytes.ContentTypes, whole.Content?.Where(one => one.Key == "application/json"));
        operation.Responses["206"] = new OpenApiResponse { Content = isHead ? null : Content(bytes.ContentTypes) };
    }

    private static Dictionary<string, IOpenApiMediaType> Content(IEnumerable<string> types, IEnumerable<KeyValuePair<string, IOpenApiMediaType>>? others = null)
    {
        var content = new Dictionary<string, IOpenApiMediaType>(others ?? [], StringComparer.Ordinal);
        // OpenAPI 3.1 would do without a schema; it is by this one that generators know a file.
        foreach (var type in types) content[type] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", MaxLength = int.MaxValue } };
        return content;
    }

    /// <summary>3.1 has one schema for a body, and a stream is text: what its lines say is referred to beside it.</summary>
    private void WriteStream(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.Responses!["200"] is not OpenApiResponse { Content: { } content } answer) return;
        answer.Description = "A page of the log, or a stream of it. Each event of a stream has its number as `id`, its type as `event`, and as `data` one Event on one line; `progress` has no `id`, and a ProgressTick as `data`. A comment comes every 15 s.";
        content[EventStreamResult.MediaType] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "event-stream", MaxLength = int.MaxValue, Description = "Server-sent events (WHATWG HTML, section 9.2)." },
            Example = OpenApiExamples.Stream(area),
            Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal)
            {
                ["x-event-schemas"] = new JsonNodeExtension(new System.Text.Json.Nodes.JsonObject
                {
                    ["*"] = Reference(context.SchemaGenerator.GenerateSchema(typeof(Event), context.SchemaRepository)),
                    ["progress"] = Reference(context.SchemaGenerator.GenerateSchema(typeof(ProgressTick), context.SchemaRepository)),
                }),
            },
        };
    }

    private static System.Text.Json.Nodes.JsonObject Reference(IOpenApiSchema schema) => new() { ["$ref"] = $"#/components/schemas/{((OpenApiSchemaReference)schema).Reference.Id}" };
}
