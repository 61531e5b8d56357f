using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace VideoService.Videos;

/// <summary>Tombstones of videos and of sessions, and what is left to remove behind them.</summary>
internal sealed class DeletionTable(DbDataSource database, UserTables tables, TimeProvider clock)
{
    private const string FootageOfLiving =
        "clip_tasks task JOIN clip_wants want ON want.user_id = task.user_id AND want.request_id = task.request_id AND want.input_hash = task.input_hash JOIN videos alive ON alive.video_id = want.video_id WHERE alive.deleted_at IS NULL";

    /// <summary>
    /// Buries a user's living videos, one or all of a request; they read as not there from the commit on, and their words are gone. What they were made of stays until their objects
    /// are gone, since it says which those are. Answers which those were.
    /// </summary>
    public async Task<IReadOnlyList<VideoRow>> BuryAsync(DbTransaction transaction, UserId userId, VideoId? videoId, RequestId? requestId)
    {
        var which = videoId is null ? "request_id = @requestId" : "video_id = @videoId";
        var rows = await transaction.Connection!.QueryAsync<VideoRow>(
            $"""
            UPDATE videos SET deleted_at = @now, revision = revision + 1, stage = NULL, metadata = NULL, error = NULL,
              status = CASE WHEN status IN ('queued', 'in_progress') THEN 'canceled' ELSE status END
            WHERE user_id = @userId AND {which} AND deleted_at IS NULL
            RETURNING {VideoTable.Columns}
            """,
            new { userId, videoId = videoId ?? default, requestId = requestId ?? default, now = clock.GetUtcNow() },
            transaction);
        foreach (var row in rows) await CallbackTable.ForgetAsync(transaction, userId, row.VideoId.ToString());
        var buried = rows.AsList();
        await transaction.Connection!.ExecuteAsync(
            "UPDATE video_frames SET timestamp = NULL, description = NULL, prompt = NULL, scene_story = NULL WHERE video_id = @VideoId", buried.Select(row => new { row.VideoId }), transaction);
        return buried;
    }

    /// <summary>Remembers that FrameService has deleted a session: no video of it is made any more.</summary>
    public async Task BurySessionAsync(DbTransaction transaction, DeletedSession session)
    {
        await VideoTable.LockSessionAsync(transaction, session.UserId, session.RequestId);
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO deleted_sessions (user_id, request_id, sequence) VALUES (@UserId, @RequestId, @Sequence)
            ON CONFLICT (user_id, request_id) DO UPDATE SET sequence = excluded.sequence, purged_at = NULL
            """,
            new { session.UserId, session.RequestId, session.Sequence },
            transaction);
    }

    /// <summary>An entry of FrameService's list is worked off, in this transaction.</summary>
    public static Task FollowAsync(DbTransaction transaction, long sequence) => transaction.Connection!.ExecuteAsync(
        "UPDATE feed_positions SET sequence = @sequence WHERE feed = 'deletions' AND sequence < @sequence", new { sequence }, transaction);

    /// <summary>Up to where FrameService's list has been followed; 0 before the first entry.</summary>
    public async Task<long> FollowedAsync(CancellationToken cancellationToken)
    {
        return await database.ReadAsync(
            connection => connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT sequence FROM feed_positions WHERE feed = 'deletions'", cancellationToken: cancellationToken)),
            cancellationToken);
    }

    /// <summary>Whether a living film shows a clip or joint, or is made of footage; none begins to in this transaction, since each takes its session before it names its pieces.</summary>
    public static async Task<bool> IsSharedAsync(DbTransaction transaction, ObjectKey piece)
    {
        await VideoTable.LockSessionAsync(transaction, piece.UserId, piece.RequestId);
        return await transaction.Connection!.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM video_pieces other JOIN videos living ON living.video_id = other.video_id WHERE other.object_key = @piece AND living.deleted_at IS NULL", new { piece }, transaction) > 0
            || await transaction.Connection!.ExecuteScalarAsync<long>($"SELECT count(*) FROM {FootageOfLiving} AND task.object_key = @piece", new { piece }, transaction) > 0;
    }

    /// <summary>Clips, joints and footage of a film that no living film has.</summary>
    public async Task<IReadOnlyList<ObjectKey>> UnsharedPiecesAsync(VideoId videoId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<ObjectKey>(new CommandDefinition(
                """
                SELECT DISTINCT own.object_key FROM video_pieces own
                WHERE own.video_id = @videoId AND own.object_key IS NOT NULL AND NOT EXISTS (
                  SELECT 1 FROM video_pieces other JOIN videos living ON living.video_id = other.video_id
                  WHERE other.object_key = own.object_key AND living.deleted_at IS NULL)
                """
                + $"""

                UNION
                SELECT own.object_key FROM clip_tasks own JOIN clip_wants mine ON mine.user_id = own.user_id AND mine.request_id = own.request_id AND mine.input_hash = own.input_hash
                WHERE mine.video_id = @videoId AND own.object_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {FootageOfLiving} AND task.object_key = own.object_key)
                """,
                new { videoId },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }

    /// <summary>An object may have come after the tombstone: what lies in the store is removed once more. False, and nothing happens, where the film lives.</summary>
    public Task<bool> ReopenAsync(VideoRow row, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var connection = transaction.Connection!;
            if (await connection.ExecuteAsync("UPDATE videos SET purged_at = NULL WHERE video_id = @VideoId AND deleted_at IS NOT NULL", row, transaction) == 0) return false;
            await connection.ExecuteAsync("UPDATE deleted_sessions SET purged_at = NULL WHERE user_id = @UserId AND request_id = @RequestId", row, transaction);
            return true;
        },
        cancellationToken);

    /// <summary>Removes what stands behind a tombstone whose objects are gone; bare IDs and times stay.</summary>
    public Task PurgedAsync(VideoId videoId, UserId userId, int objects, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var rows = await tables.RemoveAsync(transaction, userId, videoId.ToString());
            await ErasureTable.CountAsync(transaction, userId, objects: objects, rows: rows);
            await transaction.Connection!.ExecuteAsync("UPDATE videos SET purged_at = @now, settings = '{}' WHERE video_id = @videoId", new { videoId, now = clock.GetUtcNow() }, transaction);
        },
        cancellationToken);

    /// <summary>Marks a deleted session whose objects are gone.</summary>
    public Task SessionPurgedAsync(DeletedSession session, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync(
            "UPDATE deleted_sessions SET purged_at = @now WHERE user_id = @UserId AND request_id = @RequestId",
            new { session.UserId, session.RequestId, now = clock.GetUtcNow() },
            transaction),
        cancellationToken);

    /// <summary>Buried videos whose objects or rows are not all gone.</summary>
    public async Task<IReadOnlyList<VideoRow>> UnpurgedAsync(UserId? userId, RequestId? requestId, CancellationToken cancellationToken)
    {
        // The request that buried a video removes it, too, and answers with what it has removed: only what was left is found here.
        var which = requestId is null ? "AND deleted_at < @settled" : "AND user_id = @userId AND request_id = @requestId";
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<VideoRow>(new CommandDefinition(
                $"SELECT {VideoTable.Columns} FROM videos WHERE deleted_at IS NOT NULL AND purged_at IS NULL {which} ORDER BY deleted_at",
                new { userId = userId ?? default, requestId = requestId ?? default, settled = clock.GetUtcNow() - TimeSpan.FromSeconds(10) },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }

    /// <summary>Deleted sessions whose objects are not all gone.</summary>
    public async Task<IReadOnlyList<DeletedSession>> UnpurgedSessionsAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<SessionTombstone>(new CommandDefinition(
                "SELECT sequence, user_id, request_id FROM deleted_sessions WHERE purged_at IS NULL ORDER BY sequence", cancellationToken: cancellationToken)),
            cancellationToken);
        return [.. rows.Select(row => new DeletedSession(row.Sequence, row.UserId, row.RequestId))];
    }

    private sealed record SessionTombstone
    {
        public long Sequence { get; init; }

        public UserId UserId { get; init; }

        public RequestId RequestId { get; init; }
    }
}
