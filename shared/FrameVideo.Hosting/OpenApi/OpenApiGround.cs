using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>What no operation says: what the tags mean, where the API is, and the health of the service.</summary>
internal sealed class OpenApiGround : IDocumentFilter
{
    /// <summary>In the order in which one comes to need them.</summary>
    private static readonly (string Name, string Description)[] Tags =
    [
        ("Sessions", "One generation: its prompt, its story and its frames, under one request ID."),
        ("Frames", "The pictures of a session, one by one."),
        ("Videos", "Films of a session's frames."),
        ("Objects", "Bytes by links that answers carry."),
        ("Tokens", "Tokens that a browser is given for one request ID."),
        ("Callbacks", "Events that are sent to a `callbackUrl`, and what became of each."),
        ("Users", "Everything of one user."),
        ("Older routes", "The routes of the former browser application, for pages that still call them. New clients use `/v1`."),
        ("Health", "For load balancers and operators."),
    ];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var server = new OpenApiServer { Url = "/", Description = "Where this document comes from: a local pair, staging or production." };
        server.Extensions = new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal) { ["x-internal"] = new JsonNodeExtension(false) };
        swaggerDoc.Servers = [server];
        Health(swaggerDoc, "/health/live", "isLive", "Whether the process answers; nobody else is asked.");
        Health(swaggerDoc, "/health/ready", "isReady", "Whether it can work: its database, its store and whom it depends on answer, and it has not been told to end.");
        var used = swaggerDoc.Paths.Values.SelectMany(path => path.Operations!.Values).SelectMany(operation => operation.Tags ?? new HashSet<OpenApiTagReference>()).Select(tag => tag.Reference.Id).Append("Callbacks").ToHashSet(StringComparer.Ordinal);
        swaggerDoc.Tags = new HashSet<OpenApiTag>(Tags.Where(tag => used.Contains(tag.Name)).Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));
    }

    private static void Health(OpenApiDocument document, string path, string id, string summary)
    {
        OpenApiResponse Response(string description, string status)
        {
            var response = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference("Health", document),
                        Example = new JsonObject { ["status"] = status, ["checks"] = id == "isLive" ? [] : new JsonObject { ["database"] = status }, ["problems"] = status == "healthy" || id == "isLive" ? [] : new JsonObject { ["database"] = "The service's log says what is wrong." } },
                    },
                },
            };
            OpenApiHeaders.Add(response, ["Cache-Control"], document);
            return response;
        }

        var words = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["healthy", "degraded", "unhealthy"] };
        document.Components!.Schemas!["Health"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "How a service is.",
            Required = new SortedSet<string>(StringComparer.Ordinal) { "status", "checks", "problems" },
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
            {
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = words.Enum, Description = "The worst of its checks." },
                ["checks"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = words, Description = "Each check by its name." },
                ["problems"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 1000 }, Description = "What is wrong, by the check's name. Where callers have to say who they are, details are told by the service's log alone." },
            },
        };
        var responses = new OpenApiResponses { ["200"] = Response("It does.", "healthy") };
        if (id == "isReady") responses["503"] = Response("It does not; `checks` says what is missing.", "unhealthy");
        var operation = new OpenApiOperation
        {
            OperationId = id,
            Summary = summary,
            Description = summary,
            Tags = new HashSet<OpenApiTagReference> { new("Health", document) },
            Parameters = [new OpenApiParameterReference("XCorrelationId", document), new OpenApiParameterReference("Traceparent", document)],
            Responses = responses,
            Security = [],
        };
        document.Paths[path] = new OpenApiPathItem { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Get] = operation } };
    }
}
