using System.Data.Common;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace VideoService.Clips;

/// <summary>Ends tasks that no open film wants any more, be it canceled, deleted or failed, and forgets rows that no film knows. On one instance at a time.</summary>
internal sealed partial class EndClips(ClipTaskTable table, ClipProviders providers, DbDataSource database, TimeProvider clock, ILogger<EndClips> logger) : Poller(TimeSpan.FromSeconds(5), clock, logger)
{
    private readonly ILogger _logger = logger;

    /// <summary>A film was canceled or deleted.</summary>
    public void Look() => Wake();

    /// <inheritdoc/>
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        await using var turn = await AdvisoryLock.TryTakeAsync(database, "clips", cancellationToken);
        if (turn is null) return false;
        foreach (var task in await table.UnwantedAsync(cancellationToken)) await EachAsync(task.TaskId, _ => EndAsync(task, cancellationToken));
        await table.ForgetAsync(cancellationToken);
        return false;
    }

    private async Task EndAsync(ClipTaskRow task, CancellationToken cancellationToken)
    {
        if (providers.Find(task.Provider) is { } provider)
        {
            try
            {
                await provider.CancelAsync(task.TaskId!, cancellationToken);
            }
            catch (ProviderException fault) when (fault.IsOutage)
            {
                // It is there the next time.
                Later(_logger, task.Provider, task.TaskId!, fault.Message);
                return;
            }
        }

        if (await table.CanceledAsync(task, cancellationToken)) Ended(_logger, task.Provider, task.TaskId!);
    }

    [LoggerMessage(LogLevel.Information, "{Provider} was told to end {TaskId}, which no film wants any more")]
    private static partial void Ended(ILogger logger, string provider, string taskId);

    [LoggerMessage(LogLevel.Warning, "{Provider} could not be told to end {TaskId}; it is told later. {Reason}")]
    private static partial void Later(ILogger logger, string provider, string taskId, string reason);
}
