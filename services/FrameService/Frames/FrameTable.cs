using System.Data.Common;
using Dapper;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Frames;

/// <summary>Every statement on <c>frames</c>.</summary>
internal sealed class FrameTable(DbDataSource database, TimeProvider clock)
{
    internal const string Columns =
        """
        user_id, request_id, number, status, revision, timestamp, description, prompt, scene_story, object_key, sha256, content_type, bytes,
        width, height, provider, model, seed, error, redraw, updated_at
        """;

    /// <summary>Remembers the picture that a frame shows now, where it is not to show it any more: in the transaction of the change, wherever that comes from.</summary>
    private const string Supersede =
        """
        INSERT INTO superseded_frames (user_id, request_id, object_key, since)
        SELECT user_id, request_id, object_key, @UpdatedAt FROM frames
        WHERE user_id = @UserId AND request_id = @RequestId AND number = @Number AND object_key IS NOT NULL AND object_key <> coalesce(@ObjectKey, '')
        ON CONFLICT (user_id, request_id, object_key) DO UPDATE SET since = excluded.since, removed_at = NULL;

        """;

    /// <summary>The frames of one request, by number.</summary>
    public async Task<IReadOnlyList<FrameRow>> ListAsync(SessionKey session, CancellationToken cancellationToken)
    {
        return (await database.ReadAsync(
            connection => connection.QueryAsync<FrameRow>(new CommandDefinition(
                $"SELECT {Columns} FROM frames WHERE user_id = @UserId AND request_id = @RequestId ORDER BY number", session, cancellationToken: cancellationToken)),
            cancellationToken)).AsList();
    }

    /// <inheritdoc cref="ListAsync(SessionKey, CancellationToken)"/>
    public static async Task<IReadOnlyList<FrameRow>> ListAsync(DbTransaction transaction, SessionKey session) =>
        (await transaction.Connection!.QueryAsync<FrameRow>(
            $"SELECT {Columns} FROM frames WHERE user_id = @UserId AND request_id = @RequestId ORDER BY number", session, transaction)).AsList();

    /// <summary>One frame; null where there is none.</summary>
    public async Task<FrameRow?> FindAsync(SessionKey session, int number, CancellationToken cancellationToken)
    {
        return await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<FrameRow>(new CommandDefinition(
                $"SELECT {Columns} FROM frames WHERE user_id = @UserId AND request_id = @RequestId AND number = @number",
                new { session.UserId, session.RequestId, number },
                cancellationToken: cancellationToken)),
            cancellationToken);
    }

    /// <inheritdoc cref="FindAsync(SessionKey, int, CancellationToken)"/>
    public static Task<FrameRow?> FindAsync(DbTransaction transaction, SessionKey session, int number) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<FrameRow?>(
            $"SELECT {Columns} FROM frames WHERE user_id = @UserId AND request_id = @RequestId AND number = @number",
            new { session.UserId, session.RequestId, number },
            transaction);

    /// <summary>Writes frames, each new or in the place of the one with its number, whose picture stays in the store for a while.</summary>
    public Task WriteAsync(DbTransaction transaction, params IReadOnlyCollection<FrameRow> frames) => transaction.Connection!.ExecuteAsync(
        Supersede +
        """
        INSERT INTO frames (user_id, request_id, number, status, revision, timestamp, description, prompt, scene_story, object_key, sha256, content_type, bytes,
          width, height, provider, model, seed, error, redraw, updated_at)
        VALUES (@UserId, @RequestId, @Number, @Status, @Revision, @Timestamp, @Description, @Prompt, @SceneStory, @ObjectKey, @Sha256, @ContentType, @Bytes,
          @Width, @Height, @Provider, @Model, @Seed, @Error, @Redraw, @UpdatedAt)
        ON CONFLICT (user_id, request_id, number) DO UPDATE SET
          status = excluded.status, revision = frames.revision + 1, timestamp = excluded.timestamp, description = excluded.description, prompt = excluded.prompt,
          scene_story = excluded.scene_story, object_key = excluded.object_key, sha256 = excluded.sha256, content_type = excluded.content_type,
          bytes = excluded.bytes, width = excluded.width, height = excluded.height, provider = excluded.provider, model = excluded.model,
          seed = excluded.seed, error = excluded.error, redraw = excluded.redraw, updated_at = excluded.updated_at
        """,
        frames.Select(frame => frame with { UpdatedAt = clock.GetUtcNow() }),
        transaction);

    /// <summary>The objects that a session's rows point at, parked ones included.</summary>
    public static async Task<HashSet<ObjectKey>> PointedAsync(DbTransaction transaction, SessionKey session) =>
        [.. await transaction.Connection!.QueryAsync<ObjectKey>(
            """
            SELECT object_key FROM frames WHERE user_id = @UserId AND request_id = @RequestId AND object_key IS NOT NULL
            UNION SELECT object_key FROM parked WHERE user_id = @UserId AND request_id = @RequestId
            """,
            session,
            transaction)];

    /// <summary>Adds a pending row for each number from 1 to the count that has none.</summary>
    public Task WriteMissingAsync(DbTransaction transaction, SessionKey session, int count) => transaction.Connection!.ExecuteAsync(
        """
        INSERT INTO frames (user_id, request_id, number, status, updated_at) VALUES (@UserId, @RequestId, @number, 'pending', @now)
        ON CONFLICT (user_id, request_id, number) DO NOTHING
        """,
        Enumerable.Range(1, count).Select(number => new { session.UserId, session.RequestId, number, now = clock.GetUtcNow() }),
        transaction);

    /// <summary>How many frames have a picture, and no other one asked for.</summary>
    public static Task<int> CountReadyAsync(DbTransaction transaction, SessionKey session) => transaction.Connection!.ExecuteScalarAsync<int>(
        "SELECT count(*) FROM frames WHERE user_id = @UserId AND request_id = @RequestId AND status IN ('stored', 'inline') AND redraw IS NULL", session, transaction);

    /// <summary>Nobody is at the frames of a session that has ended: what was being made is pending again, and what was to be made again stays as it is.</summary>
    public Task ReleaseAsync(DbTransaction transaction, SessionKey session) => transaction.Connection!.ExecuteAsync(
        """
        UPDATE frames SET status = CASE status WHEN 'generating' THEN 'pending' ELSE status END, redraw = NULL, revision = revision + 1, updated_at = @now
        WHERE user_id = @UserId AND request_id = @RequestId AND (status = 'generating' OR redraw IS NOT NULL)
        """,
        new { session.UserId, session.RequestId, now = clock.GetUtcNow() },
        transaction);

    /// <summary>Removes the frames past those that a save names; their pictures stay in the store for a while.</summary>
    public Task RemoveAsync(DbTransaction transaction, SessionKey session, IEnumerable<int> numbers) => transaction.Connection!.ExecuteAsync(
        Supersede + "DELETE FROM frames WHERE user_id = @UserId AND request_id = @RequestId AND number = @Number",
        numbers.Select(number => new { session.UserId, session.RequestId, Number = number, ObjectKey = "", UpdatedAt = clock.GetUtcNow() }),
        transaction);
}
