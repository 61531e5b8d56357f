using System.Collections.Concurrent;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace VideoService.Tests.Videos;

/// <summary>What VideoService needs of FrameService, with its real JSON: sessions of users, inline pictures, the list of deletions.</summary>
internal sealed class StandInFrameService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<(string User, string Request), Session> _sessions = [];
    private readonly ConcurrentDictionary<(string Request, int Number), byte[]> _inline = [];
    private readonly List<(string User, string Request)> _deletions = [];
    private int _revisionsAsked;

    private StandInFrameService(WebApplication app, string address) => (_app, Address) = (app, address);

    public string Address { get; }

    /// <summary>Answers 503 to everything, as a service without its database does.</summary>
    public bool IsDown { get; set; }

    /// <summary>Never says how far sessions are.</summary>
    public bool IsSlow { get; set; }

    /// <summary>How often that was asked.</summary>
    public int RevisionsAsked => _revisionsAsked;

    /// <summary>Keeps who asks for a session waiting until it is set.</summary>
    public TaskCompletionSource? Stalled { get; set; }

    /// <summary>Whether somebody waits.</summary>
    public bool IsWaitedFor { get; private set; }

    /// <summary>The headers of the last request.</summary>
    public IReadOnlyDictionary<string, string> LastHeaders { get; private set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks the token of who reads the deletions.</summary>
    public LinkTokens? Tokens { get; set; }

    public static async Task<StandInFrameService> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = $"http://127.0.0.1:{Ports.Free()}";
        builder.WebHost.UseSetting("urls", address);
        var app = builder.Build();
        var service = new StandInFrameService(app, address);
        app.Use((context, next) => service.IsDown ? Refuse(context, 503, ErrorCodes.DatabaseUnavailable) : next());
        app.MapGet("/health/live", () => "healthy");
        app.MapGet("/v1/sessions/{requestId}", service.GetSession);
        app.MapGet("/v1/sessions/{requestId}/frames/{number:int}/image", service.GetImage);
        app.MapGet("/internal/deletions", service.GetDeletions);
        app.MapPost("/internal/revisions", (Delegate)service.ReadRevisionsAsync);
        await app.StartAsync();
        return service;
    }

    public void Save(Session session) => _sessions[(session.UserId.ToString(), session.RequestId.ToString())] = session;

    public void Park(RequestId requestId, int number, byte[] picture) => _inline[(requestId.ToString(), number)] = picture;

    public void Delete(UserId user, RequestId requestId)
    {
        _sessions.TryRemove((user.ToString(), requestId.ToString()), out _);
        lock (_deletions) _deletions.Add((user.ToString(), requestId.ToString()));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> GetSession(string requestId, HttpContext context)
    {
        if (Stalled is { } stalled)
        {
            IsWaitedFor = true;
            await stalled.Task;
            IsWaitedFor = false;
        }

        LastHeaders = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return _sessions.TryGetValue((context.Request.Headers["X-User-Id"].ToString(), requestId), out var session)
            ? Results.Json(session, WireJson.Options)
            : Problem(404, ErrorCodes.SessionNotFound);
    }

    private IResult GetImage(string requestId, int number) =>
        _inline.TryGetValue((requestId, number), out var picture) ? Results.Bytes(picture, "image/png") : Results.Redirect("http://127.0.0.1:9/a-link-of-the-store");

    private async Task<IResult> ReadRevisionsAsync(HttpContext context)
    {
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (Tokens?.TryVerify(token, "/internal/revisions", out _) == false) return Problem(403, ErrorCodes.InvalidToken);
        Interlocked.Increment(ref _revisionsAsked);
        if (IsSlow) await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        var asked = (await context.Request.ReadFromJsonAsync<JsonElement>()).GetProperty("sessions").EnumerateArray().Select(session => (User: session.GetProperty("userId").GetString()!, Request: session.GetProperty("requestId").GetString()!));
        return Results.Json(new { items = asked.Select(session => new { userId = session.User, requestId = session.Request, framesRevision = _sessions.TryGetValue(session, out var found) ? found.FramesRevision : (long?)null }) });
    }

    private IResult GetDeletions(HttpContext context, long after, int limit)
    {
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (Tokens?.TryVerify(token, "/internal/deletions", out _) == false) return Problem(403, ErrorCodes.InvalidToken);
        lock (_deletions)
        {
            var items = _deletions.Select((deletion, i) => new { sequence = i + 1L, userId = deletion.User, requestId = deletion.Request }).Where(item => item.sequence > after).Take(limit).ToList();
            return Results.Json(new { items, next = items.Count == 0 ? after : items[^1].sequence });
        }
    }

    private static Task Refuse(HttpContext context, int status, ErrorCode code) => Problem(status, code).ExecuteAsync(context);

    private static IResult Problem(int status, ErrorCode code) =>
        Results.Problem(code.Title, statusCode: status, title: code.Title, extensions: [new KeyValuePair<string, object?>("code", code.Code)]);
}
