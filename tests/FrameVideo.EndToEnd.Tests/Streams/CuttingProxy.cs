using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using FrameVideo.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FrameVideo.EndToEnd.Tests.Streams;

/// <summary>A page with an EventSource, and the line to its stream, which is cut after an event as often as it is told. The page reports what it sees.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private const string Page =
        """
        <!doctype html><title>EventSource</title><script>
        let said = Promise.resolve();
        const report = content => said = said.then(() => fetch('/report', { method: 'POST', body: JSON.stringify(content) }));
        const source = new EventSource('/v1/' + location.hash.slice(1));
        for (const type of ['session.story_ready', 'session.frame_stored', 'session.completed', 'progress'])
          source.addEventListener(type, event => report({ type, id: event.lastEventId, data: event.data }));
        source.addEventListener('error', () => report({ type: 'error', id: '', data: String(source.readyState) }));
        </script>
        """;

    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private int _cuts;

    private CuttingProxy(WebApplication app, string address, string target, int cuts) => (_app, Address, _http, _cuts) = (app, address, new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(target) }, cuts);

    public string Address { get; }

    /// <summary>What the page saw, in order.</summary>
    public ConcurrentQueue<Report> Reports { get; } = new();

    /// <summary>Each connection: what the browser said that it had seen, and the answer's status.</summary>
    public ConcurrentQueue<(string LastEventId, int Status)> Connections { get; } = new();

    public static async Task<CuttingProxy> StartAsync(string target, int cuts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = $"http://127.0.0.1:{Ports.Free()}";
        builder.WebHost.UseSetting("urls", address);
        var app = builder.Build();
        var proxy = new CuttingProxy(app, address, target, cuts);
        app.MapGet("/", () => Results.Content(Page, "text/html"));
        app.MapPost("/report", async context => proxy.Reports.Enqueue((await JsonSerializer.DeserializeAsync<Report>(context.Request.Body, JsonSerializerOptions.Web))!));
        app.MapGet("/v1/{**rest}", proxy.PassAsync);
        await app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, context.Request.Path + context.Request.QueryString);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(context.Request.Headers.Accept!));
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        if (last.Length > 0) request.Headers.Add("Last-Event-ID", last);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        Connections.Enqueue((last, (int)answer.StatusCode));
        context.Response.StatusCode = (int)answer.StatusCode;
        if (answer.Content.Headers.ContentType is { } type) context.Response.ContentType = type.ToString();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(context.RequestAborted));
        var id = "";
        while (await lines.ReadLineAsync(context.RequestAborted) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line["id: ".Length..];
            await context.Response.WriteAsync(line + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (id.Length == 0 || line.Length > 0 || Interlocked.Decrement(ref _cuts) < 0) continue;
            // Once the page has it: an aborted connection takes along what is on its way.
            await Wait.UntilAsync(() => Reports.Any(report => report.Id == id), "the page to report the event", TimeSpan.FromSeconds(20));
            context.Abort();
            return;
        }
    }

    /// <summary>Something that the page saw.</summary>
    internal sealed record Report(string Type, string Id, string Data);
}
