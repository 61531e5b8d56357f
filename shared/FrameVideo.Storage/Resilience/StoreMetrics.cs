using System.Diagnostics.Metrics;

namespace FrameVideo.Storage;

/// <summary>Counts and times each attempt at asking the object store for something. Meter <c>FrameVideo.Storage</c>.</summary>
public sealed class StoreMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "FrameVideo.Storage";

    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _duration;

    /// <summary>Makes the instruments.</summary>
    public StoreMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _attempts = meter.CreateCounter<long>("framevideo.storage.attempts", "{attempt}", "Attempts at operations of the object store.");
        _duration = meter.CreateHistogram<double>("framevideo.storage.attempt.duration", "s", "How long attempts at operations of the object store took; for get, until the object was open.");
    }

    /// <summary>
    /// Records one attempt. Operations: put, replace, get, list, delete, probe. Outcomes: stored, same, conflict, replaced, found, missing, done; unavailable, timeout, refused, canceled,
    /// failed.
    /// </summary>
    internal void Record(string operation, string outcome, TimeSpan duration)
    {
        var (first, second) = (new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("outcome", outcome));
        _attempts.Add(1, first, second);
        _duration.Record(duration.TotalSeconds, first, second);
    }
}
