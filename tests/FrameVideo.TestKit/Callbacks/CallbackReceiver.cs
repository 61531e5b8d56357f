using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FrameVideo.TestKit.Callbacks;

/// <summary>Somebody else's server: keeps what it is sent, and answers as it is told.</summary>
public sealed class CallbackReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedCallback> _received = [];
    private readonly TaskCompletionSource _hanging = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CallbackReceiver(WebApplication app, IPAddress address, int port) => (_app, Url, Port) = (app, new Uri($"http://{address}:{port}/hook?key=of-the-receiver"), port);

    public Uri Url { get; }

    public int Port { get; }

    /// <summary>Answers; 200 without a body where nobody says otherwise. The callback is kept by then.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>In the order of their arrival.</summary>
    public IReadOnlyList<ReceivedCallback> Received => [.. _received];

    public static async Task<CallbackReceiver> StartAsync(string address = "127.0.0.1")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var (ip, port) = (IPAddress.Parse(address), Ports.Free());
        builder.WebHost.UseSetting("urls", $"http://{address}:{port}");
        var app = builder.Build();
        var receiver = new CallbackReceiver(app, ip, port);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Answers so many times with a status, then with 200.</summary>
    public void Refuse(int times, int status) => Answer = context =>
    {
        if (Interlocked.Decrement(ref times) >= 0) context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Does not answer, until it is let go or whoever calls goes away.</summary>
    public void Hang() => Answer = context => _hanging.Task.WaitAsync(context.RequestAborted);

    /// <summary>Answers everybody from now on, and all who wait.</summary>
    public void LetGo()
    {
        Answer = _ => Task.CompletedTask;
        _hanging.TrySetResult();
    }

    public Task<IReadOnlyList<ReceivedCallback>> UntilAsync(int count) =>
        Wait.ForAsync(() => Task.FromResult(Received is { } received && received.Count >= count ? received : null), $"{count} callbacks");

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _received.Enqueue(new ReceivedCallback($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}", headers, body.ToArray(), TimeProvider.System.GetUtcNow()));
        await Answer(context);
    }
}

/// <summary>What a receiver was sent.</summary>
/// <param name="Target">Method, path and query.</param>
/// <param name="Headers">By name, in any case.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Arrived">When it was whole.</param>
public sealed record ReceivedCallback(string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body, DateTimeOffset Arrived)
{
    public string Id => Headers["webhook-id"];
}
