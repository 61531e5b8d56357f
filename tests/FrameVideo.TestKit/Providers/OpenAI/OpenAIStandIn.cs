using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace FrameVideo.TestKit.Providers.OpenAI;

/// <summary>
/// OpenAI's protocol on a port of this machine, as its reference had it in November 2026: chat completions with structured output, image generations and image edits. It refuses what the real service refuses (keys, models,
/// fields, sizes, schemas, lengths), in its words; fails as it is told; and keeps what it was sent and what would have been paid.
/// </summary>
public sealed class OpenAIStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OpenAICall> _calls = [];
    private readonly List<(Func<OpenAICall, bool> When, OpenAIFault Fault, int Left)> _faults = [];
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _under;
    private int _most;

    private OpenAIStandIn(WebApplication app, int port) => (_app, Port) = (app, port);

    public int Port { get; }

    /// <summary>What a client is set up with.</summary>
    public string Endpoint => $"http://127.0.0.1:{Port}/v1";

    /// <summary>The key that it takes.</summary>
    public string Key { get; init; } = "sk-proj-standin-0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>The chat models that the key may use.</summary>
    public HashSet<string> ChatModels { get; } = new(StringComparer.Ordinal) { "gpt-6-luna", "gpt-6-sol", "gpt-5.6-terra", "gpt-4o" };

    /// <summary>The image models that the key may use.</summary>
    public HashSet<string> ImageModels { get; } = new(StringComparer.Ordinal) { "gpt-image-2.5-flare", "gpt-image-2.5-sunburst", "gpt-image-2", "gpt-image-1.5", "gpt-image-1", "gpt-image-1-mini" };

    /// <summary>What the model says: the content of its message. A story that fits what was asked for, by default.</summary>
    public Func<OpenAICall, string> Write { get; set; } = StandInStory.Write;

    /// <summary>Why the model has ended: stop, length or content_filter.</summary>
    public Func<OpenAICall, string> FinishReason { get; set; } = _ => "stop";

    /// <summary>The model's refusal, in place of a content; null for none.</summary>
    public Func<OpenAICall, string?> Refusal { get; set; } = _ => null;

    /// <summary>What is drawn, in the size that was asked for; a picture in a colour of its own for each prompt, by default.</summary>
    public Func<OpenAICall, int, int, byte[]> Draw { get; set; } = (call, width, height) => Pictures.Png(width, height, 0xff000000 | ((uint)StringComparer.Ordinal.GetHashCode(call.Prompt) & 0xffffff));

    /// <summary>Every call, refused ones too, in the order of their arrival.</summary>
    public IReadOnlyList<OpenAICall> Calls => [.. _calls];

    /// <summary>Calls that a bill would show.</summary>
    public IReadOnlyList<OpenAICall> Paid => [.. _calls.Where(call => call.IsPaid)];

    /// <summary>The most calls that were under way at once.</summary>
    public int MostAtOnce => _most;

    /// <summary>The settings that make it a provider.</summary>
    public string[] Settings(string name = "openai") => [$"Providers:{name}:Kind=openai", $"Providers:{name}:Endpoint={Endpoint}", $"Providers:{name}:ApiKey={Key}", $"Providers:{name}:StoryModel=gpt-6-luna", $"Providers:{name}:ImageModel=gpt-image-2.5-flare"];

    public static async Task<OpenAIStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", $"http://127.0.0.1:0");
        var app = builder.Build();
        OpenAIStandIn? standIn = null;
        app.Run(context => standIn!.AnswerAsync(context));
        await app.StartAsync();
        return standIn = new OpenAIStandIn(app, new Uri(app.Urls.First()).Port);
    }

    /// <summary>Fails the next so many calls.</summary>
    public void Fail(OpenAIFault fault, int times = 1) => FailWhen(_ => true, fault, times);

    /// <summary>Fails calls of which something is true; without a number, all of them.</summary>
    public void FailWhen(Func<OpenAICall, bool> when, OpenAIFault fault, int times = int.MaxValue)
    {
        lock (_faults) _faults.Add((when, fault, times));
    }

    /// <summary>Fails nothing any more.</summary>
    public void Heal()
    {
        lock (_faults) _faults.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // What a person brings along as a picture is larger than Kestrel's own limit.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        var call = await OpenAICall.ReadAsync(context);
        _calls.Enqueue(call);
        var under = Interlocked.Increment(ref _under);
        InterlockedMax(under);
        try
        {
            if (FaultOf(call) is { } fault && !await fault.PlayAsync(context, call, _end.Task)) return;
            Authorize(context, call);
            var answer = (context.Request.Method, call.Path) switch
            {
                ("POST", "/v1/chat/completions") => StandInChat.Answer(this, call),
                ("POST", "/v1/images/generations") => StandInImages.Generate(this, call),
                ("POST", "/v1/images/edits") => StandInImages.Edit(this, call),
                _ => throw new OpenAIRefusalException(404, null, $"Invalid URL ({context.Request.Method} {call.Path})"),
            };
            call.IsPaid = true;
            await WriteAsync(context, 200, answer);
        }
        catch (OpenAIRefusalException refusal)
        {
            call.Refusal = refusal;
            await WriteAsync(context, refusal.Status, refusal.ToBody());
        }
        finally
        {
            Interlocked.Decrement(ref _under);
        }
    }

    private OpenAIFault? FaultOf(OpenAICall call)
    {
        lock (_faults)
        {
            var at = _faults.FindIndex(entry => entry.Left > 0 && entry.When(call));
            if (at < 0) return null;
            _faults[at] = _faults[at] with { Left = _faults[at].Left - 1 };
            return _faults[at].Fault;
        }
    }

    private void Authorize(HttpContext context, OpenAICall call)
    {
        var sent = context.Request.Headers.Authorization.ToString();
        if (sent == $"Bearer {Key}") return;
        if (sent.Length == 0) throw new OpenAIRefusalException(401, null, "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth.");
        throw new OpenAIRefusalException(401, "invalid_api_key", $"Incorrect API key provided: {sent["Bearer ".Length..]}. You can find your API key at https://platform.openai.com/account/api-keys.");
    }

    private void InterlockedMax(int value)
    {
        int seen;
        while ((seen = _most) < value && Interlocked.CompareExchange(ref _most, value, seen) != seen)
        {
        }
    }

    internal static async Task WriteAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["x-request-id"] = "req_" + context.TraceIdentifier.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        context.Response.Headers["openai-version"] = "2020-10-01";
        context.Response.Headers["openai-processing-ms"] = 12.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.TryAdd("x-ratelimit-limit-requests", "500");
        context.Response.Headers.TryAdd("x-ratelimit-remaining-requests", "499");
        context.Response.Headers.TryAdd("x-ratelimit-reset-requests", "120ms");
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString());
    }
}
