using System.Diagnostics.Metrics;
using FrameVideo.Contracts;
using FrameVideo.Telemetry;

namespace FrameVideo.Hosting;

/// <summary>Counts answers that are problems by their code: refusals by a limit, outages of the store, the database and the peer, faults of ours.</summary>
internal sealed class ProblemMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _problems = meters.Own().CreateCounter<long>("framevideo.problems", "{response}", "Answers that were problems, by code.");

    public void Record(ErrorCode code) => _problems.Add(1, Measuring.With("code", code.Code));
}
