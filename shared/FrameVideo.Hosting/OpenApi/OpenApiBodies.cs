using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>What callers send: pictures and sounds in any of their forms, and examples of JSON.</summary>
internal sealed class OpenApiBodies : IOperationFilter
{
    private const int MaxField = 8191;
    private const string Json = "application/json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<UploadedBody>().FirstOrDefault() is { } upload) operation.RequestBody = UploadOf(upload);
        if (operation.RequestBody is not OpenApiRequestBody body || body.Content?.Find(Json) is not OpenApiMediaType json) return;
        body.Description ??= "JSON in UTF-8. Members that are not known are refused.";
        var examples = metadata.OfType<BodyExample>().ToList();
        if (examples.Count == 0) return;
        json.Examples = examples.ToDictionary(
            example => example.Name, IOpenApiExample (example) => new OpenApiExample { Summary = example.Summary, Value = OpenApiExamples.WriteBody(example.Value) }, StringComparer.Ordinal);
    }

    /// <summary>Raw bytes have no schema (OpenAPI 3.1, section 4.8.14.2), so that clients send what their language has for bytes; a part of a form has, so that they know it for a file.</summary>
    private static OpenApiRequestBody UploadOf(UploadedBody upload)
    {
        var content = upload.Types.ToDictionary(type => type, IOpenApiMediaType (_) => new OpenApiMediaType(), StringComparer.Ordinal);
        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", MaxLength = (int)upload.MaxBytes, Description = $"The {(upload.Part == "image" ? "picture" : "sound")}; the part may be called `file`, too." };
        var form = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { [upload.Part] = file };
        foreach (var field in upload.Fields) form[field] = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = MaxField, Description = "It stands before the picture." };
        content["multipart/form-data"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = form, Required = new SortedSet<string>(StringComparer.Ordinal) { upload.Part } } };
        return new OpenApiRequestBody { Required = true, Description = upload.Description, Content = content };
    }
}
