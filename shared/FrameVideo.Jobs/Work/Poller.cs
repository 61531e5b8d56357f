using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Jobs;

/// <summary>Does a small thing again and again, in the background, from the start on. A failure is logged and the next time comes all the same.</summary>
public abstract partial class Poller(TimeSpan period, TimeProvider clock, ILogger logger) : BackgroundService
{
    /// <summary>One look. True asks for another one at once.</summary>
    protected abstract Task<bool> PollAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The rest of the service need not wait for the first look.
        await Task.Yield();
        using var timer = new PeriodicTimer(period, clock);
        do
        {
            try
            {
                while (await PollAsync(stoppingToken))
                {
                    stoppingToken.ThrowIfCancellationRequested();
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(logger, exception, GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Warning, "{Poller} failed; it comes again")]
    private static partial void Failed(ILogger logger, Exception exception, string poller);
}
