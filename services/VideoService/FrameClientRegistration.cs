using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;

namespace VideoService;

/// <summary>Where FrameService is, and how patiently it is asked. Section <c>FrameService</c>.</summary>
internal sealed class FrameClientOptions : IValidatableObject
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "FrameService";

    /// <summary>An absolute http or https address without a path; default <c>http://127.0.0.1:8081</c>.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Url { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Attempts in all, the first one counted: 2 to 10, default 4.</summary>
    [Range(2, 10)]
    public int MaxAttempts { get; set; } = 4;

    /// <summary>The pause after the first attempt, doubled and jittered: 1 ms to 10 s, default 0.1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest that one attempt takes to the answer's first byte: 0.1 s to 1 minute, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that all attempts and pauses take together: 0.1 s to 5 minutes, default 15 s; a caller waits this long at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often FrameService's list of deleted sessions is looked at: 0.1 s to 1 minute, default 10 s; films of a deleted session are gone soon after.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan DeletionsPeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that an answer waits for FrameService to say whether a film is stale: 50 ms to 10 s, default 1 s; after that the answer says that it is not known.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan RevisionsTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            yield return new ValidationResult("FrameService:Url is an absolute http or https address.", [nameof(Url)]);
        if (TotalTimeout < AttemptTimeout) yield return new ValidationResult("TotalTimeout is at least AttemptTimeout.", [nameof(TotalTimeout)]);
    }
}

/// <summary>Puts the client together with its resilience pipeline.</summary>
internal static class FrameClientRegistration
{
    /// <summary>From the outside in: a time-out for the whole, attempts with jittered exponential pauses, a breaker, a time-out for each attempt.</summary>
    public static void AddFrameClient(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<FrameClientOptions>().Bind(configuration.GetSection(FrameClientOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddPeer<FrameClient>().AddResilienceHandler("frames", static (pipeline, context) =>
            {
                var options = context.ServiceProvider.GetRequiredService<IOptions<FrameClientOptions>>().Value;
                pipeline
                    .AddTimeout(options.TotalTimeout)
                    .AddRetry(new HttpRetryStrategyOptions
                    {
                        MaxRetryAttempts = options.MaxAttempts - 1,
                        Delay = options.BaseDelay,
                        BackoffType = DelayBackoffType.Exponential,
                        UseJitter = true,
                        // The caller waits: better told soon than served late.
                        ShouldRetryAfterHeader = false,
                        ShouldHandle = arguments => ValueTask.FromResult(IsOutage(arguments.Outcome)),
                    })
                    .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
                    {
                        FailureRatio = 0.5,
                        MinimumThroughput = 20,
                        SamplingDuration = TimeSpan.FromSeconds(10),
                        BreakDuration = TimeSpan.FromSeconds(2),
                        ShouldHandle = arguments => ValueTask.FromResult(IsOutage(arguments.Outcome)),
                    })
                    .AddTimeout(options.AttemptTimeout);
            });
        // One attempt: nobody waits for this. In an outage two callers do, then none for five seconds.
        services.AddPeer<FrameRevisions>().AddResilienceHandler("revisions", static (pipeline, context) => pipeline
            .AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
            {
                FailureRatio = 0.5,
                MinimumThroughput = 2,
                SamplingDuration = TimeSpan.FromSeconds(5),
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .AddTimeout(context.ServiceProvider.GetRequiredService<IOptions<FrameClientOptions>>().Value.RevisionsTimeout));
    }

    /// <summary>A caller who asks too often (429) is no outage: it is told so at once, and others are served.</summary>
    private static bool IsOutage(Outcome<HttpResponseMessage> outcome) => HttpClientResiliencePredicates.IsTransient(outcome) && outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests;

    private static IHttpClientBuilder AddPeer<TClient>(this IServiceCollection services)
        where TClient : class => services
        .AddHttpClient<TClient>((provider, http) =>
        {
            http.BaseAddress = new Uri(provider.GetRequiredService<IOptions<FrameClientOptions>>().Value.Url);
            // The pipelines' time-outs hold; a picture may take its time.
            http.Timeout = Timeout.InfiniteTimeSpan;
        })
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            // A redirect to the store is an answer, and the caller's credential is none of the store's business.
            AllowAutoRedirect = false,
            UseCookies = false,
            // The peer is a neighbour, also where the machine reaches the world through a proxy.
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        // Connections are renewed by the lifetime above, so singletons may hold a client.
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
}
