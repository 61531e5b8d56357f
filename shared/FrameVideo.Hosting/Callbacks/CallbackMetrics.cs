using System.Diagnostics.Metrics;
using FrameVideo.Jobs;
using FrameVideo.Telemetry;

namespace FrameVideo.Hosting;

/// <summary>Times attempts at callbacks, and shows what is still to be delivered, which is the same on every instance.</summary>
internal sealed class CallbackMetrics : IDatabaseGauges
{
    private readonly Histogram<double> _attempts;
    private readonly Instrument _pending;
    private readonly Instrument _overdue;
    private readonly DeliveryTable _deliveries;
    private readonly TimeProvider _clock;
    private volatile DeliveryBacklog? _seen;

    public CallbackMetrics(IMeterFactory meters, DeliveryTable deliveries, TimeProvider clock)
    {
        (_deliveries, _clock) = (deliveries, clock);
        var meter = meters.Own();
        _attempts = meter.CreateMoments("framevideo.callback.attempt.duration", "How long attempts at callbacks took.");
        _pending = meter.CreateObservableGauge("framevideo.callbacks.pending", Pending, "{delivery}", "Callbacks that are still to be delivered.");
        _overdue = meter.CreateObservableGauge("framevideo.callbacks.overdue", Overdue, "s", "For how long the one has been due that is due the longest.");
    }

    public bool IsWatched => _pending.Enabled || _overdue.Enabled;

    /// <summary>Records an attempt. Outcomes: delivered, again, given_up, stopped.</summary>
    public void Record(string outcome, TimeSpan duration) => _attempts.Record(duration.TotalSeconds, Measuring.With("outcome", outcome));

    public async Task LookAsync(CancellationToken cancellationToken) => _seen = await _deliveries.BacklogAsync(cancellationToken);

    public void Forget() => _seen = null;

    private IEnumerable<Measurement<long>> Pending() => _seen is { } seen ? [new Measurement<long>(seen.Pending)] : [];

    private IEnumerable<Measurement<double>> Overdue() =>
        _seen is { } seen ? [new Measurement<double>(seen.Due is { } due ? Math.Max(0, (_clock.GetUtcNow() - due).TotalSeconds) : 0)] : [];
}
