using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FrameVideo.Telemetry;

/// <summary>The pair's one meter, and what its instruments have in common. README.md lists them all.</summary>
/// <remarks>Attributes are words of short lists: never an ID, a user, a key or an address.</remarks>
public static class Measuring
{
    private static readonly InstrumentAdvice<double> Moments = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };
    private static readonly InstrumentAdvice<double> Longer = new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600] };

    /// <summary>The meter.</summary>
    public static Meter Own(this IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        return meters.Create(Tracing.Name);
    }

    /// <summary>A histogram of seconds, of what takes up to a minute.</summary>
    public static Histogram<double> CreateMoments(this Meter meter, string name, string description)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.CreateHistogram(name, "s", description, tags: null, Moments);
    }

    /// <summary>A histogram of seconds, of what takes up to an hour.</summary>
    public static Histogram<double> CreateSeconds(this Meter meter, string name, string description)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.CreateHistogram(name, "s", description, tags: null, Longer);
    }

    /// <summary>One attribute.</summary>
    public static KeyValuePair<string, object?> With(string name, object? value) => new(name, value);

    /// <summary>Does some work, as a span, and records how long it took. Outcomes: done, failed, canceled.</summary>
    public static async Task<T> TimeAsync<T>(this Histogram<double> seconds, KeyValuePair<string, object?> what, Activity? span, TimeProvider clock, Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(seconds);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(work);
        var (began, outcome) = (clock.GetTimestamp(), "failed");
        try
        {
            var made = await span.RunAsync(work);
            outcome = "done";
            return made;
        }
        catch (OperationCanceledException)
        {
            outcome = "canceled";
            throw;
        }
        finally
        {
            seconds.Record(clock.GetElapsedTime(began).TotalSeconds, what, With("outcome", outcome));
        }
    }
}
