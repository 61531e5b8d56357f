using System.Collections.Concurrent;
using System.Security.Cryptography;
using FrameVideo.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Jobs;

/// <summary>Lets one request at a time have a user's key, and remembers what came of it.</summary>
public sealed partial class IdempotencyKeys
{
    private readonly IdempotencyTable _table;
    private readonly IdempotencyOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _instance = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly ConcurrentDictionary<string, IdempotencyMark> _running = new(StringComparer.Ordinal);

    internal IdempotencyKeys(IdempotencyTable table, IOptions<IdempotencyOptions> options, TimeProvider clock, ILogger<IdempotencyKeys> logger) =>
        (_table, _options, _clock, _logger) = (table, options.Value, clock, logger);

    /// <summary>Takes a key for a request, or says why not.</summary>
    /// <param name="user">Whose key it is.</param>
    /// <param name="key">What the caller chose.</param>
    /// <param name="fingerprint">Of the request: 64 hex digits.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    public async Task<IdempotencyClaim> ClaimAsync(UserId user, string key, string fingerprint, CancellationToken cancellationToken)
    {
        var row = new IdempotencyRow { UserId = user, IdempotencyKey = key, Fingerprint = fingerprint, Instance = _instance, Mark = RandomNumberGenerator.GetHexString(32, lowercase: true) };
        while (true)
        {
            var now = _clock.GetRowTime();
            row = row with { EndsAt = now + _options.Lease };
            // Known before it can be in the table, so that no mark is left that nobody renews or takes away.
            var mark = new IdempotencyMark(row, _clock, _options.KeepFor);
            _running[row.Mark] = mark;
            var isTaken = false;
            try
            {
                isTaken = await _table.TakeAsync(row, now, cancellationToken);
            }
            finally
            {
                if (!isTaken) _running.TryRemove(row.Mark, out _);
            }

            if (isTaken) return new IdempotencyClaim.Taken(mark);
            // What was there a moment ago may be gone now.
            if (await _table.FindAsync(user, key, cancellationToken) is not { } present) continue;
            if (present.Fingerprint != fingerprint) return new IdempotencyClaim.Reused();
            return present is { Status: { } status, Resource: { } resource } ? new IdempotencyClaim.Finished(new RequestOutcome(status, resource)) : new IdempotencyClaim.Running();
        }
    }

    /// <summary>The request has ended. What it has not completed it gives back; what it has stays, whatever became of its answer.</summary>
    public async Task EndAsync(IdempotencyMark mark, bool isDone)
    {
        ArgumentNullException.ThrowIfNull(mark);
        _running.TryRemove(mark.Row.Mark, out _);
        if (isDone && mark.IsWritten) return;
        try
        {
            await _table.ReleaseAsync(mark.Row, CancellationToken.None);
        }
        catch (DatabaseUnavailableException outage)
        {
            NotReleased(_options.Lease.TotalSeconds, outage.Message);
        }
    }

    /// <summary>Prolongs the marks of the requests that run here.</summary>
    internal async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var mark in _running.Values) await _table.RenewAsync(mark.Row with { EndsAt = _clock.GetRowTime() + _options.Lease }, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "An idempotency key could not be given back; it is free after {Seconds} s. {Reason}")]
    private partial void NotReleased(double seconds, string reason);
}

/// <summary>What a request finds under its key.</summary>
public abstract record IdempotencyClaim
{
    private IdempotencyClaim()
    {
    }

    /// <summary>Nothing: it is carried out.</summary>
    /// <param name="Mark">Its hold on the key, to be ended by <see cref="IdempotencyKeys.EndAsync"/>.</param>
    public sealed record Taken(IdempotencyMark Mark) : IdempotencyClaim;

    /// <summary>The same request, which was carried out.</summary>
    /// <param name="Outcome">What came of it.</param>
    public sealed record Finished(RequestOutcome Outcome) : IdempotencyClaim;

    /// <summary>The same request, which is being carried out.</summary>
    public sealed record Running : IdempotencyClaim;

    /// <summary>Another request.</summary>
    public sealed record Reused : IdempotencyClaim;
}
