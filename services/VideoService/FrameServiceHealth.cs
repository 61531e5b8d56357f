using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VideoService;

/// <summary>Asks the peer.</summary>
internal sealed class FrameServiceHealth(FrameClient frames) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await frames.ProbeAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}
