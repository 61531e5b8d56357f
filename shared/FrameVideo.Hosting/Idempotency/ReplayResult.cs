using System.Globalization;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Hosting;

/// <summary>
/// The outcome of a request that was carried out before: the same status, and what it made as it is now, with links made afresh. The resource's own GET shows it, so there is one view
/// of each resource. What has been deleted since is gone, and is not made again.
/// </summary>
internal sealed class ReplayResult(UserId user, RequestOutcome outcome) : IResult
{
    /// <summary>Says that nothing was done this time.</summary>
    public const string Header = "Idempotent-Replayed";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, location) = (httpContext.Response, httpContext.RequestServices.GetRequiredService<PublicLinks>().To(outcome.Resource));
        response.OnStarting(() =>
        {
            response.Headers[Header] = "true";
            if (response.StatusCode != StatusCodes.Status200OK) return Task.CompletedTask;
            response.StatusCode = outcome.Status;
            response.Headers.CacheControl = "no-store";
            if (outcome.Status is StatusCodes.Status201Created or StatusCodes.Status202Accepted) response.Headers.Location = location;
            return Task.CompletedTask;
        });
        try
        {
            await GetAsync(httpContext);
        }
        catch (ProblemException missing) when (missing.Code.Status is StatusCodes.Status404NotFound or StatusCodes.Status410Gone)
        {
            throw new ProblemException(ErrorCodes.OutcomeGone, "This request was carried out, and what it made has been deleted since. Nothing is made a second time: use a new key to begin anew.", inner: missing);
        }
    }

    /// <summary>Turns the request into a GET of the resource. Who asks is known, and may see what came of its own request.</summary>
    private async Task GetAsync(HttpContext context)
    {
        var (endpoint, values) = Find(context.RequestServices.GetRequiredService<EndpointDataSource>());
        var request = context.Request;
        (request.Method, request.Path, request.QueryString, request.RouteValues) = (HttpMethods.Get, outcome.Resource, QueryString.Empty, values);
        foreach (var condition in new[] { "If-None-Match", "If-Match", "If-Modified-Since", "If-Unmodified-Since", "Range" }) request.Headers.Remove(condition);
        context.Features.Set(Caller.Of(user));
        context.Features.Set<KeyedRequest>(null);
        context.SetEndpoint(endpoint);
        await endpoint.RequestDelegate!(context);
    }

    private (RouteEndpoint Endpoint, RouteValueDictionary Values) Find(EndpointDataSource endpoints)
    {
        foreach (var endpoint in endpoints.Endpoints.OfType<RouteEndpoint>().OrderBy(endpoint => endpoint.RoutePattern.InboundPrecedence))
        {
            if (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get, StringComparer.OrdinalIgnoreCase) != true) continue;
            var values = new RouteValueDictionary();
            if (new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(outcome.Resource, values)) return (endpoint, values);
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"No GET is mapped for {outcome.Resource}, the outcome of a request."));
    }
}
