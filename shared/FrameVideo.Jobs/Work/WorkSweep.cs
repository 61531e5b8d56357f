using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Jobs;

/// <summary>
/// At start and every 30 s: work whose rows say "unfinished" while the scheduler knows nothing of it is scheduled. It closes the gap between
/// a row's commit and its scheduling, and refills a scheduler's store that was dropped.
/// </summary>
internal sealed partial class WorkSweep(IEnumerable<IWork> works, WorkQueue queue, DatabaseSchema schema, TimeProvider clock, ILogger<WorkSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (DatabaseUnavailableException outage)
            {
                Waits(outage.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Failed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var work in works)
        {
            foreach (var id in await work.UnfinishedAsync(cancellationToken))
            {
                if (await queue.HasAsync(work.Name, id, cancellationToken)) continue;
                Found(work.Name, id);
                await queue.EnqueueAsync(work.Name, id, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Work {Work} {Id} was unfinished and is taken up")]
    private partial void Found(string work, string id);

    [LoggerMessage(LogLevel.Warning, "The sweep for unfinished work waits for the database. {Reason}")]
    private partial void Waits(string reason);

    [LoggerMessage(LogLevel.Error, "The sweep for unfinished work failed; it comes again")]
    private partial void Failed(Exception exception);
}
