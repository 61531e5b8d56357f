using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace FrameVideo.TestKit.Faults;

/// <summary>Stands in front of an S3 server (path style) and fails as it is told; what it lets pass is passed byte for byte, so that signatures hold.</summary>
public sealed class S3FaultProxy : IAsyncDisposable
{
    private static readonly ForwarderRequestConfig Patient = new() { ActivityTimeout = TimeSpan.FromMinutes(10) };

    private readonly ConcurrentQueue<S3Request> _requests = new();
    private readonly ConcurrentQueue<InjectedFault> _faults = new();
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    });

    private readonly Uri _server;
    private TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _outage;
    private WebApplication? _app;

    private S3FaultProxy(Uri server) => _server = server;

    /// <summary>Where clients find it.</summary>
    public Uri Endpoint { get; } = new($"http://127.0.0.1:{Ports.Free()}");

    /// <summary>Every request so far whose headers arrived, also those that failed.</summary>
    public IReadOnlyCollection<S3Request> Requests => _requests;

    /// <summary>While true every request is reset as soon as its headers have come, and nothing reaches the server.</summary>
    public bool Outage
    {
        get => _outage;
        set => _outage = value;
    }

    public static async Task<S3FaultProxy> StartAsync(Uri server)
    {
        var proxy = new S3FaultProxy(server);
        await proxy.ListenAsync();
        return proxy;
    }

    /// <summary>Plans a fault. Faults that are planned earlier come first; each request meets one at most.</summary>
    /// <param name="fault">What happens.</param>
    /// <param name="times">To how many requests; without it, until it is ended.</param>
    /// <param name="where">Which requests; without it, all.</param>
    public InjectedFault Inject(S3Fault fault, int times = int.MaxValue, Func<S3Request, bool>? where = null)
    {
        var injected = new InjectedFault(fault, times, where ?? (_ => true));
        _faults.Enqueue(injected);
        return injected;
    }

    /// <summary>Lets stalled requests go on.</summary>
    public void Release() => Interlocked.Exchange(ref _released, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>Closes the port: connections are refused, until <see cref="ListenAsync"/>.</summary>
    public async Task RefuseAsync()
    {
        if (_app is not { } app) return;
        _app = null;
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>Listens again on the same port.</summary>
    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, Endpoint.Port);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = null;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddHttpForwarder();
        _app = builder.Build();
        var forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        _app.Run(context => AnswerAsync(context, forwarder));
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await RefuseAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, IHttpForwarder forwarder)
    {
        var key = context.Request.Path.Value!.Split('/', 3) is [_, _, var rest] ? rest : "";
        var request = new S3Request(context.Request.Method, key, context.Request.QueryString.Value ?? "", Stopwatch.GetTimestamp());
        _requests.Enqueue(request);
        var fault = _faults.FirstOrDefault(fault => fault.Takes(request))?.Fault;
        if (_outage)
        {
            context.Abort();
            return;
        }

        if (fault?.Answer is { } answer)
        {
            await RefuseAsync(context, answer.Status, answer.Code, answer.RetryAfter);
            return;
        }

        Task Happen(CancellationToken cancellation) => HappenAsync(context, fault!, cancellation);
        if (fault?.Place == FaultPlace.AfterRequestHeaders) await Happen(context.RequestAborted);
        if (context.RequestAborted.IsCancellationRequested) return;
        if (fault?.Place == FaultPlace.MidRequestBody || fault?.BytesPerSecond is not null)
        {
            context.Request.Body = new FaultStream(context.Request.Body, (context.Request.ContentLength ?? 0) / 2, fault.Place == FaultPlace.MidRequestBody ? Happen : null, fault.BytesPerSecond);
        }

        await forwarder.SendAsync(context, _server.ToString(), _client, Patient, new PassAsItIs(fault, Happen), context.RequestAborted);
    }

    /// <summary>Resets the connection, or waits to be released.</summary>
    private async Task HappenAsync(HttpContext context, S3Fault fault, CancellationToken cancellation)
    {
        if (fault.Stalls)
        {
            await Volatile.Read(ref _released).Task.WaitAsync(cancellation);
            return;
        }

        context.Abort();
        throw new IOException("Reset, as planned.");
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, TimeSpan? retryAfter)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        if (retryAfter is { } wait) context.Response.Headers.RetryAfter = $"{(int)wait.TotalSeconds}";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsync($"""<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>As planned.</Message><RequestId>0</RequestId></Error>""");
    }
}
