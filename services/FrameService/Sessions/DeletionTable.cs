using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>Tombstones, what is left to remove behind them, and the feed that VideoService follows.</summary>
internal sealed class DeletionTable(DbDataSource database, TimeProvider clock)
{
    /// <summary>Buries a taken row: it reads as not there from the commit on, and stands in the feed.</summary>
    public async Task BuryAsync(DbTransaction transaction, SessionKey key)
    {
        // In turns: else a reader would see the 5, follow it, and never look for the 4 that is committed after it.
        await transaction.LockAsync("deletions");
        var now = clock.GetUtcNow();
        await transaction.Connection!.ExecuteAsync(
            """
            UPDATE sessions SET deleted_at = @now, status = 'canceled', stage = NULL WHERE user_id = @UserId AND request_id = @RequestId;
            INSERT INTO deletions (sequence, user_id, request_id, deleted_at)
            SELECT CASE WHEN coalesce(max(sequence), 0) < @moment THEN @moment ELSE max(sequence) + 1 END, @UserId, @RequestId, @now FROM deletions;
            """,
            // A number is a moment: so those of a database that was lost and made anew still come after what VideoService has followed.
            new { key.UserId, key.RequestId, now, moment = now.ToUnixTimeMilliseconds() },
            transaction);
        await CallbackTable.ForgetAsync(transaction, key.UserId, key.RequestId.ToString());
    }

    /// <summary>Removes frames, parked pictures and events of a buried session, and its words; answers how many frames there were.</summary>
    public async Task<int> PurgeAsync(DbTransaction transaction, SessionKey key)
    {
        var connection = transaction.Connection!;
        await connection.ExecuteAsync(
            """
            UPDATE sessions SET purged_at = @now, original_prompt = NULL, story = NULL, metadata = NULL, error = NULL WHERE user_id = @UserId AND request_id = @RequestId;
            DELETE FROM parked WHERE user_id = @UserId AND request_id = @RequestId;
            DELETE FROM events WHERE user_id = @UserId AND resource_id = @RequestId;
            """,
            new { key.UserId, key.RequestId, now = clock.GetUtcNow() },
            transaction);
        return await connection.ExecuteAsync("DELETE FROM frames WHERE user_id = @UserId AND request_id = @RequestId", key, transaction);
    }

    /// <summary>An object came after the tombstone: what lies in the store is removed once more. Nothing happens to a living session.</summary>
    public static Task ReopenAsync(DbTransaction transaction, SessionKey key) => transaction.Connection!.ExecuteAsync(
        "UPDATE sessions SET purged_at = NULL WHERE user_id = @UserId AND request_id = @RequestId AND deleted_at IS NOT NULL", key, transaction);

    /// <inheritdoc cref="ReopenAsync(DbTransaction, SessionKey)"/>
    public Task ReopenAsync(SessionKey key) => database.WriteAsync(transaction => ReopenAsync(transaction, key), CancellationToken.None);

    /// <summary>
    /// Buried sessions whose objects or rows are not all gone. The request that buried one removes it, too, and answers with what it has removed: only what was left
    /// ten seconds later is found here.
    /// </summary>
    public async Task<IReadOnlyList<SessionKey>> UnpurgedAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<SessionRow>(new CommandDefinition(
                "SELECT user_id, request_id FROM sessions WHERE deleted_at < @settled AND purged_at IS NULL ORDER BY deleted_at LIMIT 100",
                new { settled = clock.GetUtcNow() - TimeSpan.FromSeconds(10) },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return [.. rows.Select(row => row.Key)];
    }

    /// <summary>The feed after a number, oldest first.</summary>
    public async Task<IReadOnlyList<Deletion>> FeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<Deletion>(new CommandDefinition(
                "SELECT sequence, user_id, request_id FROM deletions WHERE sequence > @after ORDER BY sequence LIMIT @limit", new { after, limit }, cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }
}

/// <summary>One entry of the feed.</summary>
internal sealed record Deletion
{
    public long Sequence { get; init; }

    public UserId UserId { get; init; }

    public RequestId RequestId { get; init; }
}
