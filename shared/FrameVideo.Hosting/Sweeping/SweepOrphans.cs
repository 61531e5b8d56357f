using FrameVideo.Contracts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>A service's own sweep: removes objects of its part of the layout that no row points at, of sessions that its database knows.</summary>
public interface IOrphanSweep
{
    /// <summary>Goes through the store.</summary>
    /// <param name="request">What to sweep.</param>
    /// <param name="told">Hears of each object.</param>
    /// <param name="cancellationToken">Ends it between two objects.</param>
    Task<Tally> RunAsync(SweepRequest request, Action<string> told, CancellationToken cancellationToken);
}

/// <summary>What to sweep.</summary>
/// <param name="User">One user; null for all.</param>
/// <param name="Grace">How long an object stays without a row. Zero takes all, which is right only while the service is stopped: an upload puts its object a moment before its row.</param>
/// <param name="DryRun">Nothing is removed.</param>
public sealed record SweepRequest(UserId? User, TimeSpan Grace, bool DryRun)
{
    /// <summary>The grace that configuration asks for: as long as links live, at least.</summary>
    public static TimeSpan GraceOf(IOptions<SweepOptions> options, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(options);
        var links = configuration.GetValue("Storage:LinkLifetime", TimeSpan.FromHours(1));
        return options.Value.OrphanGrace > links ? options.Value.OrphanGrace : links;
    }

    /// <summary>What was written or changed after this stays.</summary>
    public DateTimeOffset Cutoff(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        // The store has a clock of its own, which may be ahead of ours.
        return Grace == TimeSpan.Zero ? DateTimeOffset.MaxValue : clock.GetUtcNow() - Grace;
    }
}
