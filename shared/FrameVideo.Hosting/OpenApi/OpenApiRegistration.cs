using FrameVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c> and a page to try it at <c>/swagger</c>.</summary>
public static class OpenApiRegistration
{
    /// <summary>Lists the codes with which an operation can refuse, beside those that every operation has.</summary>
    public static RouteHandlerBuilder WithErrors(this RouteHandlerBuilder builder, params ErrorCode[] codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        foreach (var status in codes.Select(code => code.Status).Distinct())
            builder.Produces<ProblemDetails>(status, "application/problem+json");
        return builder.WithMetadata(new RefusalCodes(codes));
    }

    /// <summary>Says that the body is a picture, raw or as a part of a form. Any content type is taken: the bytes decide.</summary>
    /// <param name="builder">The operation.</param>
    /// <param name="fields">Texts that the form may have beside it.</param>
    public static RouteHandlerBuilder WithPictureBody(this RouteHandlerBuilder builder, params string[] fields) => builder.WithMetadata(new PictureBody(fields));

    /// <summary>Says that a 200 may be bytes, of one of some content types.</summary>
    public static RouteHandlerBuilder WithBytes(this RouteHandlerBuilder builder, params string[] types) => builder.WithMetadata(new BytesAnswer(types));

    internal static void AddOpenApiDocument(this IServiceCollection services, string title, string description)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(options =>
        {
            options.SwaggerDoc(OpenApiText.Name, new OpenApiInfo { Title = title, Version = typeof(OpenApiRegistration).Assembly.GetName().Version!.ToString(3), Description = description, License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" } });
            options.SupportNonNullableReferenceTypes();
            options.CustomSchemaIds(SchemaId);
            options.CustomOperationIds(NameOf);
            // Every GET takes HEAD; to say so of each would double the document.
            options.DocInclusionPredicate((_, api) => !HttpMethods.IsHead(api.HttpMethod ?? ""));
            foreach (var type in new[] { typeof(RequestId), typeof(UserId), typeof(VideoId), typeof(ObjectKey), typeof(AspectRatio) }) MapText(options, type);
            var schemas = new OpenApiSchemas();
            options.AddSchemaFilterInstance(schemas);
            options.AddDocumentFilterInstance(schemas);
            options.OperationFilter<RefusalFilter>();
            options.OperationFilter<EventStreamDocument.Filter>();
            options.AddSecurity();
            options.OperationFilter<OpenApiIdempotency>();
            options.OperationFilter<OpenApiConditions>();
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
        OpenApiSchema Schema() => type == typeof(RequestId) ? new() { Type = JsonSchemaType.String, Pattern = "^req_[0-9]{1,16}_[0-9a-z]{1,16}$", Examples = ["req_1700000000000_ab12cd34e"] }
            : type == typeof(VideoId) ? new() { Type = JsonSchemaType.String, Pattern = "^vid_[0-9]{1,16}_[0-9a-z]{1,16}$", Examples = ["vid_1700000000000_ab12cd34e"] }
            : type == typeof(UserId) ? new() { Type = JsonSchemaType.String, Pattern = "^[A-Za-z0-9._@+=:|~-]{1,128}$", Examples = ["anna@example.org"] }
            : type == typeof(AspectRatio) ? new() { Type = JsonSchemaType.String, Enum = [.. AspectRatio.All.Select(ratio => (System.Text.Json.Nodes.JsonNode)ratio.ToString())] }
            : new() { Type = JsonSchemaType.String, MaxLength = ObjectKey.MaxLength, Examples = ["anna@example.org/req_1700000000000_ab12cd34e/reference-frames/frame_01_0123456789ab.png"] };
        options.MapType(type, Schema);
        options.MapType(typeof(Nullable<>).MakeGenericType(type), () =>
        {
            var schema = Schema();
            schema.Type |= JsonSchemaType.Null;
            return schema;
        });
    }

    private sealed record PictureBody(string[] Fields)
    {
        private static readonly string[] Types = ["image/png", "image/jpeg", "image/webp"];

        /// <summary>Raw bytes have no schema (OpenAPI 3.1, section 4.8.14.2), so that clients send what their language has for bytes; a part of a form has, so that they know it for a file.</summary>
        public OpenApiRequestBody ToBody()
        {
            var content = Types.ToDictionary(type => type, IOpenApiMediaType (_) => new OpenApiMediaType(), StringComparer.Ordinal);
            var form = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["image"] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
            foreach (var field in Fields) form[field] = new OpenApiSchema { Type = JsonSchemaType.String };
            content["multipart/form-data"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = form, Required = new HashSet<string>(StringComparer.Ordinal) { "image" } } };
            return new OpenApiRequestBody { Required = true, Description = "A PNG, JPEG or WebP picture of at most 25 MiB.", Content = content };
        }
    }

    private sealed record BytesAnswer(string[] Types);

    private sealed record RefusalCodes(IReadOnlyList<ErrorCode> Codes);

    /// <summary>Writes the codes into the description of each error response.</summary>
    private sealed class RefusalFilter : IOperationFilter
    {
        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            var caller = operation.Parameters?.Where(parameter => parameter.Name is "caller" or "precondition").ToList() ?? [];
            foreach (var parameter in caller) operation.Parameters!.Remove(parameter);
            if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<PictureBody>().FirstOrDefault() is { } picture) operation.RequestBody = picture.ToBody();
            foreach (var type in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<BytesAnswer>().SelectMany(bytes => bytes.Types))
            {
                if (HttpMethods.IsHead(context.ApiDescription.HttpMethod ?? "") || operation.Responses?["200"] is not OpenApiResponse answer) continue;
                answer.Content ??= new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal);
                // OpenAPI 3.1 would do without a schema; it is by this one that generators know a file.
                answer.Content[type] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
            }

            foreach (var codes in context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<RefusalCodes>())
            {
                foreach (var group in codes.Codes.GroupBy(code => code.Status))
                {
                    if (operation.Responses?.TryGetValue(group.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), out var response) == true)
                        response.Description = string.Join("\n", group.Select(code => $"`{code.Code}`: {code.Title}"));
                }
            }
        }
    }
}
