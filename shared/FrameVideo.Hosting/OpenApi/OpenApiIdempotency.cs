using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>Tells in the OpenAPI document of the key that every POST below <c>/v1</c> takes: the header, what it answers with, and how it refuses.</summary>
internal sealed class OpenApiIdempotency : IOperationFilter
{
    private static readonly ErrorCode[] Refusals = [ErrorCodes.InvalidIdempotencyKey, ErrorCodes.IdempotencyInProgress, ErrorCodes.OutcomeGone, ErrorCodes.IdempotencyKeyReused];

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (!HttpMethods.IsPost(context.ApiDescription.HttpMethod ?? "") || context.ApiDescription.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) != true) return;
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = KeyedRequest.Header,
            In = ParameterLocation.Header,
            Description = "A name of the caller's choice for this request, such as a UUID: sent again with the same key, it is not carried out again, and answers with the same outcome. A key belongs to one user and one request "
                + "(method, address, body) for 24 hours. What was refused or failed does not use it up.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = KeyedRequest.MaxLength, Pattern = "^[!-~]+$", Examples = ["6f1c2b7e-0d54-4b0e-9a55-1d2f3c4b5a69"] },
        });
        operation.Responses ??= [];
        foreach (var (_, response) in operation.Responses.Where(response => response.Key.StartsWith('2')))
        {
            if (response is not OpenApiResponse success) continue;
            success.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
            success.Headers[ReplayResult.Header] = new OpenApiHeader { Description = "`true` where this request was carried out before; what it made is shown as it is now.", Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["true"] } };
        }

        foreach (var refusal in Refusals) OpenApiSecurity.Refuse(operation, context, refusal.Status.ToString(System.Globalization.CultureInfo.InvariantCulture), [refusal]);
    }
}
