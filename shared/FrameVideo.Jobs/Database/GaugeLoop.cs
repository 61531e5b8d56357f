using FrameVideo.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Jobs;

/// <summary>Gauges whose values stand in the database: they are looked at now and then, whoever asks how often.</summary>
public interface IDatabaseGauges
{
    /// <summary>Whether anybody listens.</summary>
    bool IsWatched { get; }

    /// <summary>Looks, by statements that an index answers.</summary>
    Task LookAsync(CancellationToken cancellationToken);

    /// <summary>The database does not answer: a gauge that shows nothing says so better than one that shows what was.</summary>
    void Forget();
}

/// <summary>Looks at the gauges that somebody watches, each <see cref="TelemetryOptions.GaugePeriod"/>.</summary>
internal sealed class GaugeLoop(IEnumerable<IDatabaseGauges> gauges, DatabaseSchema schema, IOptions<TelemetryOptions> options, TimeProvider clock, ILogger<GaugeLoop> logger)
    : Poller(options.Value.GaugePeriod, clock, logger)
{
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        if (!schema.Ready.IsCompleted) return false;
        foreach (var gauge in gauges.Where(gauge => gauge.IsWatched))
        {
            try
            {
                await gauge.LookAsync(cancellationToken);
            }
            catch
            {
                gauge.Forget();
                throw;
            }
        }

        return false;
    }
}
