using Quartz;

namespace FrameVideo.Jobs;

/// <summary>Hands work to the scheduler, which keeps it in a store of its own and runs it here as soon as a worker is free.</summary>
public sealed class WorkQueue(ISchedulerFactory schedulers, TimeProvider clock)
{
    /// <summary>Asks for work to be run, at once or after a while. Asking twice runs it twice, one after the other, which costs one look at its rows.</summary>
    public async Task EnqueueAsync(string work, string id, TimeSpan delay, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var key = new JobKey(id, work);
        var job = JobBuilder.Create<WorkJob>().WithIdentity(key).RequestRecovery().Build();
        var trigger = TriggerBuilder.Create().ForJob(key).StartAt(clock.GetUtcNow() + delay).Build();
        await scheduler.ScheduleJob(job, [trigger], ScheduleJobOptions.Replacing, cancellationToken);
    }

    /// <inheritdoc cref="EnqueueAsync(string, string, TimeSpan, CancellationToken)"/>
    public Task EnqueueAsync(string work, string id, CancellationToken cancellationToken) => EnqueueAsync(work, id, TimeSpan.Zero, cancellationToken);

    /// <summary>Whether the work is waiting or running.</summary>
    public async Task<bool> HasAsync(string work, string id, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        return await scheduler.Exists(new JobKey(id, work), cancellationToken);
    }

    /// <summary>Cancels the token of this work where it runs in this process.</summary>
    public async Task InterruptAsync(string work, string id, CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.Interrupt(new JobKey(id, work), cancellationToken);
    }
}
