using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FrameVideo.Hosting;

/// <summary>Bodies that do not begin: hundreds of callers that send a head and then nothing, or break off at once, are to cost a server no more than that.</summary>
public static class BodyStart
{
    private const int FirstBytes = 4096;

    /// <summary>
    /// Waits for a body's first bytes, which stay to be read by <see cref="HttpRequest.BodyReader"/> or <see cref="HttpRequest.Body"/>. Whoever waits for a sign before sending (<c>Expect</c>) gets
    /// it later, when there is nothing against the request.
    /// </summary>
    /// <exception cref="BadHttpRequestException">It broke off, or came too slowly.</exception>
    public static async Task WaitAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true } || request.Headers.Expect.Count > 0) return;
        var body = request.BodyReader;
        var first = await body.ReadAtLeastAsync((int)Math.Min(request.ContentLength ?? FirstBytes, FirstBytes), cancellationToken);
        body.AdvanceTo(first.Buffer.Start);
    }
}
