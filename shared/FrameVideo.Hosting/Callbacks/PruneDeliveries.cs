using FrameVideo.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>Removes records of deliveries that are old enough, some at a time.</summary>
internal sealed class PruneDeliveries(DeliveryTable deliveries, IOptions<CallbackOptions> options, TimeProvider clock, ILogger<PruneDeliveries> logger)
    : Poller(TimeSpan.FromHours(1), clock, logger)
{
    private const int Batch = 1000;

    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    protected override async Task<bool> PollAsync(CancellationToken cancellationToken) =>
        await deliveries.PruneAsync(_clock.GetUtcNow() - options.Value.KeepRecords, Batch, cancellationToken) == Batch;
}
