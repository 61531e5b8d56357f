using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace FrameVideo.Hosting;

/// <summary>
/// Names in the OpenAPI document how a caller says who it is, and which scope each operation needs. It stands there whether authentication is configured or not, so that there is one document
/// and one generated client; a service on its own machine asks for none.
/// </summary>
/// <param name="area"><c>frames</c> or <c>videos</c>.</param>
internal sealed class OpenApiSecurity(string area) : IOperationFilter
{
    private const string Bearer = "bearer";
    private const string Header = "apiKey";
    private const string AccessToken = "accessToken";
    private const string RequestToken = "requestToken";
    private const string LinkToken = "linkToken";

    public static void AddSecurity(SwaggerGenOptions options)
    {
        const string Users = "A key with the scope `users:act-as` names the user in each request, by `X-User-Id` or `userId`. Where no authentication is configured, no key is needed.";
        options.AddSecurityDefinition(Bearer, Http("fv_", $"An API key, `fv_...`. It is no JWT, and RFC8725 says nothing of it. {Users}"));
        options.AddSecurityDefinition(Header, new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = $"The same API key in a header of its own. {Users}" });
        options.AddSecurityDefinition(AccessToken, Http("JWT", "An access token of the operator's OpenID Connect provider, checked by RFC8725: signature, algorithm, issuer, audience, use and times. The user is its claim."));
        options.AddSecurityDefinition(RequestToken, Http("fvt_", "A token for one request ID, `fvt_...`, which a back end makes by `POST /v1/tokens` and hands to a browser. It reads what belongs to that request ID, and more only where it was made for that. It is no JWT (RFC8725)."));
        options.AddSecurityDefinition(LinkToken, new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Query, Name = "token", Description = "The token of a link: it comes with links of answers, for what cannot send headers (`<img>`, `<video>`, EventSource), works for one address and GET alone, and ends." });
    }

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var api = context.ApiDescription;
        var metadata = api.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = metadata.OfType<Bytes>().Any() ? [Requirement(LinkToken, context)] : [];
            return;
        }

        var isRead = HttpMethods.IsGet(api.HttpMethod ?? "") || HttpMethods.IsHead(api.HttpMethod ?? "");
        var scope = $"{area}:{(isRead ? "read" : "write")}";
        string[] scopes = operation.OperationId is "createVideo" or "planVideo" or "rerenderVideo" ? [scope, Scopes.FramesRead] : [scope];
        operation.Security = [Requirement(Bearer, context), Requirement(Header, context), Requirement(AccessToken, context)];
        if (RequestTokenRules.Opens(metadata)) operation.Security.Add(Requirement(RequestToken, context));
        if (isRead && api.RelativePath is { } path && (path.Contains("{requestId}", StringComparison.Ordinal) || path.Contains("{videoId}", StringComparison.Ordinal))) operation.Security.Add(Requirement(LinkToken, context));
        if (metadata.OfType<AnyScope>().Any()) return;
        operation.Description = $"{operation.Description ?? operation.Summary}\n\nScope: {string.Join(", ", scopes.Select(one => $"`{one}`"))}.";
        // 3.1 lets a requirement name roles, but few tools know that.
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        operation.Extensions["x-scopes"] = new JsonNodeExtension(new JsonArray([.. scopes.Select(one => (JsonNode)one)]));
    }

    private static OpenApiSecurityScheme Http(string format, string description) => new() { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = format, Description = description };

    private static OpenApiSecurityRequirement Requirement(string scheme, OperationFilterContext context) => new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
}
