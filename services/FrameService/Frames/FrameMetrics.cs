using System.Diagnostics;
using System.Diagnostics.Metrics;
using FrameVideo.Jobs;
using FrameVideo.Telemetry;

namespace FrameService.Frames;

/// <summary>Counts pictures on their way to the store, and shows how many wait for it, which is the same on every instance.</summary>
internal sealed class FrameMetrics : IDatabaseGauges
{
    private readonly Counter<long> _stored;
    private readonly Counter<long> _parked;
    private readonly Histogram<double> _uploads;
    private readonly Histogram<double> _steps;
    private readonly Counter<long> _generations;
    private readonly Instrument _waiting;
    private readonly Instrument _waitingBytes;
    private readonly ParkedTable _table;
    private volatile ParkedSums? _seen;

    public FrameMetrics(IMeterFactory meters, ParkedTable table)
    {
        _table = table;
        var meter = meters.Own();
        _stored = meter.CreateCounter<long>("framevideo.frames.stored", "{frame}", "Pictures that the object store has taken, at once or after they were parked.");
        _parked = meter.CreateCounter<long>("framevideo.frames.parked", "{frame}", "Pictures that the object store has refused, and that the service keeps.");
        _uploads = meter.CreateMoments("framevideo.upload.duration", "How long it took until a picture was safe, all attempts together.");
        _steps = meter.CreateMoments("framevideo.generation.step.duration", "How long it took to write a story or to draw a frame.");
        _generations = meter.CreateCounter<long>("framevideo.generations", "{generation}", "Attempts at generating a session, by how they ended.");
        _waiting = meter.CreateObservableGauge("framevideo.parked.frames", () => Show(seen => seen.Frames), "{frame}", "Pictures that wait for the object store.");
        _waitingBytes = meter.CreateObservableGauge("framevideo.parked.size", () => Show(seen => seen.Bytes), "By", "Bytes in pictures that wait for the object store.");
    }

    public bool IsWatched => _waiting.Enabled || _waitingBytes.Enabled;

    /// <summary>A picture is safe, or is not. Outcomes: stored, same, parked, failed.</summary>
    public void Kept(string outcome, TimeSpan duration)
    {
        _uploads.Record(duration.TotalSeconds, Measuring.With("outcome", outcome));
        if (outcome is "stored" or "same") _stored.Add(1, Measuring.With("way", "at_once"));
        else if (outcome == "parked") _parked.Add(1);
    }

    /// <summary>A parked picture lies in the store now.</summary>
    public void Moved() => _stored.Add(1, Measuring.With("way", "moved"));

    /// <summary>Times a step of a generation, as a span. Steps: story, frame.</summary>
    public Task<T> TimeAsync<T>(string step, Activity? span, TimeProvider clock, Func<Task<T>> work) => _steps.TimeAsync(Measuring.With("step", step), span, clock, work);

    /// <summary>An attempt ended: the session's status then, or lost, stopped, waiting_for_store.</summary>
    public void Generated(string outcome) => _generations.Add(1, Measuring.With("outcome", outcome));

    public async Task LookAsync(CancellationToken cancellationToken) => _seen = await _table.SumAsync(cancellationToken);

    public void Forget() => _seen = null;

    private IEnumerable<Measurement<long>> Show(Func<ParkedSums, long> value) => _seen is { } seen ? [new Measurement<long>(value(seen))] : [];
}
