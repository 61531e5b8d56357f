using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Jobs;

/// <summary>Prolongs the leases of requests that run for long, and forgets outcomes whose time is over.</summary>
internal sealed class IdempotencyUpkeep(IdempotencyKeys keys, IdempotencyTable table, DatabaseSchema schema, IOptions<IdempotencyOptions> options, TimeProvider clock, ILogger<IdempotencyUpkeep> logger)
    : Poller(options.Value.Lease / 3, clock, logger)
{
    private readonly TimeProvider _clock = clock;

    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        await schema.Ready.WaitAsync(cancellationToken);
        await keys.RenewAsync(cancellationToken);
        await table.PruneAsync(_clock.GetRowTime(), cancellationToken);
        return false;
    }
}
