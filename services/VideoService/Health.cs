using System.Data.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VideoService;

/// <summary>Asks the database.</summary>
internal sealed class DatabaseHealth(DbDataSource database) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM videos WHERE status = 'queued'");
        await command.ExecuteScalarAsync(cancellationToken);
        return HealthCheckResult.Healthy();
    }
}

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
