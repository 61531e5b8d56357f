using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>
/// Sends what is due, from the start of the service to its end:
/// <code>
/// 1. wake, when this process has committed an event, when a place became free, and each second for what others have written or what is due again
/// 2. for each host with something due: take places, claim as many deliveries
/// 3. send them side by side; each ends its claim with what came of it
/// </code>
/// A process that dies between sending and writing leaves a claim that ends by itself: the delivery is sent again, under the same ID.
/// </summary>
internal sealed partial class DeliverCallbacks(
    DeliveryTable deliveries, DeliverySignal signal, SendCallback send, CallbackMetrics metrics, DatabaseSchema schema, IOptions<CallbackOptions> options, TimeProvider clock, ILogger<DeliverCallbacks> logger) : BackgroundService
{
    private const int HostsAtATime = 1000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Brisk = TimeSpan.FromSeconds(2);

    /// <summary>How long sending may go on once the service ends.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly HostSlots _slots = new(options.Value.MaxConcurrency, options.Value.MaxConcurrencyPerHost);
    private readonly ConcurrentDictionary<Task, bool> _sending = [];
    private readonly CancellationTokenSource _end = new();
    private volatile bool _isBehind;

    /// <summary>Longer than an attempt takes by the time that writing takes, and that clocks of two machines may differ.</summary>
    private TimeSpan Lease => options.Value.Timeout + TimeSpan.FromSeconds(45);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAny(Task.WhenAll(_sending.Keys), Task.Delay(Grace, CancellationToken.None));
        await _end.CancelAsync();
        await Task.WhenAll(_sending.Keys).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _end.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.Ready.WaitAsync(stoppingToken);
        var isWaiting = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next;
            try
            {
                await LookAsync(stoppingToken);
                isWaiting = false;
            }
            catch (DatabaseUnavailableException outage)
            {
                if (!isWaiting) Waits(outage.Message);
                isWaiting = true;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(exception);
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(next, Task.Delay(Period, clock, pause.Token));
            await pause.CancelAsync();
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        _isBehind = false;
        foreach (var host in await deliveries.HostsAsync(HostsAtATime, cancellationToken))
        {
            var places = _slots.Take(host);
            IReadOnlyList<DeliveryRow> claimed = [];
            try
            {
                if (places > 0) claimed = await deliveries.ClaimAsync(host, places, Lease, cancellationToken);
            }
            finally
            {
                _slots.Return(host, places - claimed.Count);
            }

            // Perhaps there is more than there were places.
            if (claimed.Count == places) _isBehind = true;
            foreach (var row in claimed)
            {
                var sending = SendAsync(row);
                _sending[sending] = true;
                _ = sending.ContinueWith(ended => _sending.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private async Task SendAsync(DeliveryRow row)
    {
        await Task.Yield();
        var answered = false;
        try
        {
            var began = clock.GetTimestamp();
            var time = clock.GetRowTime();
            // A trace of its own: what asked for it ended long ago, and the receiver learns nothing of it.
            using var span = Tracing.Begin("callback", ActivityKind.Producer)
                ?.SetTag(row.ResourceId.StartsWith("vid_", StringComparison.Ordinal) ? Tracing.VideoId : Tracing.RequestId, row.ResourceId).SetTag("server.address", row.Host).SetTag(Tracing.Attempt, row.Attempts);
            if (await send.RunAsync(row, _end.Token) is not { } outcome) return;
            // A slow answer takes a place as long as silence does.
            answered = outcome.Answered && clock.GetElapsedTime(began) < Brisk;
            var attempt = new DeliveryAttempt(time, outcome.Status, outcome.Error, (int)clock.GetElapsedTime(began).TotalMilliseconds);
            var next = Next(row.With(attempt), outcome);
            Tell(span, next, outcome, clock.GetElapsedTime(began));
            await SettleAsync(next, outcome);
        }
        catch (OperationCanceledException)
        {
            // The service ends, which says nothing about the receiver.
            await ReleaseAsync(row);
        }
        catch (Exception exception)
        {
            // Its claim ends by itself, and it is sent again.
            NotSettled(exception, row.EventId);
        }
        finally
        {
            _slots.Return(row.Host, answered);
            if (_isBehind) signal.Set();
        }
    }

    private void Tell(Activity? span, DeliveryRow next, CallbackOutcome outcome, TimeSpan duration)
    {
        var word = outcome.Error is null ? "delivered" : outcome.Status == 410 ? "stopped" : next.NextAt is null ? "given_up" : "again";
        metrics.Record(word, duration);
        span?.SetTag(Tracing.Outcome, word).SetTag("http.response.status_code", outcome.Status);
        if (outcome.Error is not null) span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", outcome.Status?.ToString(CultureInfo.InvariantCulture) ?? "no-answer");
    }

    private DeliveryRow Next(DeliveryRow row, CallbackOutcome outcome)
    {
        if (outcome.Error is null) return row with { Status = WireText.Of(DeliveryStatus.Delivered), NextAt = null };
        if (outcome.Status == 410) return row with { Status = WireText.Of(DeliveryStatus.Stopped), NextAt = null };
        return RetrySchedule.After(row.Step, outcome.RetryAfter) is { } pause
            ? row with { Step = row.Step + 1, NextAt = clock.GetRowTime() + pause }
            : row with { Status = WireText.Of(DeliveryStatus.Failed), NextAt = null };
    }

    private async Task SettleAsync(DeliveryRow row, CallbackOutcome outcome)
    {
        if (!await deliveries.SettleAsync(row, CancellationToken.None)) return;
        if (outcome.Error is null) Delivered(row.EventId, row.Host);
        else if (row.NextAt is { } next) Again(row.EventId, row.Host, next, outcome.Error);
        else GivenUp(row.EventId, row.Host, outcome.Error);
    }

    private async Task ReleaseAsync(DeliveryRow row)
    {
        try
        {
            await deliveries.ReleaseAsync(row, CancellationToken.None);
        }
        catch (DatabaseUnavailableException)
        {
            // The claim ends by itself.
        }
    }

    [LoggerMessage(LogLevel.Debug, "Delivered {EventId} to {Host}")]
    private partial void Delivered(string eventId, string host);

    [LoggerMessage(LogLevel.Information, "Delivery of {EventId} to {Host} failed; it comes again at {Next:O}. {Reason}")]
    private partial void Again(string eventId, string host, DateTimeOffset next, string reason);

    [LoggerMessage(LogLevel.Warning, "Delivery of {EventId} to {Host} is given up. {Reason}")]
    private partial void GivenUp(string eventId, string host, string reason);

    [LoggerMessage(LogLevel.Warning, "What came of the delivery of {EventId} could not be written; it is sent again")]
    private partial void NotSettled(Exception exception, string eventId);

    [LoggerMessage(LogLevel.Warning, "Callbacks wait for the database. {Reason}")]
    private partial void Waits(string reason);

    [LoggerMessage(LogLevel.Error, "The look for callbacks that are due failed; it comes again")]
    private partial void Failed(Exception exception);
}
