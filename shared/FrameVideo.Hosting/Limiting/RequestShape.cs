using System.Globalization;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.Hosting;

/// <summary>Refuses what no client of this API sends, in words; past the server's own limits (<see cref="ConnectionOptions"/>) there is a bare status alone.</summary>
internal static class RequestShape
{
    private const int MaxTarget = 8 * 1024;
    private const int MaxHeaderBytes = 32 * 1024;
    private const int MaxHeaders = 100;
    private const int MaxParameters = 100;

    /// <exception cref="ProblemException">uri-too-long, headers-too-large, invalid-request.</exception>
    public static Task RefuseOddAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var query = request.QueryString.Value ?? "";
        // The server lets chunks win over a length, which it then keeps under this name; and takes chunks from a version that has none. Proxies may see it otherwise (RFC 9112, section 6.1).
        if (request.Headers.ContainsKey("X-Content-Length") || (request.Headers.TransferEncoding.Count > 0 && HttpProtocol.IsHttp10(request.Protocol)))
        {
            context.Response.Headers.Connection = "close";
            throw new ProblemException(ErrorCodes.InvalidRequest, "A body comes with a length or, by HTTP/1.1, in chunks.");
        }

        if ((request.Path.Value?.Length ?? 0) + query.Length > MaxTarget) throw new ProblemException(ErrorCodes.UriTooLong, string.Create(CultureInfo.InvariantCulture, $"The address is longer than {MaxTarget} characters."));
        var (count, bytes) = (0, 0L);
        foreach (var header in request.Headers)
        {
            foreach (var value in header.Value)
            {
                count++;
                bytes += header.Key.Length + (value?.Length ?? 0) + 4;
            }
        }

        if (count > MaxHeaders || bytes > MaxHeaderBytes)
            throw new ProblemException(ErrorCodes.HeadersTooLarge, string.Create(CultureInfo.InvariantCulture, $"At most {MaxHeaders} headers with {MaxHeaderBytes} bytes in all are taken."));
        if (query.AsSpan().Count('&') >= MaxParameters) throw new ProblemException(ErrorCodes.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"At most {MaxParameters} query parameters are taken."));
        return next(context);
    }
}
