using Microsoft.Extensions.Logging;
using Quartz;

namespace FrameVideo.Jobs;

/// <summary>Hands work to the scheduler, which keeps it in a store of its own and runs it as soon as a worker is free, on this instance or another.</summary>
public sealed partial class WorkQueue(ISchedulerFactory schedulers, TimeProvider clock, ILogger<WorkQueue> logger)
{
    /// <summary>How far ahead of a user's last jobs the first one of another user is taken, at most.</summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromMinutes(5);

    /// <summary>How much later each further job of the same user counts as asked for.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Asks for work to be run, at once or after a while. Asking twice runs it twice, one after the other, which costs one look at its rows. The rows are committed by
    /// then: where the scheduler's store does not answer, the sweep finds the work later, and the caller need not know.
    /// </summary>
    public Task EnqueueAsync(string work, string id, TimeSpan delay, CancellationToken cancellationToken) =>
        EnqueueAsync(work, id, delay > TimeSpan.Zero ? clock.GetUtcNow() + delay : clock.GetUtcNow() - HeadStart, cancellationToken);

    /// <summary>Asks for work to be run at once, before what waits of users who have asked for it later; such as work that was begun already.</summary>
    /// <inheritdoc cref="EnqueueAsync(string, string, TimeSpan, CancellationToken)"/>
    public Task EnqueueAsync(string work, string id, CancellationToken cancellationToken) => EnqueueAsync(work, id, TimeSpan.Zero, cancellationToken);

    /// <summary>
    /// Asks for work to be run as soon as it is its turn, where one user's many jobs do not keep another's first one waiting. The scheduler takes what is due the longest, so the
    /// first job of a user is due five minutes ago, and each further one five seconds after the one before: it competes with what others ask for so much later. Nothing waits on that
    /// account while a worker is free, and nothing waits for ever.
    /// </summary>
    /// <param name="work">The kind of work.</param>
    /// <param name="id">What to work on.</param>
    /// <param name="place">How many jobs of the same user are waiting or running.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public Task EnqueueAsync(string work, string id, int place, CancellationToken cancellationToken)
    {
        var later = TimeSpan.FromTicks(Math.Min(Math.Max(place, 0) * Turn.Ticks, HeadStart.Ticks));
        return EnqueueAsync(work, id, clock.GetUtcNow() - HeadStart + later, cancellationToken);
    }

    private async Task EnqueueAsync(string work, string id, DateTimeOffset due, CancellationToken cancellationToken)
    {
        try
        {
            var scheduler = await schedulers.GetScheduler(cancellationToken);
            var key = new JobKey(id, work);
            var job = JobBuilder.Create<WorkJob>().WithIdentity(key).RequestRecovery().Build();
            var trigger = TriggerBuilder.Create().ForJob(key).StartAt(due);
            if (WorkOrigin.Current is { } origin) trigger = trigger.UsingJobData(WorkOrigin.Key, origin);
            await scheduler.ScheduleJob(job, [trigger.Build()], ScheduleJobOptions.Replacing, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LeftToTheSweep(failure, work, id);
        }
    }

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
