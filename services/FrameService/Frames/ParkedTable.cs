using System.Data.Common;
using Dapper;
using FrameService.Sessions;
using FrameVideo.Contracts;

namespace FrameService.Frames;

/// <summary>The pictures that the object store has refused, kept whole with the service until it takes them.</summary>
internal sealed class ParkedTable(DbDataSource database, TimeProvider clock)
{
    /// <summary>Parks a picture in the transaction that writes its frame. The same picture is parked once.</summary>
    public Task ParkAsync(DbTransaction transaction, SessionKey session, ObjectKey key, byte[] content) => transaction.Connection!.ExecuteAsync(
        """
        INSERT INTO parked (user_id, request_id, object_key, bytes, content, parked_at)
        VALUES (@UserId, @RequestId, @key, @bytes, @content, @now)
        ON CONFLICT (object_key) DO NOTHING
        """,
        new { session.UserId, session.RequestId, key, bytes = content.Length, content, now = clock.GetUtcNow() },
        transaction);

    /// <summary>A parked picture; null where it is not (or no longer) parked.</summary>
    public async Task<byte[]?> ReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
            "SELECT content FROM parked WHERE object_key = @key", new { key }, cancellationToken: cancellationToken));
    }

    /// <summary>Bytes parked in all, and for one user.</summary>
    public async Task<(long All, long User)> CountAsync(UserId userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<(long, long)>(new CommandDefinition(
            "SELECT coalesce(sum(bytes), 0), coalesce(sum(CASE WHEN user_id = @userId THEN bytes ELSE 0 END), 0) FROM parked",
            new { userId },
            cancellationToken: cancellationToken));
    }

    /// <summary>The names of parked pictures, the longest-waiting first.</summary>
    public async Task<IReadOnlyList<ObjectKey>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ObjectKey>(new CommandDefinition(
            "SELECT object_key FROM parked ORDER BY parked_at LIMIT @limit", new { limit }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Whether a picture is parked.</summary>
    public static async Task<bool> HasAsync(DbTransaction transaction, ObjectKey key) =>
        await transaction.Connection!.ExecuteScalarAsync<long>("SELECT count(*) FROM parked WHERE object_key = @key", new { key }, transaction) > 0;

    /// <summary>Ends the parking of a picture.</summary>
    public static Task RemoveAsync(DbTransaction transaction, ObjectKey key) =>
        transaction.Connection!.ExecuteAsync("DELETE FROM parked WHERE object_key = @key", new { key }, transaction);
}
