using System.Text.Json.Nodes;
using FrameVideo.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>The types of events of a service: what each has as <c>data</c>, in the log, in streams and as callbacks (<c>webhooks</c>) alike.</summary>
/// <param name="area"><c>frames</c> or <c>videos</c>.</param>
internal sealed class OpenApiEvents(string area) : IDocumentFilter
{
    private readonly List<EventType> _types = [.. EventTypes.All.Where(type => type.Name.StartsWith(area == "frames" ? "session." : "video.", StringComparison.Ordinal))];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var schemas = swaggerDoc.Components!.Schemas!;
        if (schemas.Find(nameof(Event)) is not OpenApiSchema entry) return;
        foreach (var type in _types)
        {
            var data = context.SchemaGenerator.GenerateSchema(type.Data, context.SchemaRepository);
            schemas[NameOf(type)] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = $"An event of type `{type.Name}`. {type.Summary}",
                Required = new SortedSet<string>(entry.Required!, StringComparer.Ordinal),
                Properties = entry.Properties!.ToDictionary(
                    property => property.Key,
                    property => property.Key switch
                    {
                        "type" => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [type.Name], Description = $"Always `{type.Name}`." },
                        "data" => data,
                        _ => property.Value,
                    },
                    StringComparer.Ordinal),
            };
        }

        foreach (var (id, schema) in context.SchemaRepository.Schemas) schemas.TryAdd(id, schema);
        entry.Description += " Its `type` says which of these it is.";
        // Not as oneOf, of which NSwag makes a type without a name.
        entry.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        entry.Extensions["x-event-types"] = new JsonNodeExtension(new JsonObject(_types.Select(type => KeyValuePair.Create<string, JsonNode?>(type.Name, new JsonObject { ["$ref"] = $"#/components/schemas/{NameOf(type)}" }))));
        entry.Properties!["data"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "What happened, by `type`." };
        swaggerDoc.Webhooks = _types.Where(type => type.IsSent).ToDictionary(type => type.Name, IOpenApiPathItem (type) => Webhook(type, swaggerDoc), StringComparer.Ordinal);
    }

    /// <summary>session.frame_stored is SessionFrameStoredEvent.</summary>
    private static string NameOf(EventType type) => string.Concat(type.Name.Split('.', '_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Event";

    private static OpenApiPathItem Webhook(EventType type, OpenApiDocument document)
    {
        var answers = new OpenApiResponses
        {
            ["2XX"] = new OpenApiResponse { Description = "Taken. Whatever else comes, it is sent again by the schedule." },
            ["410"] = new OpenApiResponse { Description = "Nothing more of this session or film is wanted." },
        };
        var operation = new OpenApiOperation
        {
            OperationId = $"on{NameOf(type)[..^"Event".Length]}",
            Summary = type.Summary,
            Description = $"`{type.Name}`, sent to the `callbackUrl` by Standard Webhooks: the signature is an HMAC-SHA256 over `id.timestamp.body` by a secret that the operator and the receiver share. It may come twice and out of order: `webhook-id` names it, `number` orders it.",
            Tags = new HashSet<OpenApiTagReference> { new("Callbacks", document) },
            Parameters =
            [
                Header("webhook-id", "The event's ID.", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = WireLimits.EventId, MaxLength = WireLimits.MaxName }),
                Header("webhook-timestamp", "When this attempt was signed, in seconds since 1970.", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9]{1,12}$", MaxLength = 12 }),
                Header("webhook-signature", "One signature for each secret in force, with a space between: `v1,<base64>`.", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$", MaxLength = 1000 }),
            ],
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = "The event as its log has it.",
                Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(NameOf(type), document), Example = OpenApiExamples.Write(OpenApiExamples.EventOf(type)) },
                },
            },
            Responses = answers,
            Security = [],
        };
        return new OpenApiPathItem { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = operation } };
    }

    private static OpenApiParameter Header(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Header, Required = true, Description = description, Schema = schema };
}
