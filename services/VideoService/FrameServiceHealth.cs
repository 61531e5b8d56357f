using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VideoService;

/// <summary>Asks the peer.</summary>
internal sealed class FrameServiceHealth(FrameClient frames) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await frames.ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception silence) when (silence is HttpRequestException || (silence is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Said here, since the health checks would log a fault of ours, with a stack trace.
            return new HealthCheckResult(context.Registration.FailureStatus, "FrameService does not answer.");
        }
    }
}
