using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using VideoService.Videos;

namespace VideoService.Retention;

/// <summary>The statements that end what is old, and those of a user's erasure. Each asks an index, and for a batch.</summary>
internal sealed class RetentionTable(DbDataSource database)
{
    /// <summary>Living films that ended in a state before a moment, the oldest first.</summary>
    public async Task<IReadOnlyList<VideoRow>> DueAsync(VideoStatus status, DateTimeOffset before, int limit, CancellationToken cancellationToken) => await RowsAsync(
        "deleted_at IS NULL AND completed_at IS NOT NULL AND status = @status AND completed_at <= @before ORDER BY completed_at LIMIT @limit",
        new { status = WireText.Of(status), before, limit },
        cancellationToken);

    /// <summary>Takes such a film for the rest of the transaction; false where it has changed since, as by a retry.</summary>
    public static async Task<bool> TakeDueAsync(DbTransaction transaction, VideoId videoId, VideoStatus status, DateTimeOffset before) =>
        await transaction.Connection!.ExecuteAsync(
            "UPDATE videos SET revision = revision + 1 WHERE video_id = @videoId AND deleted_at IS NULL AND status = @status AND completed_at <= @before",
            new { videoId, status = WireText.Of(status), before },
            transaction) == 1;

    /// <summary>The living films of a user after one in their order, none of them younger than a moment.</summary>
    public Task<IReadOnlyList<VideoRow>> LivingAsync(UserId userId, string after, DateTimeOffset until, int limit, CancellationToken cancellationToken) => RowsAsync(
        "user_id = @userId AND video_id > @after AND created_at <= @until AND deleted_at IS NULL ORDER BY video_id LIMIT @limit", new { userId, after, until, limit }, cancellationToken);

    /// <summary>The buried films of a user whose objects are not all gone.</summary>
    public Task<IReadOnlyList<VideoRow>> UnpurgedAsync(UserId userId, int limit, CancellationToken cancellationToken) => RowsAsync(
        "user_id = @userId AND deleted_at IS NOT NULL AND purged_at IS NULL ORDER BY deleted_at LIMIT @limit", new { userId, limit }, cancellationToken);

    /// <summary>Whether a session has a living film.</summary>
    public static async Task<bool> HasLivingAsync(DbTransaction transaction, UserId userId, RequestId requestId) => await transaction.Connection!.ExecuteScalarAsync<long>(
        "SELECT count(*) FROM videos WHERE user_id = @userId AND request_id = @requestId AND deleted_at IS NULL", new { userId, requestId }, transaction) > 0;

    /// <summary>Forgets films and sessions whose removal was finished before a moment; answers how many.</summary>
    public static async Task<int> ForgetAsync(DbTransaction transaction, DateTimeOffset before, int limit)
    {
        var connection = transaction.Connection!;
        var films = await connection.ExecuteAsync(
            "DELETE FROM videos WHERE video_id IN (SELECT video_id FROM videos WHERE purged_at < @before ORDER BY purged_at LIMIT @limit)", new { before, limit }, transaction);
        var sessions = await connection.ExecuteAsync(
            """
            DELETE FROM deleted_sessions WHERE (user_id, request_id) IN (
              SELECT user_id, request_id FROM deleted_sessions WHERE purged_at < @before ORDER BY purged_at LIMIT @limit)
            """,
            new { before, limit },
            transaction);
        return Math.Max(films, sessions);
    }

    private async Task<IReadOnlyList<VideoRow>> RowsAsync(string where, object parameters, CancellationToken cancellationToken) => (await database.ReadAsync(
        connection => connection.QueryAsync<VideoRow>(new CommandDefinition($"SELECT {VideoTable.Columns} FROM videos WHERE {where}", parameters, cancellationToken: cancellationToken)),
        cancellationToken)).AsList();
}
