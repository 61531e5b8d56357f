using System.Net;
using System.Net.Sockets;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>
/// Fetches what a user's URL names: http(s) alone; every address that the name resolves to is checked, and the connection goes to a checked one, so
/// that a second look-up cannot answer otherwise; no redirects, no proxy, no credentials; time limited. The caller caps the size.
/// </summary>
public sealed class GuardedHttp : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Makes the client; one serves the whole process.</summary>
    /// <param name="isAllowed">Which addresses may be called; <see cref="IsPublic"/> outside of tests.</param>
    public GuardedHttp(Func<IPAddress, bool> isAllowed)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 64,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, isAllowed, cancellationToken),
        };
        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("FrameVideo/1.0");
    }

    /// <summary>Whether an address is one of the public Internet: not private, loopback, link-local, mapped, multicast or reserved (RFC 6890).</summary>
    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return false;
        var b = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return b[0] switch
            {
                0 or 10 or 127 or >= 224 => false,
                100 => b[1] is < 64 or > 127,
                169 => b[1] != 254,
                172 => b[1] is < 16 or > 31,
                192 => !(b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2) || (b[1] == 88 && b[2] == 99)),
                198 => !(b[1] is 18 or 19 || (b[1] == 51 && b[2] == 100)),
                203 => !(b[1] == 0 && b[2] == 113),
                _ => true,
            };
        }

        // 2000::/3 is the public part; of that, 6to4 and Teredo carry other addresses inside, and 2001:db8::/32 is for examples.
        return (b[0] & 0xE0) == 0x20 && !(b[0] == 0x20 && b[1] == 0x02) && !(b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0) && !(b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0D && b[3] == 0xB8);
    }

    /// <summary>Opens the URL. The answer is a success with a body; dispose it.</summary>
    /// <exception cref="ProblemException">url-refused for what is never fetched, url-unreachable for what does not answer with a body now.</exception>
    public async Task<HttpResponseMessage> GetAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0)
            throw new ProblemException(ErrorCodes.UrlRefused, "Only http and https URLs without credentials are fetched.");
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode) return response;
            var status = (int)response.StatusCode;
            response.Dispose();
            throw status is >= 300 and < 400
                ? new ProblemException(ErrorCodes.UrlRefused, "The URL redirects; give the address that it leads to.")
                : new ProblemException(ErrorCodes.UrlUnreachable, $"The URL answers with {status}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            response?.Dispose();
            throw exception.InnerException as ProblemException ?? exception.GetBaseException() as ProblemException
                ?? new ProblemException(ErrorCodes.UrlUnreachable, "The URL does not answer.", inner: exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, Func<IPAddress, bool> isAllowed, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, cancellationToken);
        if (addresses.Length == 0 || !addresses.All(isAllowed)) throw new ProblemException(ErrorCodes.UrlRefused, "The URL's host is not on the public Internet.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
