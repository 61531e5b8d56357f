using System.Diagnostics.Metrics;

namespace FrameVideo.Storage;

/// <summary>Counts and times each attempt at an upload. Meter <c>FrameVideo.Storage</c>.</summary>
public sealed class UploadMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "FrameVideo.Storage";

    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _duration;

    /// <summary>Makes the instruments.</summary>
    public UploadMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _attempts = meter.CreateCounter<long>("framevideo.storage.upload.attempts", "{attempt}", "Attempts at uploads to the object store.");
        _duration = meter.CreateHistogram<double>("framevideo.storage.upload.duration", "s", "How long attempts at uploads took.");
    }

    /// <summary>Records one attempt. Outcomes: stored, same, conflict, replaced, unavailable, timeout, forbidden, canceled, failed.</summary>
    internal void Record(string outcome, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("outcome", outcome);
        _attempts.Add(1, tag);
        _duration.Record(duration.TotalSeconds, tag);
    }
}
