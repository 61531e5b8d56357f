using Yarp.ReverseProxy.Forwarder;

namespace FrontDoor;

/// <summary>Turns the proxy's empty 502 into a problem that says which service does not answer, and when to try again.</summary>
internal sealed partial class UnreachableBackend(RequestDelegate next, ILogger<UnreachableBackend> logger)
{
    /// <summary>Forwards, then looks at how that went.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.GetForwarderErrorFeature() is not { } failure || context.Response.HasStarted) return;
        switch (failure.Error)
        {
            case ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.UpgradeRequestCanceled:
                return; // The caller has gone; nobody reads an answer.
            case ForwarderError.RequestBodyClient:
                await Problems.BrokenBody(context, Refusals(failure.Exception).FirstOrDefault()?.StatusCode).ExecuteAsync(context);
                return;
            default:
                var cluster = context.GetReverseProxyFeature().Cluster.Config.ClusterId;
                NoAnswer(logger, cluster, failure.Error, failure.Exception?.Message);
                await Problems.Unavailable(context, cluster).ExecuteAsync(context);
                return;
        }
    }

    /// <summary>What the server said of the caller's body, wherever the proxy has put it.</summary>
    private static IEnumerable<BadHttpRequestException> Refusals(Exception? failure) => failure switch
    {
        null => [],
        BadHttpRequestException bad => [bad],
        AggregateException several => several.InnerExceptions.SelectMany(Refusals),
        _ => Refusals(failure.InnerException),
    };

    [LoggerMessage(LogLevel.Warning, "The backend {Cluster} did not answer ({Error}): {Reason}")]
    private static partial void NoAnswer(ILogger logger, string cluster, ForwarderError error, string? reason);
}
