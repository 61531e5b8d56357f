namespace FrameVideo.Hosting;

/// <summary>
/// One AI service, and the one way to call it: so many calls of this process at once as it is set up for, and none while it has said that it takes no more. Every call goes through here, whatever it is for.
/// </summary>
/// <param name="name">Its name in the configuration.</param>
/// <param name="options">The rest, with the defaults filled in.</param>
/// <param name="clock">The time.</param>
public sealed class Provider(string name, ProviderOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>Where the service does not say how long.</summary>
    private static readonly TimeSpan UntoldWait = TimeSpan.FromSeconds(2);

    /// <summary>What fell over before it did anything is tried once more, after this.</summary>
    private static readonly TimeSpan SecondTry = TimeSpan.FromSeconds(0.5);

    private readonly SemaphoreSlim _gate = new(options.Concurrency);
    private readonly Lock _lock = new();
    private DateTimeOffset _closedUntil = DateTimeOffset.MinValue;

    /// <summary>Its name, as records have it.</summary>
    public string Name { get; } = name;

    /// <summary>How it is set up.</summary>
    public ProviderOptions Options { get; } = options;

    /// <summary>
    /// Calls it. A rate limit is waited out as the service says, for all its callers at once and up to <see cref="ProviderOptions.MaxWait"/> in all; a failure that can have cost nothing is tried once more.
    /// </summary>
    /// <param name="call">One call, anew each time; it throws <see cref="ProviderException"/> for what the service does.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProviderException">It has failed for good.</exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (waited, failures) = (TimeSpan.Zero, 0);
        while (true)
        {
            TimeSpan pause;
            await _gate.WaitAsync(cancellationToken);
            try
            {
                pause = Closed();
                if (pause == TimeSpan.Zero) return await call(cancellationToken);
            }
            catch (ProviderException fault) when (fault.Kind == ProviderFault.RateLimited)
            {
                pause = fault.RetryAfter ?? UntoldWait * Math.Pow(2, Math.Min(failures++, 5));
                Close(pause);
                if (waited + pause > Options.MaxWait) throw;
            }
            catch (ProviderException fault) when (fault is { Kind: ProviderFault.Unavailable, MayBeCharged: false } && failures == 0)
            {
                failures++;
                pause = SecondTry;
            }
            finally
            {
                _gate.Release();
            }

            waited += pause;
            if (waited > Options.MaxWait && pause > SecondTry) throw new ProviderException(ProviderFault.RateLimited, Name, $"{Name} takes no more at present.") { RetryAfter = pause };
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private TimeSpan Closed()
    {
        lock (_lock)
        {
            var left = _closedUntil - clock.GetUtcNow();
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void Close(TimeSpan pause)
    {
        lock (_lock)
        {
            var until = clock.GetUtcNow() + pause;
            if (until > _closedUntil) _closedUntil = until;
        }
    }
}
