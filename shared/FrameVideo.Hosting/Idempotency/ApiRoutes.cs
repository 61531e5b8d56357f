using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FrameVideo.Hosting;

/// <summary>The routes of a service's API: every POST below <c>/v1</c> takes an <c>Idempotency-Key</c>, each minds the tokens of one request ID, and none can be mapped without that; every GET takes HEAD, too.</summary>
public static class ApiRoutes
{
    private static readonly PathString Api = "/v1";

    /// <summary>Where a service maps its routes.</summary>
    public static RouteGroupBuilder MapApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var api = app.MapGroup("").AddEndpointFilter(ProblemHandling.AnswerBrokenBodiesAsync).AddEndpointFilter<RouteGroupBuilder, RequestTokenRules.Filter>().AddEndpointFilter<RouteGroupBuilder, IdempotencyFilter>().WithMetadata(new IsMapped());
        ((IEndpointConventionBuilder)api).Add(TakeHead);
        return api;
    }

    /// <summary>Looks at the header before anybody reads the body. Stands after authentication.</summary>
    internal static void UseIdempotencyKeys(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        // Where nothing fits the content type or the method, routing puts an endpoint of its own that says so.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || !HttpMethods.IsPost(request.Method) || !request.Path.StartsWithSegments(Api, StringComparison.OrdinalIgnoreCase)) return next(context);
        if (KeyedRequest.Of(request) is not { } keyed) return next(context);
        if (endpoint.Metadata.GetMetadata<IsMapped>() is null) throw new InvalidOperationException($"{endpoint.DisplayName} is not mapped by {nameof(MapApi)}, so it would not mind the key.");
        context.Features.Set(keyed);
        return next(context);
    });

    /// <summary>The endpoint has the filters that every operation has.</summary>
    internal sealed record IsMapped;

    /// <summary>The server leaves the body of an answer to HEAD out; an operation whose body costs something leaves it out itself.</summary>
    private static void TakeHead(EndpointBuilder endpoint)
    {
        for (var i = 0; i < endpoint.Metadata.Count; i++)
        {
            if (endpoint.Metadata[i] is HttpMethodMetadata { HttpMethods: [var only] } && HttpMethods.IsGet(only)) endpoint.Metadata[i] = new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]);
        }
    }
}
