using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace FrameVideo.Hosting;

/// <summary>Reads the keys of identity providers at the start, and again from time to time. A provider that does not answer keeps nobody from starting.</summary>
internal sealed class JwtUpkeep(JwtIssuers issuers, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, clock);
        do await Task.WhenAll(issuers.All.Select(issuer => issuer.Keys.RefreshAsync()));
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Without the keys of a provider none of its users gets in; with those that were read before, all do who have such tokens.</summary>
    internal sealed class Health(JwtIssuers issuers) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var troubled = issuers.All.Where(issuer => issuer.Keys.Trouble is not null).ToList();
            if (troubled.Count == 0) return Task.FromResult(HealthCheckResult.Healthy());
            var sentence = string.Join(' ', troubled.Select(issuer => $"{issuer.Name} {issuer.Keys.Trouble}."));
            return Task.FromResult(troubled.All(issuer => issuer.Keys.Count > 0) ? HealthCheckResult.Degraded(sentence) : HealthCheckResult.Unhealthy(sentence));
        }
    }
}
