using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace FrameVideo.TestKit.Providers;

/// <summary>
/// Runway's image-to-video tasks over real HTTP, as docs.dev.runwayml.com has them (version 2024-11-06): POST /v1/image_to_video, GET and DELETE /v1/tasks/{id}, and links to what was made that end. It refuses what the
/// service refuses, fails as it is told, makes real clips, and counts what is paid.
/// </summary>
/// <remarks>
/// The service knows no idempotency key and no list of tasks, and so neither does this. A task is paid from its acceptance on; one that fails inside (INTERNAL) is given back, one that was moderated is not.
/// </remarks>
public sealed class RunwayStandIn : IAsyncDisposable
{
    /// <summary>A key in the form of theirs.</summary>
    public static readonly string Key = $"key_{new string('a', 64)}{new string('0', 64)}";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RunwayTask> _tasks = [];
    private readonly ConcurrentQueue<string> _calls = [];
    private readonly ConcurrentDictionary<string, (string Task, DateTimeOffset Until)> _links = [];
    private int _submitted;
    private int _linksMade;

    private RunwayStandIn(WebApplication app, string address) => (_app, Address) = (app, address);

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>Every task that was accepted, in order.</summary>
    public IReadOnlyList<RunwayTask> Tasks => [.. _tasks.Values.OrderBy(task => task.Order)];

    /// <summary>Tasks that are paid: accepted, and not given back.</summary>
    public int Paid => _tasks.Values.Count(task => !task.IsGivenBack);

    /// <summary>Every call, as method and path.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>The status of a task from its n-th poll (0 first) on; PENDING, RUNNING, then SUCCEEDED by default.</summary>
    public Func<RunwayTask, int, string> Status { get; set; } = (_, poll) => poll switch { 0 => "PENDING", 1 => "RUNNING", _ => "SUCCEEDED" };

    /// <summary>The failure code of a task that FAILED.</summary>
    public Func<RunwayTask, string> FailureCode { get; set; } = _ => "INTERNAL.BAD_OUTPUT.CODE01";

    /// <summary>What a task makes.</summary>
    public Func<RunwayTask, byte[]> Output { get; set; } = task => RunwayOutput.Of(task);

    /// <summary>Answers in place of the service; true where it did. Asked before anything is accepted.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = _ => Task.FromResult(false);

    /// <summary>The same, after a task was accepted and before its ID is told.</summary>
    public Func<HttpContext, Task<bool>> AfterAccepting { get; set; } = _ => Task.FromResult(false);

    /// <summary>How long links work; a day in truth.</summary>
    public TimeSpan LinkLife { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Starts on a free port.</summary>
    public static async Task<RunwayStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = $"http://127.0.0.1:{Ports.Free()}";
        builder.WebHost.UseSetting("urls", address);
        builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 32 << 20);
        var app = builder.Build();
        var service = new RunwayStandIn(app, address);
        app.Use(service.WatchAsync);
        app.MapPost("/v1/image_to_video", (Delegate)service.SubmitAsync);
        app.MapGet("/v1/tasks/{id}", service.Get);
        app.MapDelete("/v1/tasks/{id}", service.Delete);
        app.MapGet("/output/{name}", service.Download);
        await app.StartAsync();
        return service;
    }

    /// <summary>The settings with which VideoService uses it.</summary>
    public string[] Settings => ["Providers:runway:Kind=runway", $"Providers:runway:Endpoint={Address}", $"Providers:runway:ApiKey={Key}", "Providers:runway:ClipModel=gen4_turbo", "Rendering:ClipPollPeriod=00:00:00.100", "Providers:runway:Prices:ClipSecond=0.05"];

    /// <summary>As it was at its start; what it knows of tasks is forgotten.</summary>
    public void Reset()
    {
        _tasks.Clear();
        _calls.Clear();
        _submitted = 0;
        Status = (_, poll) => poll switch { 0 => "PENDING", 1 => "RUNNING", _ => "SUCCEEDED" };
        FailureCode = _ => "INTERNAL.BAD_OUTPUT.CODE01";
        Output = RunwayOutput.Of;
        Before = AfterAccepting = _ => Task.FromResult(false);
        LinkLife = TimeSpan.FromHours(24);
    }

    /// <summary>Fails so many calls whose path holds a word.</summary>
    public void Fail(string word, int times, Func<HttpContext, Task> answer) => Before = async context =>
    {
        if (!$"{context.Request.Method} {context.Request.Path}".Contains(word, StringComparison.Ordinal) || Interlocked.Decrement(ref times) < 0) return false;
        await answer(context);
        return true;
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>An error as the service says it.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string error, string? retryAfter = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.StatusCode = status;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return context.Response.WriteAsJsonAsync(new { error, docUrl = "https://docs.dev.runwayml.com/api" });
    }

    private async Task WatchAsync(HttpContext context, RequestDelegate next)
    {
        _calls.Enqueue($"{context.Request.Method} {context.Request.Path}");
        if (await Before(context)) return;
        if (context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
        {
            if (context.Request.Headers.Authorization != $"Bearer {Key}")
            {
                await RefuseAsync(context, 401, "Invalid API key.");
                return;
            }

            if (context.Request.Headers["X-Runway-Version"] != "2024-11-06")
            {
                await RefuseAsync(context, 400, "The X-Runway-Version header is missing or names no version.");
                return;
            }
        }

        await next(context);
    }

    private async Task<IResult> SubmitAsync(HttpContext context)
    {
        JsonElement body;
        try
        {
            body = (await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted)).RootElement;
        }
        catch (JsonException)
        {
            return Refused("The body is no JSON.");
        }

        if (RunwayRules.Fault(body) is { } fault) return Refused(fault);
        var task = new RunwayTask(Guid.CreateVersion7().ToString(), Interlocked.Increment(ref _submitted), body.Clone());
        _tasks[task.Id] = task;
        if (await AfterAccepting(context)) return Results.Empty;
        return Results.Json(new { id = task.Id });
    }

    private IResult Get(string id)
    {
        if (!Guid.TryParse(id, out _)) return Refused("Task IDs are UUIDs.");
        if (!_tasks.TryGetValue(id, out var task) || task.IsDeleted) return Results.Json(new { error = "Task not found." }, statusCode: 404);
        var status = task.Ended ?? Status(task, task.Polls++);
        if (status is "SUCCEEDED" or "FAILED") task.Ended = status;
        var code = status == "FAILED" ? FailureCode(task) : null;
        if (code?.StartsWith("INTERNAL", StringComparison.Ordinal) == true) task.IsGivenBack = true;
        var told = new Dictionary<string, object?>(StringComparer.Ordinal) { ["id"] = id, ["status"] = status, ["createdAt"] = task.CreatedAt };
        if (status == "RUNNING") told["progress"] = 0.5;
        if (code is not null) (told["failure"], told["failureCode"]) = ("The task failed.", code);
        if (status == "SUCCEEDED") told["output"] = new[] { LinkTo(id) };
        return Results.Json(told);
    }

    private IResult Delete(string id)
    {
        if (_tasks.TryGetValue(id, out var task)) task.IsDeleted = true;
        return Results.NoContent();
    }

    private IResult Download(string name)
    {
        if (!_links.TryGetValue(name, out var link) || link.Until <= DateTimeOffset.UtcNow) return Results.Text("<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", "application/xml", statusCode: 403);
        return Results.Bytes(Output(_tasks[link.Task]), "video/mp4");
    }

    private string LinkTo(string task)
    {
        var name = $"{Interlocked.Increment(ref _linksMade)}-{task}.mp4";
        _links[name] = (task, DateTimeOffset.UtcNow + LinkLife);
        return $"{Address}/output/{name}?_jwt=signed";
    }

    private static IResult Refused(string error) => Results.Json(new { error, docUrl = "https://docs.dev.runwayml.com/api" }, statusCode: 400);
}

/// <summary>A task that was accepted.</summary>
public sealed class RunwayTask(string id, int order, JsonElement asked)
{
    /// <summary>Its ID.</summary>
    public string Id { get; } = id;

    /// <summary>Which one it was, from 1.</summary>
    public int Order { get; } = order;

    /// <summary>The request.</summary>
    public JsonElement Asked { get; } = asked;

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; } = DateTimeOffset.UtcNow;

    /// <summary>How often it was asked for.</summary>
    public int Polls { get; set; }

    /// <summary>SUCCEEDED or FAILED, once it is.</summary>
    public string? Ended { get; set; }

    /// <summary>Whether it was canceled or deleted.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Whether its credits were given back.</summary>
    public bool IsGivenBack { get; set; }
}
