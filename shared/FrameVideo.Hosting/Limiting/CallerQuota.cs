using System.Globalization;
using System.Threading.RateLimiting;

namespace FrameVideo.Hosting;

/// <summary>A minute's quota for each of many callers: a token bucket each, forgotten when it has been full for a while.</summary>
/// <remarks>
/// Past <see cref="MaxCallers"/> at a time, callers share buckets by a hash that nobody outside can foresee: memory stays bounded however many addresses somebody has, and one caller of
/// a flood takes the place of few others.
/// </remarks>
internal sealed class CallerQuota : IDisposable
{
    /// <summary>Callers with a bucket of their own.</summary>
    internal const int MaxCallers = 20_000;
    private const int SharedBuckets = 1024;

    private readonly PartitionedRateLimiter<string> _buckets;
    private readonly int _maxCallers;
    private int _live;

    /// <param name="name">As the headers name it.</param>
    /// <param name="quota">Requests a minute; 0 is no limit.</param>
    /// <param name="maxCallers">Callers with a bucket of their own.</param>
    public CallerQuota(string name, int quota, int maxCallers = MaxCallers)
    {
        (Name, Quota, _maxCallers) = (name, quota, maxCallers);
        _buckets = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.Get(caller, _ => NewBucket()), StringComparer.Ordinal);
    }

    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    public string Name { get; }

    public int Quota { get; }

    /// <summary>How many buckets there are.</summary>
    internal int Buckets => Volatile.Read(ref _live);

    /// <summary>Whether anything is left, without taking it. Who has no bucket of its own is let through: what others have spent is not its doing.</summary>
    public bool HasRoom(string caller) => Quota == 0 || Volatile.Read(ref _live) >= _maxCallers || Take(caller, 0).Remaining > 0;

    /// <summary>Takes one; what is left afterwards.</summary>
    public (bool IsGranted, long Remaining) Take(string caller, int cost = 1)
    {
        var key = Volatile.Read(ref _live) < _maxCallers ? caller : string.Create(CultureInfo.InvariantCulture, $"#{(uint)caller.GetHashCode(StringComparison.Ordinal) % SharedBuckets}");
        using var lease = _buckets.AttemptAcquire(key, cost);
        return (lease.IsAcquired, _buckets.GetStatistics(key)?.CurrentAvailablePermits ?? Quota);
    }

    /// <summary>How long until so many of the quota have come back, at least a second.</summary>
    public TimeSpan Until(long permits) => TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(permits * Window.TotalSeconds / Quota)));

    public void Dispose() => _buckets.Dispose();

    private Bucket NewBucket()
    {
        Interlocked.Increment(ref _live);
        return new Bucket(
            new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions { TokenLimit = Quota, TokensPerPeriod = Quota, ReplenishmentPeriod = Window, QueueLimit = 0, AutoReplenishment = false }),
            () => Interlocked.Decrement(ref _live));
    }

    /// <summary>A token bucket that tells when it is forgotten.</summary>
    private sealed class Bucket(TokenBucketRateLimiter inner, Action forgotten) : ReplenishingRateLimiter
    {
        private Action? _forgotten = forgotten;

        public override TimeSpan? IdleDuration => inner.IdleDuration;

        public override bool IsAutoReplenishing => inner.IsAutoReplenishing;

        public override TimeSpan ReplenishmentPeriod => inner.ReplenishmentPeriod;

        public override RateLimiterStatistics? GetStatistics() => inner.GetStatistics();

        public override bool TryReplenish() => inner.TryReplenish();

        protected override RateLimitLease AttemptAcquireCore(int permitCount) => inner.AttemptAcquire(permitCount);

        protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) => inner.AcquireAsync(permitCount, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            Interlocked.Exchange(ref _forgotten, null)?.Invoke();
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
