using System.Diagnostics;
using System.Diagnostics.Metrics;
using FrameVideo.Telemetry;

namespace VideoService.Videos;

/// <summary>Times the stages of renders, each as a span, and counts pieces, films and failures.</summary>
internal sealed class RenderMetrics
{
    private readonly TimeProvider _clock;
    private readonly Histogram<double> _stages;
    private readonly Counter<long> _pieces;
    private readonly Counter<long> _films;
    private readonly Counter<long> _failures;

    public RenderMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Own();
        _stages = meter.CreateSeconds("framevideo.render.stage.duration", "How long stages of renders took: each picture's load, the sound, each clip and joint, merge, publish.");
        _pieces = meter.CreateCounter<long>("framevideo.render.pieces", "{piece}", "Clips and joints of films, encoded or found again.");
        _films = meter.CreateCounter<long>("framevideo.films", "{film}", "Attempts at films, by how they ended.");
        _failures = meter.CreateCounter<long>("framevideo.render.failures", "{failure}", "What made attempts at films fail, by its type.");
    }

    /// <summary>Does a stage. Stages: plan, load, sound, clip, joint, merge, publish.</summary>
    public Task<T> TimeAsync<T>(string stage, int? number, Func<Task<T>> work) =>
        _stages.TimeAsync(Measuring.With("stage", stage), Tracing.Begin($"render {stage}")?.SetTag(Tracing.Frame, number), _clock, work);

    /// <inheritdoc cref="TimeAsync{T}"/>
    public Task TimeAsync(string stage, int? number, Func<Task> work) => TimeAsync(stage, number, async () =>
    {
        await work();
        return true;
    });

    /// <summary>A piece is there. Ways: encoded, found.</summary>
    public void Piece(string kind, string way) => _pieces.Add(1, Measuring.With("kind", kind), Measuring.With("way", way));

    /// <summary>An attempt ended: completed, failed, again, lost, stopped, waiting_for_store.</summary>
    public void Ended(string outcome)
    {
        Activity.Current?.SetTag("framevideo.film", outcome);
        _films.Add(1, Measuring.With("outcome", outcome));
    }

    /// <summary>Why an attempt failed.</summary>
    public void Failed(Exception failure) => _failures.Add(1, Measuring.With("error.type", failure.GetType().Name));
}
