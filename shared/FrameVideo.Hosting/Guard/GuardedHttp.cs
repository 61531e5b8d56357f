using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>Looks up the addresses of a host, or of an address that stands in a host's place.</summary>
public delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>
/// Calls what a user's URL names: http(s) alone; every address that the name resolves to is checked, and the connection goes to a checked one, so
/// that a second look-up cannot answer otherwise; no redirects, no proxy, no credentials; time limited. The caller caps the size.
/// </summary>
public sealed class GuardedHttp : IDisposable
{
    /// <summary>How much of an answer to a POST is read, so that its sender can end in peace, and for how long.</summary>
    private const int MaxRead = 16 * 1024;
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly Unmeasured _meters = new();

    /// <summary>Makes a client that fetches; one serves the whole process. Connections are kept for a minute.</summary>
    /// <param name="isAllowed">Which addresses may be called; <see cref="IsPublic"/> outside of tests.</param>
    public GuardedHttp(Func<IPAddress, bool> isAllowed)
        : this((_, address) => isAllowed(address), Dns.GetHostAddressesAsync, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20))
    {
    }

    /// <summary>Makes a client that posts; one serves the whole process. Each call has a connection of its own, so each is checked.</summary>
    /// <param name="isAllowed">Whether a host may be called at an address.</param>
    /// <param name="resolve">Looks up hosts.</param>
    public GuardedHttp(Func<string, IPAddress, bool> isAllowed, HostResolver resolve)
        : this(isAllowed, resolve, TimeSpan.Zero, Timeout.InfiniteTimeSpan)
    {
    }

    private GuardedHttp(Func<string, IPAddress, bool> isAllowed, HostResolver resolve, TimeSpan connectionLifetime, TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = connectionLifetime,
            MaxResponseHeadersLength = 64,
            MaxResponseDrainSize = 0,
            // Whose trace a call belongs to is nobody's business outside.
            ActivityHeadersPropagator = null,
            MeterFactory = _meters,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, isAllowed, resolve, cancellationToken),
        };
        _http = new HttpClient(handler) { Timeout = timeout };
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
                // Public by its number, but where a cloud's own hosts answer its machines.
                168 => !(b[1] == 63 && b[2] == 129 && b[3] == 16),
                169 => b[1] != 254,
                172 => b[1] is < 16 or > 31,
                192 => !(b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2) || (b[1] == 88 && b[2] == 99)),
                198 => !(b[1] is 18 or 19 || (b[1] == 51 && b[2] == 100)),
                203 => !(b[1] == 0 && b[2] == 113),
                _ => true,
            };
        }

        // 2000::/3 is the public part (so not NAT64, 64:ff9b::/96, which leads to IPv4). Of that, 6to4 (2002::/16) carries other addresses inside, as Teredo does among the protocols' own
        // (2001::/23), and 2001:db8::/32 and 3fff::/20 are for examples.
        var first = (b[0] << 8) | b[1];
        return (b[0] & 0xE0) == 0x20 && first != 0x2002 && !(first == 0x2001 && ((b[2] & 0xFE) == 0 || (b[2] == 0x0D && b[3] == 0xB8))) && !(first == 0x3FFF && (b[2] & 0xF0) == 0);
    }

    /// <summary>Opens the URL. The answer is a success with a body; dispose it.</summary>
    /// <exception cref="ProblemException">url-refused for what is never fetched, url-unreachable for what does not answer with a body now.</exception>
    public async Task<HttpResponseMessage> GetAsync(string url, CancellationToken cancellationToken)
    {
        if (!WebAddress.TryParse(url, out var uri, out var problem)) throw new ProblemException(ErrorCodes.UrlRefused, $"Only http and https URLs without credentials are fetched: what is fetched {problem}");
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

    /// <summary>Posts JSON, and answers the status and how long an overloaded receiver wants to be left alone. What else it says is thrown away.</summary>
    /// <exception cref="HttpRequestException">No answer came; a refused address is a <see cref="ProblemException"/>, by itself or inside.</exception>
    public async Task<(int Status, TimeSpan? RetryAfter)> PostAsync(Uri uri, byte[] json, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.ConnectionClose = true;
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ReadSomeAsync(response.Content);
        var after = response.Headers.RetryAfter;
        return ((int)response.StatusCode, after?.Delta ?? after?.Date - response.Headers.Date);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _meters.Dispose();
    }

    private static async Task ReadSomeAsync(HttpContent content)
    {
        try
        {
            using var limit = new CancellationTokenSource(ReadTime);
            await using var stream = await content.ReadAsStreamAsync(limit.Token);
            _ = await stream.ReadAtLeastAsync(new byte[MaxRead], MaxRead, throwOnEndOfStream: false, limit.Token);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            // The status says it all.
        }
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, Func<string, IPAddress, bool> isAllowed, HostResolver resolve, CancellationToken cancellationToken)
    {
        var addresses = await resolve(target.Host, cancellationToken);
        if (addresses.Length == 0 || !addresses.All(address => isAllowed(target.Host, address))) throw new ProblemException(ErrorCodes.UrlRefused, "The URL's host is not on the public Internet.");
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
