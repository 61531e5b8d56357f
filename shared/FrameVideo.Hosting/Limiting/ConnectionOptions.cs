using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;

namespace FrameVideo.Hosting;

/// <summary>
/// How patient a server is with its connections. Section <c>Connections</c>; the front door reads the same. Whoever is slower than this is cut: a byte a second holds nothing up, and an
/// upload over a slow telephone line is no attack.
/// </summary>
internal sealed class ConnectionOptions
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Connections";

    /// <summary>What a server reads of a request's line, and of its headers, before it ends the connection. Below that an answer says why (<see cref="RequestShape"/>).</summary>
    private const int HardLineBytes = 32 * 1024;
    private const int HardHeaderBytes = 128 * 1024;
    private const int HardHeaders = 200;

    /// <summary>Connections at a time; one more is closed at once. 0 to 1,000,000, default 10,000; 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int MaxConcurrent { get; set; } = 10_000;

    /// <summary>The longest that the headers of a request take to come: 1 s to 10 min, default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection stays open without a request: 1 s to 1 h, default 2 min. Longer than a proxy in front of it keeps its connections.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The slowest that a body comes, on the average since it began, bytes a second: 1 to 1,000,000, default 240.</summary>
    [Range(1, 1_000_000)]
    public int MinRequestBytesPerSecond { get; set; } = 240;

    /// <summary>The slowest that an answer is read, bytes a second: 1 to 1,000,000, default 240. What waits to be read is bounded, so a reader that stands still costs little until then.</summary>
    [Range(1, 1_000_000)]
    public int MinResponseBytesPerSecond { get; set; } = 240;

    /// <summary>How long it may be slower, at the beginning: 2 s to 10 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Puts the section into force.</summary>
    /// <exception cref="InvalidDataException">A value is none, or out of its range; thrown when the server is made.</exception>
    public static void Apply(IWebHostBuilder host, IConfiguration configuration)
    {
        host.UseSockets(transport => transport.CreateBoundListenSocket = ListenSocket.Bind);
        host.ConfigureKestrel(kestrel => Apply(kestrel, Read(configuration)));
    }

    private static void Apply(KestrelServerOptions kestrel, ConnectionOptions options)
    {
        // A line feed alone ends a line for this server and not for every proxy, so that the two may see two requests where there is one (RFC 9112, section 2.2).
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.MaxConcurrent == 0 ? null : options.MaxConcurrent;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = options.KeepAlive;
        limits.MinRequestBodyDataRate = new MinDataRate(options.MinRequestBytesPerSecond, options.Grace);
        limits.MinResponseDataRate = new MinDataRate(options.MinResponseBytesPerSecond, options.Grace);
        limits.MaxRequestLineSize = HardLineBytes;
        limits.MaxRequestHeadersTotalSize = HardHeaderBytes;
        limits.MaxRequestHeaderCount = HardHeaders;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
    }

    private static ConnectionOptions Read(IConfiguration configuration)
    {
        try
        {
            var options = configuration.GetSection(Section).Get<ConnectionOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new ConnectionOptions();
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
            return options;
        }
        catch (Exception mistake) when (mistake is InvalidOperationException or ValidationException)
        {
            throw new InvalidDataException($"The configuration section {Section}: {mistake.InnerException?.Message ?? mistake.Message}", mistake);
        }
    }
}
