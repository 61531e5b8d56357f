using FrameVideo.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FrameVideo.Hosting;

/// <summary>Finds the request ID that a call is about; null where there is nothing of the caller's. The call's parameters are read by then.</summary>
public delegate ValueTask<RequestId?> RequestFinder(EndpointFilterInvocationContext context, Caller caller);

/// <summary>
/// What the token of one request ID opens. Every operation is closed to it unless it says here how the request ID that it is about is found; where that is another one, it answers as to somebody
/// whose session it is not. Closed are: lists of everything, deletion and erasure, deliveries (the back end's own business), further tokens, and the older routes.
/// </summary>
public static class RequestTokenRules
{
    /// <summary>The request ID stands in the path, as <c>{requestId}</c>.</summary>
    public static TBuilder OpenByPath<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.OpenTo(new Rule(ByPath, only => new ProblemException(ErrorCodes.SessionNotFound, $"There is no such session: the token opens {only} alone.")));

    /// <summary>The request ID stands in the query, as <c>requestId</c>, which the caller may not leave out.</summary>
    public static TBuilder OpenByQuery<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.OpenTo(new Rule(ByQuery, only => Closed($"The token opens {only} alone: ask for ?requestId={only}.")));

    /// <summary>The request ID stands in the body, which the caller may not leave out. Where events are sent to is for the back end to say.</summary>
    public static TBuilder OpenByBody<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.OpenTo(new Rule(ByBody, only => Closed($"The token opens {only} alone: name it as requestId.")));

    /// <summary>The request ID is that of a film, which is looked up.</summary>
    public static TBuilder OpenByVideo<TBuilder>(this TBuilder builder, RequestFinder find)
        where TBuilder : IEndpointConventionBuilder => builder.OpenTo(new Rule(find, only => new ProblemException(ErrorCodes.VideoNotFound, $"There is no such video of {only}, which is all that the token opens.")));

    /// <summary>Refuses a token of one request ID where the operation is closed to it, before anything is read.</summary>
    /// <exception cref="ProblemException">insufficient-scope.</exception>
    internal static void RequireOpen(Grant grant, Endpoint endpoint)
    {
        if (grant.Only is not { } only || (endpoint.Metadata.GetMetadata<Rule>() is not null && endpoint.Metadata.GetMetadata<ApiRoutes.IsMapped>() is not null)) return;
        throw Closed($"This is more than the token opens, which is {only} alone.");
    }

    /// <summary>Whether such a token opens an operation.</summary>
    internal static bool Opens(IEnumerable<object> metadata) => metadata.OfType<Rule>().Any();

    private static TBuilder OpenTo<TBuilder>(this TBuilder builder, Rule rule)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(rule);

    private static ValueTask<RequestId?> ByPath(EndpointFilterInvocationContext context, Caller caller) => new(RouteIds.ParseRequestId(context.HttpContext.GetRouteValue("requestId") as string));

    private static ValueTask<RequestId?> ByQuery(EndpointFilterInvocationContext context, Caller caller) =>
        new(context.HttpContext.Request.Query["requestId"].ToString() is { Length: > 0 } text ? RouteIds.ParseRequestId(text) : null);

    private static ValueTask<RequestId?> ByBody(EndpointFilterInvocationContext context, Caller caller)
    {
        var (one, two, callbackUrl) = context.Arguments.OfType<INamesUser>().Single() switch
        {
            CreateSessionRequest session => (session.RequestId, session.SessionId, session.CallbackUrl),
            CreateVideoRequest video => (video.RequestId, null, video.CallbackUrl),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is not known to name a request ID."),
        };
        if (!string.IsNullOrEmpty(callbackUrl)) throw Closed("A token for one request ID sets no callbackUrl.");
        if (one is not null && two is not null && one != two) return new((RequestId?)null);
        return new((one ?? two) is { } text ? RouteIds.ParseRequestId(text) : null);
    }

    private static ProblemException Closed(string detail) => new(ErrorCodes.InsufficientScope, detail);

    /// <summary>How an operation's request ID is found, and how another one is refused.</summary>
    private sealed record Rule(RequestFinder Find, Func<RequestId, ProblemException> Refusal);

    /// <summary>Stands around every operation of the API, after its parameters are read and before its idempotency key is looked at.</summary>
    internal sealed class Filter : IEndpointFilter
    {
        public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        {
            if (context.HttpContext.Features.Get<Caller>() is { Only: { } only } caller)
            {
                var rule = context.HttpContext.GetEndpoint()!.Metadata.GetMetadata<Rule>()!;
                if (await rule.Find(context, caller) != only) throw rule.Refusal(only);
            }

            return await next(context);
        }
    }
}
