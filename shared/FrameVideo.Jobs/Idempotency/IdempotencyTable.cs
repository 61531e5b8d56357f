using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>
/// The statements on <c>idempotency_keys</c>. A row without a status is the mark of a request that runs, until its lease ends; one with a status is an outcome, until it is
/// forgotten. Past <c>ends_at</c> a row counts for nothing.
/// </summary>
internal sealed class IdempotencyTable(DbDataSource database, DatabaseOptions options)
{
    /// <summary>Takes a key that nobody has; false where somebody does. Of many at a time one is told true.</summary>
    public async Task<bool> TakeAsync(IdempotencyRow row, DateTimeOffset now, CancellationToken cancellationToken)
    {
        return await database.WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO idempotency_keys (user_id, idempotency_key, fingerprint, instance, mark, ends_at)
                VALUES (@UserId, @IdempotencyKey, @Fingerprint, @Instance, @Mark, @EndsAt)
                ON CONFLICT (user_id, idempotency_key) DO UPDATE SET
                  fingerprint = excluded.fingerprint, instance = excluded.instance, mark = excluded.mark, ends_at = excluded.ends_at, status = NULL, resource = NULL
                WHERE idempotency_keys.ends_at <= @now OR (@isAlone AND idempotency_keys.status IS NULL AND idempotency_keys.instance <> @Instance)
                """,
                // Where one process alone has the file, a mark that is not its own was left by one that is dead.
                new { row.UserId, row.IdempotencyKey, row.Fingerprint, row.Instance, row.Mark, row.EndsAt, now, isAlone = options.Kind == DatabaseOptions.Sqlite },
                transaction),
            cancellationToken) == 1;
    }

    /// <summary>What stands for a key; null where there is nothing.</summary>
    public Task<IdempotencyRow?> FindAsync(UserId userId, string key, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<IdempotencyRow?>(new CommandDefinition(
            "SELECT user_id, idempotency_key, fingerprint, instance, mark, status, resource, ends_at FROM idempotency_keys WHERE user_id = @userId AND idempotency_key = @key",
            new { userId, key },
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Writes the outcome in place of the mark; false where the mark is no longer there.</summary>
    public static async Task<bool> CompleteAsync(DbTransaction transaction, IdempotencyRow row)
    {
        return await transaction.Connection!.ExecuteAsync(
            """
            UPDATE idempotency_keys SET status = @Status, resource = @Resource, ends_at = @EndsAt
            WHERE user_id = @UserId AND idempotency_key = @IdempotencyKey AND mark = @Mark AND status IS NULL
            """,
            row,
            transaction) == 1;
    }

    /// <summary>Prolongs a mark.</summary>
    public Task RenewAsync(IdempotencyRow row, CancellationToken cancellationToken) => ExecuteAsync(
        "UPDATE idempotency_keys SET ends_at = @EndsAt WHERE user_id = @UserId AND idempotency_key = @IdempotencyKey AND mark = @Mark AND status IS NULL", row, cancellationToken);

    /// <summary>Takes a mark away; an outcome stays.</summary>
    public Task ReleaseAsync(IdempotencyRow row, CancellationToken cancellationToken) => ExecuteAsync(
        "DELETE FROM idempotency_keys WHERE user_id = @UserId AND idempotency_key = @IdempotencyKey AND mark = @Mark AND status IS NULL", row, cancellationToken);

    /// <summary>Removes what counts for nothing any more.</summary>
    public Task PruneAsync(DateTimeOffset now, CancellationToken cancellationToken) => ExecuteAsync("DELETE FROM idempotency_keys WHERE ends_at <= @now", new { now }, cancellationToken);

    private Task ExecuteAsync(string statement, object parameters, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(statement, parameters, transaction), cancellationToken);
}

/// <summary>A row of <c>idempotency_keys</c>.</summary>
internal sealed record IdempotencyRow
{
    public UserId UserId { get; init; }

    public string IdempotencyKey { get; init; } = "";

    /// <summary>Of the request: 64 hex digits.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The process that took the key.</summary>
    public string Instance { get; init; } = "";

    /// <summary>The request that took the key.</summary>
    public string Mark { get; init; } = "";

    public int? Status { get; init; }

    public string? Resource { get; init; }

    public DateTimeOffset EndsAt { get; init; }
}
