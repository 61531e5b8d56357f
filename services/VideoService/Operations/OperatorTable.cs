using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using VideoService.Videos;

namespace VideoService.Operations;

/// <summary>The statements of operators' commands.</summary>
internal sealed class OperatorTable(DbDataSource database)
{
    private const int Page = 200;

    /// <summary>The users of whom the database knows a film, in order.</summary>
    public async IAsyncEnumerable<UserId> UsersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        while (true)
        {
            var from = after;
            var users = (await database.ReadAsync(
                connection => connection.QueryAsync<string>(new CommandDefinition(
                    "SELECT DISTINCT user_id FROM videos WHERE user_id > @from ORDER BY user_id LIMIT @Page", new { from, Page }, cancellationToken: cancellationToken)),
                cancellationToken)).AsList();

            foreach (var user in users) yield return UserId.Parse(user);
            if (users.Count < Page) yield break;
            after = users[^1];
        }
    }

    /// <summary>All films of a session, with tombstones.</summary>
    public async Task<IReadOnlyList<VideoRow>> FilmsAsync(UserId userId, RequestId requestId, CancellationToken cancellationToken) => (await database.ReadAsync(
        connection => connection.QueryAsync<VideoRow>(new CommandDefinition(
            $"SELECT {VideoTable.Columns} FROM videos WHERE user_id = @userId AND request_id = @requestId", new { userId, requestId }, cancellationToken: cancellationToken)),
        cancellationToken)).AsList();

    /// <summary>Whether FrameService has told that the session was deleted.</summary>
    public async Task<bool> IsDeletedAsync(UserId userId, RequestId requestId, CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM deleted_sessions WHERE user_id = @userId AND request_id = @requestId", new { userId, requestId }, cancellationToken: cancellationToken)),
        cancellationToken) > 0;

    /// <summary>The clips and joints that the living films of a session show, and the footage that they are made of.</summary>
    public async Task<HashSet<ObjectKey>> PointedAsync(UserId userId, RequestId requestId, CancellationToken cancellationToken) => [.. await database.ReadAsync(
        connection => connection.QueryAsync<ObjectKey>(new CommandDefinition(
            """
            SELECT DISTINCT piece.object_key FROM video_pieces piece JOIN videos living ON living.video_id = piece.video_id
            WHERE living.user_id = @userId AND living.request_id = @requestId AND living.deleted_at IS NULL AND piece.object_key IS NOT NULL
            UNION
            SELECT task.object_key FROM clip_tasks task JOIN clip_wants want ON want.user_id = task.user_id AND want.request_id = task.request_id AND want.input_hash = task.input_hash
              JOIN videos living ON living.video_id = want.video_id
            WHERE task.user_id = @userId AND task.request_id = @requestId AND living.deleted_at IS NULL AND task.object_key IS NOT NULL
            """,
            new { userId, requestId },
            cancellationToken: cancellationToken)),
        cancellationToken)];

    /// <summary>Adds a completed film; false where it has a row by now, or where its session was deleted.</summary>
    public static async Task<bool> InsertCompletedAsync(DbTransaction transaction, VideoRow row)
    {
        var connection = transaction.Connection!;
        var deleted = await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM deleted_sessions WHERE user_id = @UserId AND request_id = @RequestId", row, transaction);
        return deleted == 0 && await connection.ExecuteAsync(
            """
            INSERT INTO videos (video_id, user_id, request_id, status, progress, revision, settings, frames_revision, duration, fps, width, height, metadata, film_key, poster_key,
              sha256, bytes, created_at, started_at, completed_at)
            VALUES (@VideoId, @UserId, @RequestId, @Status, @Progress, @Revision, @Settings, @FramesRevision, @Duration, @Fps, @Width, @Height, @Metadata, @FilmKey, @PosterKey,
              @Sha256, @Bytes, @CreatedAt, @StartedAt, @CompletedAt)
            ON CONFLICT (video_id) DO NOTHING
            """,
            row,
            transaction) == 1;
    }
}
