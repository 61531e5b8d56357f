using System.Data.Common;
using System.Text.Json;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace VideoService.Videos;

/// <summary>The statements on <c>videos</c> that serve requests. Look-ups for callers are by user and ID together, and a tombstone is not there.</summary>
internal sealed class VideoTable(DbDataSource database, EventLog events)
{
    internal const string Columns =
        """
        video_id, user_id, request_id, status, stage, progress, revision, event_number, attempt, idle_attempts, settings, frames_revision, duration, fps, width, height,
        metadata, error, film_key, poster_key, sha256, bytes, created_at, started_at, completed_at, deleted_at
        """;

    /// <summary>A caller's film; null where there is none.</summary>
    public async Task<VideoRow?> FindAsync(UserId userId, VideoId videoId, CancellationToken cancellationToken)
    {
        return await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<VideoRow>(new CommandDefinition(
                $"SELECT {Columns} FROM videos WHERE video_id = @videoId AND user_id = @userId AND deleted_at IS NULL", new { userId, videoId }, cancellationToken: cancellationToken)),
            cancellationToken);
    }

    /// <summary>A caller's film.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public async Task<VideoRow> RequireAsync(UserId userId, VideoId videoId, CancellationToken cancellationToken) =>
        await FindAsync(userId, videoId, cancellationToken) ?? throw ChangeVideo.NotFound(videoId);

    /// <summary>A user's newest films, of one request or of all, that are older than a place in the list.</summary>
    public async Task<IReadOnlyList<VideoRow>> ListAsync(UserId userId, RequestId? requestId, DateTimeOffset? beforeTime, VideoId? beforeId, int limit, CancellationToken cancellationToken)
    {
        var ofRequest = requestId is null ? "" : "AND request_id = @requestId";
        // Compared as a pair, so that the index leads to the place.
        var older = beforeTime is null ? "" : "AND (created_at, video_id) < (@beforeTime, @beforeId)";
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<VideoRow>(new CommandDefinition(
                $"""
                SELECT {Columns} FROM videos
                WHERE user_id = @userId AND deleted_at IS NULL {ofRequest} {older}
                ORDER BY created_at DESC, video_id DESC LIMIT @limit
                """,
                new { userId, requestId = requestId ?? default, beforeTime = beforeTime ?? default, beforeId = beforeId ?? default, limit },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }

    /// <summary>Adds a row; false where the session was deleted meanwhile.</summary>
    public async Task<bool> InsertAsync(DbTransaction transaction, VideoRow row)
    {
        await LockSessionAsync(transaction, row.UserId, row.RequestId);
        return await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO videos (video_id, user_id, request_id, status, settings, frames_revision, duration, fps, width, height, metadata, created_at)
            SELECT @VideoId, @UserId, @RequestId, @Status, @Settings, @FramesRevision, @Duration, @Fps, @Width, @Height, @Metadata, @CreatedAt
            WHERE NOT EXISTS (SELECT 1 FROM deleted_sessions WHERE user_id = @UserId AND request_id = @RequestId)
            """,
            row,
            transaction) == 1;
    }

    /// <summary>Lets no video be added to a session while its deletion is being written, nor the other way round: neither would see the other's rows.</summary>
    public static Task LockSessionAsync(DbTransaction transaction, UserId userId, RequestId requestId) => transaction.LockAsync($"videos of {userId}/{requestId}");

    /// <summary>Takes the row for the rest of the transaction and counts its revision up; null where there is none, or a tombstone.</summary>
    public Task<VideoRow?> LockAsync(DbTransaction transaction, VideoId videoId) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<VideoRow?>(
            $"UPDATE videos SET revision = revision + 1 WHERE video_id = @videoId AND deleted_at IS NULL RETURNING {Columns}", new { videoId }, transaction);

    /// <summary>Writes back what may change of a row that this transaction has taken.</summary>
    public Task SaveAsync(DbTransaction transaction, VideoRow row) => transaction.Connection!.ExecuteAsync(
        """
        UPDATE videos SET status = @Status, stage = @Stage, progress = @Progress, event_number = @EventNumber, attempt = @Attempt, idle_attempts = @IdleAttempts,
          error = @Error, film_key = @FilmKey, poster_key = @PosterKey, sha256 = @Sha256, bytes = @Bytes, started_at = @StartedAt, completed_at = @CompletedAt
        WHERE video_id = @VideoId
        """,
        row,
        transaction);

    /// <summary>How many films of a user are being rendered or wait for that.</summary>
    public static Task<int> CountOpenAsync(DbTransaction transaction, UserId userId) => transaction.Connection!.ExecuteScalarAsync<int>(
        "SELECT count(*) FROM videos WHERE user_id = @userId AND status IN ('queued', 'in_progress') AND deleted_at IS NULL", new { userId }, transaction);

    /// <summary>Logs an event of a taken row; the row that comes back has its number and is to be saved.</summary>
    public async Task<VideoRow> AppendAsync(DbTransaction transaction, VideoRow row, string type, object data)
    {
        row = row with { EventNumber = row.EventNumber + 1 };
        // Whoever is sent the entry has nothing else to find the film by.
        var named = JsonSerializer.SerializeToNode(data, WireJson.Options)!.AsObject();
        named.Insert(0, "videoId", row.VideoId.ToString());
        await events.AppendAsync(transaction, row.UserId, row.VideoId.ToString(), row.EventNumber, type, row.Attempt, named);
        return row;
    }

    /// <summary>What a film waits for, the object store or AI services; null where it does not.</summary>
    public async Task<VideoStage?> WaitsForAsync(VideoId videoId, CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "SELECT stage FROM videos WHERE video_id = @videoId AND status = 'in_progress' AND stage IN ('waiting_for_store', 'waiting_for_provider') AND deleted_at IS NULL", new { videoId }, cancellationToken: cancellationToken)),
        cancellationToken) is { } stage ? WireText.Parse<VideoStage>(stage) : null;

    /// <summary>How many films wait to be rendered and are being, and since when the first has waited; one that is tried again says nothing of that.</summary>
    public Task<WorkBacklog?> BacklogAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (WorkBacklog?)await connection.QuerySingleAsync<WorkBacklog>(new CommandDefinition(
            """
            SELECT count(CASE WHEN status = 'queued' THEN 1 END) AS waiting, count(CASE WHEN status = 'in_progress' THEN 1 END) AS running,
              min(CASE WHEN status = 'queued' AND started_at IS NULL THEN created_at END) AS since
            FROM videos WHERE status IN ('queued', 'in_progress') AND deleted_at IS NULL
            """,
            cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Films that are not ended, the oldest first.</summary>
    public async Task<IReadOnlyList<VideoId>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<VideoId>(new CommandDefinition(
                "SELECT video_id FROM videos WHERE status IN ('queued', 'in_progress') AND deleted_at IS NULL ORDER BY created_at, video_id", cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }
}
