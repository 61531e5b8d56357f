using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>
/// The first part of a service's end: from the signal on it is not ready, so that load balancers take it out, and it listens on until they have. After that come, in this order,
/// the listeners (requests that run are finished), the queue (work that runs has been given back by then), and the rest.
/// </summary>
/// <remarks>Registered before the queue, since the end runs from the last registered to the first: work is told to stop before this waits.</remarks>
internal sealed partial class Drain(IHostApplicationLifetime lifetime, IOptions<ShutdownOptions> options, TimeProvider clock, ILogger<Drain> logger) : IHostedLifecycleService, IHealthCheck
{
    private volatile bool _isDraining;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        var delay = options.Value.DrainDelay;
        Ends(delay.TotalSeconds);
        if (delay > TimeSpan.Zero) await Task.Delay(delay, clock, cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isDraining || lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The service is ending.") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, "The service ends: it is not ready any more, and listens for {Seconds} s yet")]
    private partial void Ends(double seconds);
}
