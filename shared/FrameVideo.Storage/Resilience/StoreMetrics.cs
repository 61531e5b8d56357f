using System.Diagnostics.Metrics;
using FrameVideo.Telemetry;

namespace FrameVideo.Storage;

/// <summary>Times each attempt at asking the object store for something, and tells whether uploads leave it alone.</summary>
public sealed class StoreMetrics
{
    private readonly Meter _meter;
    private readonly Histogram<double> _attempts;

    /// <summary>Makes the instruments.</summary>
    public StoreMetrics(IMeterFactory meters)
    {
        _meter = meters.Own();
        _attempts = _meter.CreateMoments("framevideo.store.attempt.duration", "How long attempts at operations of the object store took; for get, until the object was open.");
    }

    /// <summary>
    /// Records one attempt. Operations: put, replace, get, list, delete, probe. Outcomes: stored, same, conflict, replaced, found, missing, done; unavailable, timeout, refused, canceled,
    /// failed.
    /// </summary>
    internal void Record(string operation, string outcome, TimeSpan duration) =>
        _attempts.Record(duration.TotalSeconds, Measuring.With("operation", operation), Measuring.With("outcome", outcome));

    /// <summary>Shows the breaker.</summary>
    internal void Watch(Func<bool> isOpen) =>
        _meter.CreateObservableGauge("framevideo.store.breaker.open", () => isOpen() ? 1 : 0, "1", "1 while uploads leave a failing object store alone, else 0.");
}
