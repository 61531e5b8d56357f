using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace FrameVideo.Jobs;

/// <summary>
/// Starts the queue's scheduler as soon as the database is there, and ends it with the service, in two steps. As the first thing of all no more work is begun here, and what runs is told
/// to stop: it gives itself back to the queue, and another instance goes on. What requests that are still running ask for is taken into the queue meanwhile. After the last one the scheduler
/// ends, as soon as its work has.
/// </summary>
internal sealed partial class QueueStart(ISchedulerFactory schedulers, WorkStop stop, DatabaseSchema schema, TimeProvider clock, ILogger<QueueStart> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OneMore = TimeSpan.FromMilliseconds(50);
    private volatile IScheduler? _scheduler;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_scheduler is { } scheduler) await scheduler.Standby(cancellationToken);
        }
        catch (SchedulerException failure)
        {
            NotPaused(failure);
        }

        await stop.TellAsync();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            // A scheduler that is being shut down takes nothing back. One that waited for a free worker when it was told to pause begins one piece more, which gives itself back, too.
            await stop.Ended.WaitAsync(cancellationToken);
            do await Task.Delay(OneMore, clock, cancellationToken);
            while (stop.IsAnyRunning);
            if (_scheduler is { } scheduler) await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            NotEnded();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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

    [LoggerMessage(LogLevel.Warning, "The queue could not be told to begin no more work")]
    private partial void NotPaused(Exception failure);

    [LoggerMessage(LogLevel.Warning, "Work did not end in time; it is taken up again as after a crash")]
    private partial void NotEnded();
}
