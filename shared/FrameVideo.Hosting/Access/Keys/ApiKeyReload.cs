using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting;

/// <summary>
/// Looks every few seconds whether the keys have changed. A look at the content finds what notices of the file system miss: mounted secrets that are replaced by a link, network
/// disks, files that another container has renamed.
/// </summary>
internal sealed partial class ApiKeyReload(ApiKeyRing keys, TimeProvider clock, ILogger<ApiKeyReload> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Read(logger, keys.Count);
        using var timer = new PeriodicTimer(keys.ReloadPeriod, clock);
        var told = default(string);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (keys.Reload()) Read(logger, keys.Count);
            if (keys.Trouble is { } trouble && trouble != told) Broken(logger, keys.Count, trouble);
            if (keys.Trouble is null && told is not null) Mended(logger);
            told = keys.Trouble;
        }
    }

    [LoggerMessage(LogLevel.Information, "API keys in force: {Count}")]
    private static partial void Read(ILogger logger, int count);

    [LoggerMessage(LogLevel.Error, "The list of API keys is broken, so changes to it do not count; the {Count} keys that were read before stay in force. {Trouble}")]
    private static partial void Broken(ILogger logger, int count, string trouble);

    [LoggerMessage(LogLevel.Information, "The list of API keys can be read again")]
    private static partial void Mended(ILogger logger);

    /// <summary>A broken list does not end the service, but whoever looks at its health sees it.</summary>
    internal sealed class Health(ApiKeyRing keys) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(keys.Trouble is null ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded());
    }
}
