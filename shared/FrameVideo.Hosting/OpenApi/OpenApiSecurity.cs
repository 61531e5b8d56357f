using FrameVideo.Contracts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>
/// Names in the OpenAPI document how a key is shown. It stands there whether keys are configured or not, so that there is one document and one generated client;
/// the empty requirement beside the two says that a service on its own machine asks for none.
/// </summary>
internal static class OpenApiSecurity
{
    private const string Bearer = "bearer";
    private const string Header = "apiKey";

    public static void AddSecurity(this SwaggerGenOptions options)
    {
        const string Users = "A key with the scope `users:act-as` names the user in each request, by `X-User-Id` or `userId`. Where no authentication is configured, no key is needed.";
        options.AddSecurityDefinition(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = $"An API key, `fv_...`; an access token (JWT) of an identity provider that the operator has configured; or a token for one request ID, `fvt_...`, which `POST /v1/tokens` makes. {Users}" });
        options.AddSecurityDefinition(Header, new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = $"The same API key in a header of its own. {Users}" });
        options.OperationFilter<Filter>();
    }

    /// <summary>Adds codes to what an operation says of a status.</summary>
    internal static void Refuse(OpenApiOperation operation, OperationFilterContext context, string status, ErrorCode[] codes)
    {
        var text = string.Join("\n", codes.Select(code => $"`{code.Code}`: {code.Title}"));
        operation.Responses ??= [];
        if (operation.Responses.TryGetValue(status, out var response))
        {
            var said = response.Description ?? "";
            response.Description = string.Join("\n", [.. said.Split('\n').Where(line => line.StartsWith('`')), .. text.Split('\n').Where(line => !said.Contains(line, StringComparison.Ordinal))]);
            return;
        }

        operation.Responses[status] = new OpenApiResponse
        {
            Description = text,
            Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/problem+json"] = new OpenApiMediaType { Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemDetails), context.SchemaRepository) },
            },
        };
    }

    private sealed class Filter : IOperationFilter
    {
        private static readonly ErrorCode[] Unknown = [ErrorCodes.Unauthorized, ErrorCodes.InvalidApiKey, ErrorCodes.InvalidAccessToken];
        private static readonly ErrorCode[] Unreachable = [ErrorCodes.IdentityProviderUnavailable];
        private static readonly ErrorCode[] Forbidden = [ErrorCodes.InsufficientScope, ErrorCodes.UserMismatch];

        public void Apply(OpenApiOperation operation, OperationFilterContext context)
        {
            if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any())
            {
                operation.Security = [];
                return;
            }

            operation.Security = [Requirement(Bearer, context), Requirement(Header, context), []];
            Refuse(operation, context, "401", Unknown);
            Refuse(operation, context, "403", Forbidden);
            Refuse(operation, context, "503", Unreachable);
        }

        private static OpenApiSecurityRequirement Requirement(string scheme, OperationFilterContext context) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
    }
}
