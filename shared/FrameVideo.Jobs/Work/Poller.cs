using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Jobs;

/// <summary>Does a small thing again and again, in the background, from the start on. A failure is logged and the next time comes all the same.</summary>
public abstract partial class Poller(TimeSpan period, TimeProvider clock, ILogger logger) : BackgroundService
{
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Task<bool>? _tick;
    private Task<bool>? _wake;

    /// <summary>Asks for a look now rather than at the end of the period. Any thread may call it, at any time.</summary>
    protected void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>One look. True asks for another one at once.</summary>
    protected abstract Task<bool> PollAsync(CancellationToken cancellationToken);

    /// <summary>Does one of many; what fails for one alone is logged, and keeps none of the others from their turn. An outage (<see cref="IOException"/>, <see cref="DatabaseUnavailableException"/>) ends the look.</summary>
    protected async Task EachAsync<T>(T item, Func<T, Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            await action(item);
        }
        catch (Exception exception) when (exception is not IOException and not DatabaseUnavailableException and not OperationCanceledException)
        {
            FailedFor(logger, exception, GetType().Name, item?.ToString());
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The rest of the service need not wait for the first look.
        await Task.Yield();
        using var timer = new PeriodicTimer(period, clock);
        var isWaiting = false;
        do
        {
            try
            {
                while (await PollAsync(stoppingToken))
                {
                    stoppingToken.ThrowIfCancellationRequested();
                }

                isWaiting = false;
            }
            catch (DatabaseUnavailableException outage)
            {
                // Told once for each outage: it may be long, and the period short.
                if (!isWaiting) Waits(logger, GetType().Name, outage.Message);
                isWaiting = true;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(logger, exception, GetType().Name);
            }
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    private async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        // The one that does not come first is waited for again: neither takes a second waiter without keeping the first.
        _tick ??= timer.WaitForNextTickAsync(stoppingToken).AsTask();
        _wake ??= _wakes.Reader.ReadAsync(stoppingToken).AsTask();
        if (await Task.WhenAny(_tick, _wake) == _wake)
        {
            var woken = await _wake;
            _wake = null;
            return woken;
        }

        var more = await _tick;
        _tick = null;
        return more;
    }

    [LoggerMessage(LogLevel.Warning, "{Poller} waits for the database. {Reason}")]
    private static partial void Waits(ILogger logger, string poller, string reason);

    [LoggerMessage(LogLevel.Warning, "{Poller} failed; it comes again")]
    private static partial void Failed(ILogger logger, Exception exception, string poller);

    [LoggerMessage(LogLevel.Error, "{Poller} failed for {Item}; the others go on")]
    private static partial void FailedFor(ILogger logger, Exception exception, string poller, string? item);
}
