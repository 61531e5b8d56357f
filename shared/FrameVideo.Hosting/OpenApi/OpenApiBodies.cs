using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>What callers send: pictures in any of their forms, and examples of JSON.</summary>
internal sealed class OpenApiBodies : IOperationFilter
{
    private const int MaxPicture = 25 * 1024 * 1024;
    private const int MaxField = 8191;
    private const string Json = "application/json";
    private static readonly string[] Types = ["image/png", "image/jpeg", "image/webp", "application/octet-stream"];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<PictureBody>().FirstOrDefault() is { } picture) operation.RequestBody = PictureOf(picture);
        if (operation.RequestBody is not OpenApiRequestBody body || body.Content?.Find(Json) is not OpenApiMediaType json) return;
        body.Description ??= "JSON in UTF-8. Members that are not known are refused.";
        var examples = metadata.OfType<BodyExample>().ToList();
        if (examples.Count == 0) return;
        json.Examples = examples.ToDictionary(
            example => example.Name, IOpenApiExample (example) => new OpenApiExample { Summary = example.Summary, Value = OpenApiExamples.WriteBody(example.Value) }, StringComparer.Ordinal);
    }

    /// <summary>Raw bytes have no schema (OpenAPI 3.1, section 4.8.14.2), so that clients send what their language has for bytes; a part of a form has, so that they know it for a file.</summary>
    private static OpenApiRequestBody PictureOf(PictureBody picture)
    {
        var content = Types.ToDictionary(type => type, IOpenApiMediaType (_) => new OpenApiMediaType(), StringComparer.Ordinal);
        var form = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["image"] = Binary("The picture; the part may be called `file`, too.") };
        foreach (var field in picture.Fields) form[field] = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = MaxField, Description = "It stands before the picture." };
        content["multipart/form-data"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = form, Required = new SortedSet<string>(StringComparer.Ordinal) { "image" } } };
        return new OpenApiRequestBody { Required = true, Description = "A PNG, JPEG or WebP picture of at most 25 MiB. Its bytes say which it is, whatever the content type.", Content = content };
    }

    private static OpenApiSchema Binary(string description) => new() { Type = JsonSchemaType.String, Format = "binary", MaxLength = MaxPicture, Description = description };
}
