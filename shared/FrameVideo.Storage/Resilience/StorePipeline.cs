using System.Diagnostics;
using FrameVideo.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace FrameVideo.Storage;

/// <summary>
/// The Polly pipelines around the object store, the only place where anything is tried again. Uploads, from the outside in: a time-out for the whole, attempts with jittered
/// exponential pauses or those that the store asks for, a breaker, a time-out for each attempt. Reads: one quick second try, while the breaker is closed.
/// </summary>
/// <remarks>
/// <para>Only an outage is tried again: <see cref="ObjectStoreUnavailableException"/>, an attempt's time-out, a broken connection. A refusal is an answer. After the last attempt,
/// past the whole time, and at once while the breaker is open the caller gets <see cref="ObjectStoreUnavailableException"/>, whatever the cause was.</para>
/// <para>Uploads alone open the breaker, since a store that is full can still be read; so an open one costs an upload no attempt, or the one that may find out whether the store is back,
/// and a read one. A probe always asks. It closes the breaker where the probe before it has failed: then the two speak of the same outage. In an outage of uploads alone the breaker waits for
/// its own pause.</para>
/// </remarks>
public sealed partial class StorePipeline
{
    private static readonly ResiliencePropertyKey<long> LengthKey = new("framevideo.length");
    private static readonly TimeSpan QuickPause = TimeSpan.FromMilliseconds(50);
    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly CircuitBreakerManualControl _control = new();
    private readonly TimeProvider _clock;
    private readonly StoreMetrics _metrics;
    private readonly StorePlace _place;
    private readonly ILogger<StorePipeline> _log;
    private volatile bool _probesFail;

    /// <summary>Builds the pipelines. Pauses, time-outs and durations are the clock's.</summary>
    public StorePipeline(IOptions<UploadOptions> options, TimeProvider clock, StoreMetrics metrics, ILogger<StorePipeline> log, StorePlace? place = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metrics);
        (_clock, _metrics, _log, _place) = (clock, metrics, log, place ?? new StorePlace(Bucket: null));
        metrics.Watch(() => _breaker.CircuitState is CircuitState.Open or CircuitState.Isolated);
        Uploads = BuildUploads(options.Value);
        Reads = BuildReads();
    }

    internal ResiliencePipeline Uploads { get; }

    internal ResiliencePipeline Reads { get; }

    /// <summary>Runs one upload.</summary>
    /// <param name="operation">The verb, for log and metrics.</param>
    /// <param name="what">What is uploaded, for the log.</param>
    /// <param name="length">Bytes, for the time that it is allowed.</param>
    /// <param name="upload">One attempt; it has to end when its token does.</param>
    /// <param name="outcomeOf">What to call a result in log and metrics.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<T> UploadAsync<T>(string operation, object what, long length, Func<CancellationToken, Task<T>> upload, Func<T, string> outcomeOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(outcomeOf);
        var attempt = 0;
        using var span = _place.Begin(operation, what);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(LengthKey, length);
        try
        {
            return await Uploads.ExecuteAsync(async inner => await AttemptAsync(span, operation, what, ++attempt, upload, outcomeOf, inner.CancellationToken, cancellationToken), context);
        }
        catch (BrokenCircuitException e)
        {
            span.Fail(e);
            LogNotAsked(operation, what, e.RetryAfter);
            throw new ObjectStoreUnavailableException("The object store has failed too often and is left alone for a while.", e) { RetryAfter = e.RetryAfter };
        }
        catch (Exception e) when (e is not ObjectStoreUnavailableException && IsOutage(e))
        {
            throw new ObjectStoreUnavailableException($"The object store did not take {what} in {attempt} attempts.", e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Runs something that changes nothing and may be tried again.</summary>
    public async Task<T> ReadAsync<T>(string operation, object what, Func<CancellationToken, Task<T>> read, Func<T, string> outcomeOf, CancellationToken cancellationToken)
    {
        var attempt = 0;
        using var span = _place.Begin(operation, what);
        return await Reads.ExecuteAsync(async token => await AttemptAsync(span, operation, what, ++attempt, read, outcomeOf, token, cancellationToken), cancellationToken);
    }

    /// <summary>Runs something once, which is counted and timed.</summary>
    public async Task<T> OnceAsync<T>(string operation, object what, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var span = _place.Begin(operation, what);
        return await AttemptAsync(span, operation, what, 1, work, static _ => "done", cancellationToken, cancellationToken);
    }

    /// <summary>Asks the store whether it answers, once; what it says is the truth, and the breaker hears it.</summary>
    public async Task ProbeAsync(Func<CancellationToken, Task> probe, CancellationToken cancellationToken)
    {
        try
        {
            await OnceAsync("probe", "the store", async token =>
            {
                await probe(token);
                return true;
            }, cancellationToken);
        }
        catch (Exception e) when (IsOutage(e))
        {
            _probesFail = true;
            throw;
        }

        if (!_probesFail) return;
        _probesFail = false;
        if (_breaker.CircuitState == CircuitState.Open) await _control.CloseAsync(cancellationToken);
    }

    /// <summary>Whether another attempt can succeed where this failure came.</summary>
    internal static bool IsOutage(Exception failure) => failure switch
    {
        ObjectStoreUnavailableException or TimeoutRejectedException or TimeoutException => true,
        ObjectStoreException or RangeNotSatisfiableException or SpoolTooLargeException => false,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => false,
        IOException or System.Net.Sockets.SocketException => true,
        _ => false,
    };

    private async Task<T> AttemptAsync<T>(
        Activity? span, string operation, object what, int number, Func<CancellationToken, Task<T>> work, Func<T, string> outcomeOf, CancellationToken cancellationToken, CancellationToken caller)
    {
        var start = _clock.GetTimestamp();
        var outcome = "failed";
        Exception? failure = null;
        try
        {
            var result = await work(cancellationToken);
            outcome = outcomeOf(result);
            return result;
        }
        catch (Exception e)
        {
            failure = e;
            outcome = e switch
            {
                OperationCanceledException => caller.IsCancellationRequested ? "canceled" : "timeout",
                ObjectStoreUnavailableException => "unavailable",
                ObjectStoreException => "refused",
                // The caller's mistake, and a good answer of the store's.
                RangeNotSatisfiableException => "unsatisfiable",
                _ => IsOutage(e) ? "unavailable" : "failed",
            };
            throw;
        }
        finally
        {
            var duration = _clock.GetElapsedTime(start);
            _metrics.Record(operation, outcome, duration);
            Tell(span, number, outcome, failure);
            if (failure is null or RangeNotSatisfiableException) LogAttempt(operation, number, what, outcome, duration.TotalMilliseconds);
            else LogFailure(operation, number, what, outcome, duration.TotalMilliseconds, failure.Message);
        }
    }

    /// <summary>Puts an attempt into the operation's span, which ends as its last attempt did.</summary>
    private static void Tell(Activity? span, int number, string outcome, Exception? failure)
    {
        if (span is null) return;
        span.AddEvent(new ActivityEvent("attempt", tags: new ActivityTagsCollection { [Tracing.Attempt] = number, [Tracing.Outcome] = outcome }));
        span.SetTag(Tracing.Outcome, outcome);
        if (failure is null) span.SetStatus(ActivityStatusCode.Unset).SetTag("error.type", null);
        else if (outcome is not ("canceled" or "unsatisfiable")) span.Fail(failure);
    }

    private ResiliencePipeline BuildUploads(UploadOptions options)
    {
        var outage = new PredicateBuilder().Handle<Exception>(IsOutage);
        var builder = new ResiliencePipelineBuilder { TimeProvider = _clock };
        builder.AddTimeout(new TimeoutStrategyOptions
        {
            Name = "whole",
            TimeoutGenerator = arguments => new(options.TotalTimeout + (options.MaxAttempts * Allowance(options, arguments.Context))),
        });
        if (options.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = outage,
                MaxRetryAttempts = options.MaxAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.BaseDelay,
                MaxDelay = options.MaxDelay,

                // Null: the pause that the settings above make.
                DelayGenerator = arguments => new(AskedPause(arguments.Outcome.Exception) is { } asked ? TimeSpan.FromTicks(Math.Min(asked.Ticks, options.MaxDelay.Ticks)) : null),
            });
        }

        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = outage,
                FailureRatio = options.BreakerFailureRatio,
                MinimumThroughput = options.BreakerMinAttempts,
                SamplingDuration = options.BreakerSampling,
                BreakDuration = options.BreakerPause,
                StateProvider = _breaker,
                ManualControl = _control,
                OnOpened = arguments =>
                {
                    LogOpened(arguments.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    LogClosed();
                    return default;
                },
            })
            .AddTimeout(new TimeoutStrategyOptions { Name = "attempt", TimeoutGenerator = arguments => new(options.AttemptTimeout + Allowance(options, arguments.Context)) })
            .Build();
    }

    private ResiliencePipeline BuildReads() => new ResiliencePipelineBuilder { TimeProvider = _clock }
        .AddRetry(new RetryStrategyOptions
        {
            // A store that asks for more than a moment gets it: whoever waits for a read would rather know.
            ShouldHandle = arguments => new(arguments.Outcome.Exception is { } failure && IsOutage(failure) && AskedPause(failure) is null && _breaker.CircuitState == CircuitState.Closed),
            MaxRetryAttempts = 1,
            BackoffType = DelayBackoffType.Constant,
            UseJitter = true,
            Delay = QuickPause,
        })
        .Build();

    private static TimeSpan? AskedPause(Exception? failure) => (failure as ObjectStoreUnavailableException)?.RetryAfter;

    private static TimeSpan Allowance(UploadOptions options, ResilienceContext context) =>
        TimeSpan.FromSeconds((double)context.Properties.GetValue(LengthKey, 0) / options.MinBytesPerSecond);

    [LoggerMessage(1, LogLevel.Debug, "Attempt {Attempt} to {Operation} {Key}: {Outcome} in {Milliseconds:F0} ms")]
    private partial void LogAttempt(string operation, int attempt, object key, string outcome, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Attempt {Attempt} to {Operation} {Key}: {Outcome} after {Milliseconds:F0} ms. {Reason}")]
    private partial void LogFailure(string operation, int attempt, object key, string outcome, double milliseconds, string reason);

    [LoggerMessage(3, LogLevel.Warning, "No attempt to {Operation} {Key}: the breaker is open for another {RetryAfter}")]
    private partial void LogNotAsked(string operation, object key, TimeSpan? retryAfter);

    [LoggerMessage(4, LogLevel.Error, "The object store fails too often: uploads leave it alone for {Pause}")]
    private partial void LogOpened(TimeSpan pause);

    [LoggerMessage(5, LogLevel.Information, "The object store answers again")]
    private partial void LogClosed();
}
