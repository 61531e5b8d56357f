using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>Tells in the OpenAPI document which conditions an operation takes, and that its answers have an ETag.</summary>
internal sealed class OpenApiConditions : IOperationFilter
{
    private const string Example = "W/\"7-982913\"";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var isRead = metadata.OfType<TakesIfNoneMatch>().Any();
        var isChange = metadata.OfType<TakesIfMatch>().Any();
        if (isRead) Take(operation, "If-None-Match", "The ETag of an answer that the caller has kept: 304 where it still holds.");
        if (isChange) Take(operation, "If-Match", "The ETag of what the caller has read: 412 where it has changed since. `*` for whatever is there.");
        if (isChange && HttpMethods.IsPut(context.ApiDescription.HttpMethod ?? "")) Take(operation, "If-None-Match", "`*`: 412 where something is there already.");
        if (!isRead && !isChange) return;
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (status is not ("200" or "201" or "202" or "304") || response is not OpenApiResponse answer || HttpMethods.IsDelete(context.ApiDescription.HttpMethod ?? "")) continue;
            answer.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            answer.Headers["ETag"] = new OpenApiHeader { Description = "Stands for what the answer shows, for If-None-Match and If-Match.", Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = [Example] } };
            if (status == "304") answer.Description = "What the caller has kept still holds.";
        }
    }

    private static void Take(OpenApiOperation operation, string header, string description)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter { Name = header, In = ParameterLocation.Header, Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = [Example] } });
    }
}
