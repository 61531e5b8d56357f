using System.Data.Common;
using Dapper;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Retention;

/// <summary>The statements that end what is old. Each asks an index, and for a batch.</summary>
internal sealed class RetentionTable(DbDataSource database)
{
    /// <summary>Living sessions in a state that have not changed since a moment, the longest-settled first.</summary>
    public async Task<IReadOnlyList<SessionKey>> DueAsync(SessionStatus status, DateTimeOffset before, int limit, CancellationToken cancellationToken) => await KeysAsync(
        "SELECT user_id, request_id FROM sessions WHERE deleted_at IS NULL AND status = @status AND updated_at <= @before ORDER BY updated_at LIMIT @limit",
        new { status = WireText.Of(status), before, limit },
        cancellationToken);

    /// <summary>Takes such a session for the rest of the transaction; false where it has changed since.</summary>
    public static async Task<bool> TakeDueAsync(DbTransaction transaction, SessionKey key, SessionStatus status, DateTimeOffset before) =>
        await transaction.Connection!.ExecuteAsync(
            """
            UPDATE sessions SET revision = revision + 1
            WHERE user_id = @UserId AND request_id = @RequestId AND deleted_at IS NULL AND status = @status AND updated_at <= @before
            """,
            new { key.UserId, key.RequestId, status = WireText.Of(status), before },
            transaction) == 1;

    /// <summary>The living sessions of a user after one in their order.</summary>
    public Task<IReadOnlyList<SessionKey>> LivingAsync(UserId userId, string after, int limit, CancellationToken cancellationToken) => KeysAsync(
        "SELECT user_id, request_id FROM sessions WHERE user_id = @userId AND request_id > @after AND deleted_at IS NULL ORDER BY request_id LIMIT @limit",
        new { userId, after, limit },
        cancellationToken);

    /// <summary>The buried sessions of a user whose objects are not all gone.</summary>
    public Task<IReadOnlyList<SessionKey>> UnpurgedAsync(UserId userId, int limit, CancellationToken cancellationToken) => KeysAsync(
        "SELECT user_id, request_id FROM sessions WHERE user_id = @userId AND deleted_at IS NOT NULL AND purged_at IS NULL ORDER BY deleted_at LIMIT @limit",
        new { userId, limit },
        cancellationToken);

    /// <summary>
    /// Forgets what was deleted before a moment: entries of the feed that VideoService has read, or that nobody follows; then the tombstones of sessions that have none any more. Answers how many tombstones.
    /// </summary>
    public static async Task<int> ForgetAsync(DbTransaction transaction, DateTimeOffset before, int limit)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(
            """
            DELETE FROM deletions
            WHERE deleted_at < @before AND (NOT EXISTS (SELECT 1 FROM feed_positions WHERE feed = 'deletions') OR sequence <= (SELECT sequence FROM feed_positions WHERE feed = 'deletions'))
            """,
            new { before },
            transaction);
        return await connection.ExecuteAsync(
            """
            DELETE FROM sessions WHERE purged_at < @before AND (user_id, request_id) IN (
              SELECT user_id, request_id FROM sessions buried WHERE buried.purged_at < @before
                AND NOT EXISTS (SELECT 1 FROM deletions told WHERE told.user_id = buried.user_id AND told.request_id = buried.request_id)
              ORDER BY buried.purged_at LIMIT @limit)
            """,
            new { before, limit },
            transaction);
    }

    private async Task<IReadOnlyList<SessionKey>> KeysAsync(string statement, object parameters, CancellationToken cancellationToken) =>
        [.. (await database.ReadAsync(connection => connection.QueryAsync<SessionRow>(new CommandDefinition(statement, parameters, cancellationToken: cancellationToken)), cancellationToken)).Select(row => row.Key)];
}
