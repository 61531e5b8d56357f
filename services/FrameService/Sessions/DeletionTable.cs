using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>Tombstones, what is left to remove behind them, and the feed that VideoService follows.</summary>
internal sealed class DeletionTable(DbDataSource database, UserTables tables, TimeProvider clock)
{
    private const string Feed = "deletions";

    /// <summary>Up to where this instance knows that the feed was read.</summary>
    private long _read;

    /// <summary>
    /// Buries a taken row: it reads as not there from the commit on, and stands in the feed. Its words, frames, parked pictures and events go at once: only objects may have to wait for their store.
    /// Answers how many frames and how many other rows those were.
    /// </summary>
    public async Task<(int Frames, int Rows)> BuryAsync(DbTransaction transaction, SessionKey key)
    {
        var connection = transaction.Connection!;
        var frames = await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM frames WHERE user_id = @UserId AND request_id = @RequestId", key, transaction);
        var rows = await tables.RemoveAsync(transaction, key.UserId, key.RequestId.ToString());
        var now = clock.GetUtcNow();
        await connection.ExecuteAsync(
            """
            UPDATE sessions SET deleted_at = @now, status = 'canceled', stage = NULL, original_prompt = NULL, story = NULL, metadata = NULL, error = NULL,
              usage = NULL, reference_key = NULL, story_draft = NULL
            WHERE user_id = @UserId AND request_id = @RequestId
            """,
            new { key.UserId, key.RequestId, now },
            transaction);
        await TellAsync(transaction, key.UserId, key.RequestId, now);
        await CallbackTable.ForgetAsync(transaction, key.UserId, key.RequestId.ToString());
        return (frames, rows - frames);
    }

    /// <summary>Adds an entry to the feed; one without a request is for everything of the user that is older.</summary>
    public static async Task TellAsync(DbTransaction transaction, UserId userId, RequestId? requestId, DateTimeOffset now)
    {
        // In turns: else a reader would see the 5, follow it, and never look for the 4 that is committed after it.
        await transaction.LockAsync(Feed);
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO deletions (sequence, user_id, request_id, deleted_at)
            SELECT CASE WHEN coalesce(max(sequence), 0) < @moment THEN @moment ELSE max(sequence) + 1 END, @userId, @requestId, @now FROM deletions
            """,
            // A number is a moment: so those of a database that was lost and made anew still come after what VideoService has followed.
            new { userId, requestId, now, moment = now.ToUnixTimeMilliseconds() },
            transaction);
    }

    /// <summary>Marks a buried session whose objects are gone; not where it was reopened since the removal began, as its revision tells: then it comes once more.</summary>
    public Task PurgedAsync(DbTransaction transaction, SessionKey key, long revision) => transaction.Connection!.ExecuteAsync(
        "UPDATE sessions SET purged_at = @now WHERE user_id = @UserId AND request_id = @RequestId AND deleted_at IS NOT NULL AND revision = @revision",
        new { key.UserId, key.RequestId, revision, now = clock.GetUtcNow() },
        transaction);

    /// <summary>An object came after the tombstone: what lies in the store is removed once more. Nothing happens to a living session.</summary>
    public static Task ReopenAsync(DbTransaction transaction, SessionKey key) => transaction.Connection!.ExecuteAsync(
        "UPDATE sessions SET purged_at = NULL, revision = revision + 1 WHERE user_id = @UserId AND request_id = @RequestId AND deleted_at IS NOT NULL", key, transaction);

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

    /// <summary>The feed after a number, oldest first. Whoever asks has read what is before: entries stay until then, however old they are.</summary>
    public async Task<IReadOnlyList<Deletion>> FeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        if (after > Interlocked.Read(ref _read)) await ReadUpToAsync(after, cancellationToken);
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<Deletion>(new CommandDefinition(
                "SELECT sequence, user_id, request_id, deleted_at FROM deletions WHERE sequence > @after ORDER BY sequence LIMIT @limit", new { after, limit }, cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }

    private async Task ReadUpToAsync(long sequence, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync(
                """
                INSERT INTO feed_positions (feed, sequence) VALUES (@Feed, @sequence)
                ON CONFLICT (feed) DO UPDATE SET sequence = excluded.sequence WHERE feed_positions.sequence < excluded.sequence
                """,
                new { Feed, sequence },
                transaction),
            cancellationToken);
        Interlocked.Exchange(ref _read, sequence);
    }
}

/// <summary>One entry of the feed.</summary>
internal sealed record Deletion
{
    public long Sequence { get; init; }

    public UserId UserId { get; init; }

    /// <summary>Null: everything of the user that is older than this entry.</summary>
    public RequestId? RequestId { get; init; }

    public DateTimeOffset DeletedAt { get; init; }
}
