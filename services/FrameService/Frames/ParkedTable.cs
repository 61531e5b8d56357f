using System.Data.Common;
using Dapper;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Frames;

/// <summary>The pictures that the object store has refused, kept whole with the service until it takes them.</summary>
internal sealed class ParkedTable(DbDataSource database, TimeProvider clock, IConfiguration configuration)
{
    private const string Sums = "SELECT CAST(coalesce(sum(bytes), 0) AS bigint), CAST(coalesce(sum(CASE WHEN user_id = @userId THEN bytes ELSE 0 END), 0) AS bigint) FROM parked";

    private readonly long _maxBytes = configuration.GetValue("Frames:MaxParkedBytes", 1L << 30);
    private readonly long _maxBytesPerUser = configuration.GetValue("Frames:MaxParkedBytesPerUser", 256L << 20);

    /// <summary>Parks a picture in the transaction that writes its frame. The same picture is parked once.</summary>
    /// <exception cref="ProblemException">storage-unavailable: no more is kept, in all or of this user.</exception>
    public async Task ParkAsync(DbTransaction transaction, SessionKey session, ObjectKey key, byte[] content)
    {
        var connection = transaction.Connection!;
        var isNew = await connection.ExecuteAsync(
            """
            INSERT INTO parked (user_id, request_id, object_key, bytes, content, parked_at)
            VALUES (@UserId, @RequestId, @key, @bytes, @content, @now)
            ON CONFLICT (object_key) DO NOTHING
            """,
            new { session.UserId, session.RequestId, key, bytes = content.Length, content, now = clock.GetUtcNow() },
            transaction) == 1;
        if (!isNew) return;
        // One after the other, or each of many would find room for itself alone; the bytes are there by then, so that nobody waits for their way.
        await transaction.LockAsync("parked");
        Require(await connection.QuerySingleAsync<(long, long)>(Sums, new { userId = session.UserId }, transaction), more: 0);
    }

    /// <summary>Looks whether there is room for a picture, before it is read into memory. <see cref="ParkAsync"/> decides.</summary>
    /// <exception cref="ProblemException">storage-unavailable: there is none.</exception>
    public async Task RequireRoomAsync(UserId userId, long bytes, CancellationToken cancellationToken) => Require(
        await database.ReadAsync(connection => connection.QuerySingleAsync<(long, long)>(new CommandDefinition(Sums, new { userId }, cancellationToken: cancellationToken)), cancellationToken),
        bytes);

    /// <summary>A parked picture; null where it is not (or no longer) parked.</summary>
    public async Task<byte[]?> ReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        return await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
                "SELECT content FROM parked WHERE object_key = @key", new { key }, cancellationToken: cancellationToken)),
            cancellationToken);
    }

    /// <summary>The names of parked pictures, the longest-waiting first.</summary>
    public async Task<IReadOnlyList<ObjectKey>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        return (await database.ReadAsync(
            connection => connection.QueryAsync<ObjectKey>(new CommandDefinition(
                "SELECT object_key FROM parked ORDER BY parked_at LIMIT @limit", new { limit }, cancellationToken: cancellationToken)),
            cancellationToken)).AsList();
    }

    /// <summary>How many are parked, and their bytes.</summary>
    public Task<ParkedSums> SumAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleAsync<ParkedSums>(new CommandDefinition(
            "SELECT count(*) AS frames, CAST(coalesce(sum(bytes), 0) AS bigint) AS bytes FROM parked", cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Whether a picture is parked.</summary>
    public static async Task<bool> HasAsync(DbTransaction transaction, ObjectKey key) =>
        await transaction.Connection!.ExecuteScalarAsync<long>("SELECT count(*) FROM parked WHERE object_key = @key", new { key }, transaction) > 0;

    /// <summary>Ends the parking of a picture.</summary>
    public static Task RemoveAsync(DbTransaction transaction, ObjectKey key) =>
        transaction.Connection!.ExecuteAsync("DELETE FROM parked WHERE object_key = @key", new { key }, transaction);

    private void Require((long All, long User) parked, long more)
    {
        if (parked.All + more > _maxBytes || parked.User + more > _maxBytesPerUser)
            throw new ProblemException(ErrorCodes.StorageUnavailable, "The object store does not answer, and no more pictures can be kept until it does. This one was not taken.");
    }
}

/// <summary>What is parked.</summary>
internal sealed class ParkedSums
{
    public long Frames { get; set; }

    public long Bytes { get; set; }
}
