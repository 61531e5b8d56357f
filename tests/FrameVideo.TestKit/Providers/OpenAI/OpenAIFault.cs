using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FrameVideo.TestKit.Providers.OpenAI;

/// <summary>A way to fail.</summary>
public sealed class OpenAIFault
{
    private readonly OpenAIRefusalException? _refusal;
    private readonly Dictionary<string, string> _headers = [];
    private readonly Func<HttpContext, Task, Task>? _play;

    private OpenAIFault(OpenAIRefusalException? refusal, Func<HttpContext, Task, Task>? play = null) => (_refusal, _play) = (refusal, play);

    /// <summary>The prepaid credit is used up: 429, as rate limits are, told apart by type and code.</summary>
    public static OpenAIFault NoCredit(string code = "insufficient_quota") => new(new OpenAIRefusalException(429, code, "You exceeded your current quota, please check your plan and billing details.", type: "insufficient_quota"));

    /// <summary>Too many calls, with the time after which to come again.</summary>
    public static OpenAIFault RateLimit(TimeSpan? retryAfter = null)
    {
        var fault = new OpenAIFault(new OpenAIRefusalException(429, "rate_limit_exceeded", "Rate limit reached for gpt-6-luna in organization org-standin on requests per min (RPM): Limit 3, Used 3, Requested 1.", type: "requests"));
        if (retryAfter is not { } wait) return fault;
        fault._headers["retry-after-ms"] = wait.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        fault._headers["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        return fault;
    }

    /// <summary>Too many calls, told by nothing but the allowance that is used up, such as <c>6m0s</c> or <c>20ms</c>.</summary>
    public static OpenAIFault Allowance(string reset)
    {
        var fault = RateLimit();
        fault._headers["x-ratelimit-remaining-requests"] = "0";
        fault._headers["x-ratelimit-reset-requests"] = reset;
        return fault;
    }

    /// <summary>The safety system has looked at what came in, or at what was made.</summary>
    public static OpenAIFault Moderation(string stage = "input") => new(new OpenAIRefusalException(
        400, "moderation_blocked", "Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID 0123. safety_violations=[violence].",
        type: "image_generation_user_error", details: new JsonObject { ["moderation_stage"] = stage, ["categories"] = new JsonArray("violence") }));

    /// <summary>A failure of its own.</summary>
    public static OpenAIFault Server(int status = 500) => new(new OpenAIRefusalException(status, null, status == 503 ? "The engine is currently overloaded, please try again later" : "The server had an error while processing your request. Sorry about that!", type: "server_error"));

    /// <summary>Any refusal.</summary>
    public static OpenAIFault Refusal(int status, string? code, string message, string? param = null) => new(new OpenAIRefusalException(status, code, message, param));

    /// <summary>The line is cut before an answer.</summary>
    public static OpenAIFault Cut() => new(null, (context, _) =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>The line is cut within the answer.</summary>
    public static OpenAIFault CutWithin() => new(null, async (context, _) =>
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 5000;
        await context.Response.WriteAsync("{\"id\": \"chatcmpl-1\", \"cho");
        await context.Response.Body.FlushAsync();
        context.Abort();
    });

    /// <summary>Whatever is in front of the service answers.</summary>
    public static OpenAIFault Body(int status, string body, string contentType = "text/html") => new(null, async (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body);
    });

    /// <summary>No answer, until whoever calls goes away.</summary>
    public static OpenAIFault Hang() => new(null, async (context, end) =>
    {
        await Task.WhenAny(end, Task.Delay(Timeout.Infinite, context.RequestAborted));
        context.Abort();
    });

    /// <summary>The answer comes once something has happened.</summary>
    public static OpenAIFault Until(Task something) => new(null, (context, end) => Task.WhenAny(something, end, Task.Delay(Timeout.Infinite, context.RequestAborted))) { GoesOn = true };

    private bool GoesOn { get; init; }

    /// <summary>False where the call is over with it.</summary>
    internal async Task<bool> PlayAsync(HttpContext context, OpenAICall call, Task end)
    {
        if (_play is not null) await _play(context, end);
        if (_refusal is null) return GoesOn;
        foreach (var (name, value) in _headers) context.Response.Headers[name] = value;
        call.Refusal = _refusal;
        await OpenAIStandIn.WriteAsync(context, _refusal.Status, _refusal.ToBody());
        return false;
    }
}
