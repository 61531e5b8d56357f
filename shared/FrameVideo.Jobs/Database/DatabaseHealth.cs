using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FrameVideo.Jobs;

/// <summary>Asks the database; says in a sentence why it is not to be had.</summary>
internal sealed class DatabaseHealth(DbDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT 1", cancellationToken: cancellationToken)), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (DatabaseUnavailableException outage)
        {
            return HealthCheckResult.Unhealthy(outage.Message);
        }
    }
}
