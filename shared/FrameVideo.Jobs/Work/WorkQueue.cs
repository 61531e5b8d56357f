using Microsoft.Extensions.Logging;
using Quartz;

namespace FrameVideo.Jobs;

/// <summary>Hands work to the scheduler, which keeps it in a store of its own and runs it as soon as a worker is free, on this instance or another.</summary>
public sealed partial class WorkQueue(ISchedulerFactory schedulers, TimeProvider clock, ILogger<WorkQueue> logger)
{
    /// <summary>
    /// Asks for work to be run, at once or after a while. Asking twice runs it twice, one after the other, which costs one look at its rows. The rows are committed by
    /// then: where the scheduler's store does not answer, the sweep finds the work later, and the caller need not know.
    /// </summary>
    public async Task EnqueueAsync(string work, string id, TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(cancellationToken);
            var key = new JobKey(id, work);
            var job = JobBuilder.Create<WorkJob>().WithIdentity(key).RequestRecovery().Build();
            var trigger = TriggerBuilder.Create().ForJob(key).StartAt(clock.GetUtcNow() + delay).Build();
            await scheduler.ScheduleJob(job, [trigger], ScheduleJobOptions.Replacing, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LeftToTheSweep(failure, work, id);
        }
    }

    /// <inheritdoc cref="EnqueueAsync(string, string, TimeSpan, CancellationToken)"/>
    public Task EnqueueAsync(string work, string id, CancellationToken cancellationToken) => EnqueueAsync(work, id, TimeSpan.Zero, cancellationToken);

    /// <summary>Whether the work is waiting or running, on any instance.</summary>
    public async Task<bool> HasAsync(string work, string id, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        return await scheduler.Exists(new JobKey(id, work), cancellationToken);
    }

    /// <summary>Cancels the token of this work where it runs. On another instance it may take some seconds, so work looks at its own row, too.</summary>
    public async Task InterruptAsync(string work, string id, CancellationToken cancellationToken)
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(cancellationToken);
            await scheduler.Interrupt(new JobKey(id, work), cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            NotInterrupted(failure, work, id);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Work {Work} {Id} could not be scheduled; the sweep will do it")]
    private partial void LeftToTheSweep(Exception failure, string work, string id);

    [LoggerMessage(LogLevel.Warning, "Work {Work} {Id} could not be told to stop; it finds out by its row")]
    private partial void NotInterrupted(Exception failure, string work, string id);
}
