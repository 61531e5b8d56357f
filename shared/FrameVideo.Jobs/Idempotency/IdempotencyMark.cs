using System.Data.Common;

namespace FrameVideo.Jobs;

/// <summary>
/// A running request's hold on its <c>Idempotency-Key</c>. The operation that it runs writes its outcome within the transaction that changes the domain's rows
/// (<see cref="RequestTransactions.CompleteRequestAsync"/>), so that either both are kept or none.
/// </summary>
public sealed class IdempotencyMark
{
    private static readonly AsyncLocal<IdempotencyMark?> Ambient = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _keepFor;

    internal IdempotencyMark(IdempotencyRow row, TimeProvider clock, TimeSpan keepFor) => (Row, _clock, _keepFor) = (row, clock, keepFor);

    /// <summary>That of the request that runs here; null where it has no key.</summary>
    public static IdempotencyMark? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Whether an operation has written its outcome; it counts once its transaction is committed.</summary>
    public bool IsWritten { get; private set; }

    internal IdempotencyRow Row { get; }

    internal async Task CompleteAsync(DbTransaction transaction, int status, string resource)
    {
        var row = Row with { Status = status, Resource = resource, EndsAt = _clock.GetRowTime() + _keepFor };
        if (!await IdempotencyTable.CompleteAsync(transaction, row)) throw new IdempotencyMarkLostException();
        IsWritten = true;
    }
}

/// <summary>The mark's lease had ended before the request did, and somebody else took the key: nothing of this transaction may be kept.</summary>
public sealed class IdempotencyMarkLostException : Exception;

/// <summary>What a request came to.</summary>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Resource">The path of what the answer shows, such as <c>/v1/sessions/req_...</c>; GET there shows it as it is now.</param>
public sealed record RequestOutcome(int Status, string Resource);

/// <summary>The end of a request within a transaction.</summary>
public static class RequestTransactions
{
    /// <summary>
    /// Every operation of a POST calls this in the transaction that does what was asked for: where the request has an <c>Idempotency-Key</c>, the same request gets this outcome from
    /// the commit on, and is not carried out a second time. Else it does nothing.
    /// </summary>
    /// <param name="transaction">The domain's.</param>
    /// <param name="status">The HTTP status that will be answered.</param>
    /// <param name="resource">The path of what the answer shows; GET has to be mapped for it.</param>
    /// <exception cref="IdempotencyMarkLostException">Another request has the key by now; the transaction is to be rolled back.</exception>
    public static Task CompleteRequestAsync(this DbTransaction transaction, int status, string resource) =>
        IdempotencyMark.Current?.CompleteAsync(transaction, status, resource) ?? Task.CompletedTask;
}
