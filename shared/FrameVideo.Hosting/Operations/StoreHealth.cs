using FrameVideo.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting;

/// <summary>Asks the object store; what an operator has to see to is said in words.</summary>
internal sealed class StoreHealth(IObjectStore store) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (ObjectStoreException failure)
        {
            return HealthCheckResult.Unhealthy(failure.Message);
        }
    }
}

/// <summary>Asks the object store once at start, so that a wrong bucket or a missing right stands in the log before the first picture comes. The service starts all the same: nothing is lost meanwhile.</summary>
internal sealed partial class StoreAtStart(IObjectStore store, ILogger<StoreAtStart> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await store.ProbeAsync(stoppingToken);
        }
        catch (ObjectStoreUnavailableException failure)
        {
            NoAnswer(failure.Message);
        }
        catch (ObjectStoreException failure)
        {
            Misconfigured(failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The object store does not answer at start; pictures are kept by the service until it does. {Reason}")]
    private partial void NoAnswer(string reason);

    [LoggerMessage(LogLevel.Error, "The object store has to be seen to by an operator: {Reason}")]
    private partial void Misconfigured(string reason);
}
