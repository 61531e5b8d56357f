using FrameVideo.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace FrameVideo.Storage;

/// <summary>
/// The Polly pipeline around uploads, from the outside in: a time-out for the whole, attempts with jittered exponential pauses, a breaker, a time-out for each attempt.
/// </summary>
/// <remarks>
/// Only an outage is tried again: <see cref="ObjectStoreUnavailableException"/>, an attempt's time-out, a broken connection. A refusal is an answer. After the last attempt, past
/// the whole time, and at once while the breaker is open the caller gets <see cref="ObjectStoreUnavailableException"/>, whatever the cause was.
/// </remarks>
public sealed partial class UploadPipeline
{
    private static readonly ResiliencePropertyKey<long> LengthKey = new("framevideo.length");
    private readonly TimeProvider _clock;
    private readonly UploadMetrics _metrics;
    private readonly ILogger<UploadPipeline> _log;

    /// <summary>Builds the pipeline. Pauses, time-outs and durations are the clock's.</summary>
    public UploadPipeline(IOptions<UploadOptions> options, TimeProvider clock, UploadMetrics metrics, ILogger<UploadPipeline> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_clock, _metrics, _log) = (clock, metrics, log);
        Pipeline = Build(options.Value);
    }

    internal ResiliencePipeline Pipeline { get; }

    /// <summary>Runs one upload.</summary>
    /// <param name="key">Where it goes, for the log.</param>
    /// <param name="length">Bytes, for the time that it is allowed.</param>
    /// <param name="upload">One attempt; it has to end when its token does.</param>
    /// <param name="outcomeOf">What to call a result in log and metrics.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<T> RunAsync<T>(ObjectKey key, long length, Func<CancellationToken, Task<T>> upload, Func<T, string> outcomeOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(upload);
        ArgumentNullException.ThrowIfNull(outcomeOf);
        var attempt = 0;
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(LengthKey, length);
        try
        {
            return await Pipeline.ExecuteAsync(async inner => await Attempt(key, ++attempt, upload, outcomeOf, inner.CancellationToken, cancellationToken), context);
        }
        catch (BrokenCircuitException e)
        {
            LogNotAsked(key, e.RetryAfter);
            throw new ObjectStoreUnavailableException("The object store has failed too often and is left alone for a while.", e);
        }
        catch (Exception e) when (e is not ObjectStoreUnavailableException && IsOutage(e))
        {
            throw new ObjectStoreUnavailableException($"The object store did not take {key} in {attempt} attempts.", e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
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

    private async Task<T> Attempt<T>(
        ObjectKey key, int number, Func<CancellationToken, Task<T>> upload, Func<T, string> outcomeOf, CancellationToken cancellationToken, CancellationToken caller)
    {
        var start = _clock.GetTimestamp();
        var outcome = "failed";
        Exception? failure = null;
        try
        {
            var result = await upload(cancellationToken);
            outcome = outcomeOf(result);
            return result;
        }
        catch (Exception e)
        {
            failure = e;
            outcome = e switch
            {
                OperationCanceledException => caller.IsCancellationRequested ? "canceled" : "timeout",
                ObjectStoreForbiddenException => "forbidden",
                _ => IsOutage(e) ? "unavailable" : "failed",
            };
            throw;
        }
        finally
        {
            var duration = _clock.GetElapsedTime(start);
            _metrics.Record(outcome, duration);
            if (failure is null) LogAttempt(number, key, outcome, duration.TotalMilliseconds);
            else LogFailure(number, key, outcome, duration.TotalMilliseconds, failure.Message);
        }
    }

    private ResiliencePipeline Build(UploadOptions options)
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

    private static TimeSpan Allowance(UploadOptions options, ResilienceContext context) =>
        TimeSpan.FromSeconds((double)context.Properties.GetValue(LengthKey, 0) / options.MinBytesPerSecond);

    [LoggerMessage(1, LogLevel.Debug, "Upload attempt {Attempt} of {Key}: {Outcome} in {Milliseconds:F0} ms")]
    private partial void LogAttempt(int attempt, ObjectKey key, string outcome, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Upload attempt {Attempt} of {Key}: {Outcome} after {Milliseconds:F0} ms. {Reason}")]
    private partial void LogFailure(int attempt, ObjectKey key, string outcome, double milliseconds, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Upload of {Key}: the store was not asked, the breaker is open for another {RetryAfter}")]
    private partial void LogNotAsked(ObjectKey key, TimeSpan? retryAfter);

    [LoggerMessage(4, LogLevel.Error, "The object store fails too often: uploads leave it alone for {Pause}")]
    private partial void LogOpened(TimeSpan pause);

    [LoggerMessage(5, LogLevel.Information, "The object store answers again")]
    private partial void LogClosed();
}
