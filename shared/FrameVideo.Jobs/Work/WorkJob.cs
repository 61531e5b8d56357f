using System.Diagnostics;
using FrameVideo.Telemetry;
using Microsoft.Extensions.Logging;
using Quartz;

namespace FrameVideo.Jobs;

/// <summary>What the scheduler runs: finds the work by the job's group and hands it the ID that the job is named by.</summary>
[DisallowConcurrentExecution]
internal sealed partial class WorkJob(IEnumerable<IWork> works, WorkQueue queue, WorkStop stop, WorkMetrics metrics, WorkOptions options, TimeProvider clock, ILogger<WorkJob> logger) : IJob
{
    private static readonly TimeSpan OutageDelay = TimeSpan.FromSeconds(1);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var (id, name) = (context.JobDetail.Key.Name, context.JobDetail.Key.Group);
        var work = works.Single(work => work.Name == name);
        var origin = context.MergedJobDataMap.TryGetValue(WorkOrigin.Key, out var asked) ? asked as string : null;
        WorkOrigin.Enter(origin);
        // A trace of its own, which may begin hours after the request's has ended.
        Activity.Current = null;
        using var span = Tracing.Source.StartActivity($"work {name}", ActivityKind.Consumer, default(ActivityContext), links: WorkOrigin.Links(origin));
        var (began, outcome) = (clock.GetTimestamp(), "done");
        stop.Begin();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token);
        try
        {
            while (!await RunAsync(work, id, ending.Token)) await Task.Delay(OutageDelay, clock, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            outcome = "stopped";
            Stopped(name, id);
            // Its trigger ends with this firing. The instance stops: with a new one another goes on within its next look, or this one after its next start. Or somebody asked to stop this
            // work, perhaps an earlier run of it: the rows know, and it goes on or ends after one look at them. Else it would wait for a sweep.
            await queue.EnqueueAsync(name, id, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Whatever it is, the rows still say "unfinished": the work is tried again, and gives up by its own count of attempts.
            outcome = "failed";
            span.Fail(exception);
            Failed(exception, name, id, options.RetryDelay.TotalSeconds);
            await queue.EnqueueAsync(name, id, options.RetryDelay, CancellationToken.None);
        }
        finally
        {
            stop.End();
            span?.SetTag(Tracing.Outcome, outcome);
            metrics.Record(name, outcome, clock.GetElapsedTime(began));
        }
    }

    /// <summary>False where the database went away: nothing can be scheduled then either, so the work waits here.</summary>
    private async Task<bool> RunAsync(IWork work, string id, CancellationToken cancellationToken)
    {
        try
        {
            await work.RunAsync(id, cancellationToken);
            return true;
        }
        catch (DatabaseUnavailableException outage)
        {
            WaitsForDatabase(work.Name, id, outage.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Work {Work} {Id} was stopped")]
    private partial void Stopped(string work, string id);

    [LoggerMessage(LogLevel.Warning, "Work {Work} {Id} waits for the database. {Reason}")]
    private partial void WaitsForDatabase(string work, string id, string reason);

    [LoggerMessage(LogLevel.Error, "Work {Work} {Id} failed; it is tried again in {Seconds} s")]
    private partial void Failed(Exception exception, string work, string id, double seconds);
}
