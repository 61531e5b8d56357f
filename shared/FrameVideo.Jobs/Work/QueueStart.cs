using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace FrameVideo.Jobs;

/// <summary>Starts the queue's scheduler as soon as the database is there, and ends it with the service: running work is told, and waited for.</summary>
internal sealed partial class QueueStart(ISchedulerFactory schedulers, DatabaseSchema schema, TimeProvider clock, ILogger<QueueStart> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private IScheduler? _scheduler;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_scheduler is { } scheduler) await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.Ready.WaitAsync(stoppingToken);
        while (_scheduler is null)
        {
            try
            {
                var scheduler = await schedulers.GetScheduler(stoppingToken);
                await scheduler.Start(stoppingToken);
                _scheduler = scheduler;
            }
            catch (SchedulerException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (SchedulerException failure)
            {
                // The database went away between the schema and here.
                NotStarted(failure);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The queue could not be started; it is tried again")]
    private partial void NotStarted(Exception failure);
}
