using FrameVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c> and a page to try it at <c>/swagger</c>.</summary>
public static class OpenApiRegistration
{
    private const string About =
        """


        **Who asks.** An API key, as `Authorization: Bearer fv_...` or `X-API-Key`; an access token; or a token for one request ID. Links in answers work without any of them. On one's own machine, without authentication configured, nobody is asked.

        **Errors** are `application/problem+json` with a `code` for programs; each status of an operation lists its codes, also as `x-error-codes`.

        **Whatever is asked**, and so not listed with each operation: an address that takes other methods alone answers 405 `method-not-allowed` with `Allow`; an address of more than 8 KiB is 414 `uri-too-long`; headers of more than 32 KiB, or more than 100 of them, are 431 `headers-too-large`. Nothing is 406: where `Accept` asks for what there is not, the usual form comes. A client takes a status that it does not know for the first of its hundred.

        **Once.** Every POST below `/v1` takes an `Idempotency-Key`, so that it can be sent again after a time-out without being carried out twice.

        **Limits.** Counted answers tell by `RateLimit` what is left; 429 and 503 say by `Retry-After` when to come again.

        **Lists** come in pages: hand `nextCursor` back as `cursor`. Members may be added to answers; a client passes over what it does not know.
        """;

    internal static void AddOpenApiDocument(this IServiceCollection services, string title, string description, string area)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(OpenApiText.Name, new OpenApiInfo
            {
                Title = title,
                Version = typeof(OpenApiRegistration).Assembly.GetName().Version!.ToString(3),
                Description = description + About.ReplaceLineEndings("\n"),
                Contact = new OpenApiContact { Name = "The maintainers of FrameVideo" },
                License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            });
            options.SupportNonNullableReferenceTypes();
            options.CustomSchemaIds(SchemaId);
            options.CustomOperationIds(NameOf);
            // Every GET takes HEAD; to say so of each would double the document.
            options.DocInclusionPredicate((_, api) => !HttpMethods.IsHead(api.HttpMethod ?? ""));
            foreach (var type in new[] { typeof(RequestId), typeof(UserId), typeof(VideoId), typeof(ObjectKey), typeof(AspectRatio) }) MapText(options, type);
            OpenApiSecurity.AddSecurity(options);
            var (schemas, problems, parameters, headers) = (new OpenApiSchemas(), new OpenApiProblems(), new OpenApiParameters(), new OpenApiHeaders());
            options.AddSchemaFilterInstance(schemas);
            // Each looks at what the ones before it have said: statuses, then what they carry.
            options.AddOperationFilterInstance(problems);
            options.AddOperationFilterInstance(new OpenApiAnswers(area));
            options.AddOperationFilterInstance(new OpenApiBodies());
            options.AddOperationFilterInstance(parameters);
            options.AddOperationFilterInstance(headers);
            options.AddOperationFilterInstance(new OpenApiSecurity(area));
            options.AddDocumentFilterInstance(new OpenApiEvents(area));
            options.AddDocumentFilterInstance(schemas);
            options.AddDocumentFilterInstance(problems);
            options.AddDocumentFilterInstance(new OpenApiGround());
            options.AddDocumentFilterInstance(parameters);
            options.AddDocumentFilterInstance(headers);
            foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "FrameVideo.Contracts.xml")) options.IncludeXmlComments(file);
        });
    }

    private static string? NameOf(ApiDescription api) => api.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().FirstOrDefault()?.EndpointName;

    /// <summary>Whoever asks for neither the document nor the page does not pass by what serves them.</summary>
    internal static void UseOpenApiDocument(this WebApplication app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments("/openapi", StringComparison.OrdinalIgnoreCase) || context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase),
        branch =>
        {
            branch.UseSwagger(options =>
            {
                options.RouteTemplate = "openapi/{documentName}.json";
                options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            });
            branch.UseSwaggerUI(options =>
            {
                options.RoutePrefix = "swagger";
                options.SwaggerEndpoint("../openapi/v1.json", "v1");
            });
        });

    /// <summary>Page of Session is SessionPage; a type inside of another bears both names.</summary>
    internal static string SchemaId(Type type) => type.IsGenericType
        ? string.Concat(type.GetGenericArguments().Select(SchemaId)) + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]
        : (type.DeclaringType is { } outer ? SchemaId(outer) : "") + type.Name;

    private static void MapText(SwaggerGenOptions options, Type type)
    {
        OpenApiSchema Schema() => type == typeof(RequestId) ? new() { Type = JsonSchemaType.String, Pattern = RequestId.Pattern, MaxLength = RequestId.MaxLength, Examples = [OpenApiExamples.RequestId] }
            : type == typeof(VideoId) ? new() { Type = JsonSchemaType.String, Pattern = VideoId.Pattern, MaxLength = VideoId.MaxLength, Examples = [OpenApiExamples.VideoId] }
            : type == typeof(UserId) ? new() { Type = JsonSchemaType.String, Pattern = UserId.Pattern, MaxLength = UserId.MaxLength, Examples = ["anna@example.org"] }
            : type == typeof(AspectRatio) ? new() { Type = JsonSchemaType.String, Enum = [.. AspectRatio.All.Select(ratio => (System.Text.Json.Nodes.JsonNode)ratio.ToString())] }
            : new() { Type = JsonSchemaType.String, MaxLength = ObjectKey.MaxLength, Pattern = "^[^/]+/[^\\u0000-\\u001f]+$", Examples = [$"anna@example.org/{OpenApiExamples.RequestId}/reference-frames/frame_01_e02e92a7ab80.jpg"] };
        options.MapType(type, Schema);
        options.MapType(typeof(Nullable<>).MakeGenericType(type), () =>
        {
            var schema = Schema();
            schema.Type |= JsonSchemaType.Null;
            return schema;
        });
    }
}
