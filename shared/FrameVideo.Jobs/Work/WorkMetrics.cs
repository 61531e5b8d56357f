using System.Diagnostics.Metrics;
using FrameVideo.Telemetry;

namespace FrameVideo.Jobs;

/// <summary>Times each run of a piece of work, and shows what waits. What waits stands in the database, so every instance shows the same: take the largest, not the sum.</summary>
internal sealed class WorkMetrics : IDatabaseGauges
{
    private readonly Histogram<double> _runs;
    private readonly Instrument _length;
    private readonly Instrument _age;
    private readonly IEnumerable<IWork> _works;
    private readonly TimeProvider _clock;
    private volatile IReadOnlyList<(string Work, WorkBacklog Backlog)> _seen = [];

    public WorkMetrics(IMeterFactory meters, IEnumerable<IWork> works, TimeProvider clock)
    {
        (_works, _clock) = (works, clock);
        var meter = meters.Own();
        _runs = meter.CreateSeconds("framevideo.work.duration", "How long runs of long work took.");
        _length = meter.CreateObservableGauge("framevideo.queue.length", Lengths, "{job}", "Sessions or films that wait for a worker, or that one works on.");
        _age = meter.CreateObservableGauge("framevideo.queue.age", Ages, "s", "For how long the one has waited that waits the longest for its first worker.");
    }

    public bool IsWatched => _length.Enabled || _age.Enabled;

    /// <summary>Records a run. Outcomes: done, failed, stopped.</summary>
    public void Record(string work, string outcome, TimeSpan duration) => _runs.Record(duration.TotalSeconds, Measuring.With("work", work), Measuring.With("outcome", outcome));

    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var seen = new List<(string, WorkBacklog)>();
        foreach (var work in _works)
        {
            if (await work.BacklogAsync(cancellationToken) is { } backlog) seen.Add((work.Name, backlog));
        }

        _seen = seen;
    }

    public void Forget() => _seen = [];

    private IEnumerable<Measurement<long>> Lengths() => _seen.SelectMany(one => new[]
    {
        new Measurement<long>(one.Backlog.Waiting, Measuring.With("work", one.Work), Measuring.With("state", "waiting")),
        new Measurement<long>(one.Backlog.Running, Measuring.With("work", one.Work), Measuring.With("state", "running")),
    });

    private IEnumerable<Measurement<double>> Ages() => _seen.Select(one =>
        new Measurement<double>(one.Backlog.Since is { } since ? Math.Max(0, (_clock.GetUtcNow() - since).TotalSeconds) : 0, Measuring.With("work", one.Work)));
}

/// <summary>What there is of one kind of work, in the rows.</summary>
public sealed class WorkBacklog
{
    /// <summary>How many wait for a worker.</summary>
    public long Waiting { get; set; }

    /// <summary>How many a worker has begun and not ended.</summary>
    public long Running { get; set; }

    /// <summary>Since when the one has waited that waits the longest and was never begun.</summary>
    public DateTimeOffset? Since { get; set; }
}
