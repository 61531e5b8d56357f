using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace FrameVideo.TestKit.Faults;

/// <summary>Passes a request with the Host and the very target that were signed, and its response with what is planned for that.</summary>
internal sealed class PassAsItIs(S3Fault? fault, Func<CancellationToken, Task> happen) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var target = httpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        proxyRequest.RequestUri = new Uri(destinationPrefix.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (fault?.Place == FaultPlace.BeforeAnswer) await happen(cancellationToken);
        var passes = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (fault?.Place == FaultPlace.MidResponseBody || fault?.BytesPerSecond is not null)
        {
            var half = (proxyResponse?.Content.Headers.ContentLength ?? 0) / 2;
            httpContext.Response.Body = new FaultStream(httpContext.Response.Body, half, fault.Place == FaultPlace.MidResponseBody ? happen : null, fault.BytesPerSecond);
        }

        return passes;
    }
}
