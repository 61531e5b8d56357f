using System.Data.Common;
using Dapper;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Retention;

/// <summary>The statements on <c>superseded_frames</c>, but for the one that adds to them, which stands with the change of a frame.</summary>
internal sealed class SupersededTable(DbDataSource database)
{
    /// <summary>Pictures in whose place another one came before a moment, the oldest first.</summary>
    public async Task<IReadOnlyList<ObjectKey>> DueAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => (await database.ReadAsync(
        connection => connection.QueryAsync<ObjectKey>(new CommandDefinition(
            "SELECT object_key FROM superseded_frames WHERE removed_at IS NULL AND since <= @before ORDER BY since LIMIT @limit", new { before, limit }, cancellationToken: cancellationToken)),
        cancellationToken)).AsList();

    /// <summary>The pictures of a session that are kept for their time.</summary>
    public static async Task<HashSet<ObjectKey>> KeptAsync(DbTransaction transaction, SessionKey session) => [.. await transaction.Connection!.QueryAsync<ObjectKey>(
        "SELECT object_key FROM superseded_frames WHERE user_id = @UserId AND request_id = @RequestId AND removed_at IS NULL", session, transaction)];

    /// <summary>Whether a picture is, or was a moment ago, one that is to be removed.</summary>
    public static async Task<bool> HasAsync(DbTransaction transaction, ObjectKey key) => await transaction.Connection!.ExecuteScalarAsync<long>(
        "SELECT count(*) FROM superseded_frames WHERE user_id = @UserId AND request_id = @RequestId AND object_key = @key", new { key.UserId, key.RequestId, key }, transaction) > 0;

    /// <summary>Whether a picture is still to be removed by now.</summary>
    public static async Task<bool> IsDueAsync(DbTransaction transaction, ObjectKey key, DateTimeOffset before) => await transaction.Connection!.ExecuteScalarAsync<long>(
        "SELECT count(*) FROM superseded_frames WHERE user_id = @UserId AND request_id = @RequestId AND object_key = @key AND removed_at IS NULL AND since <= @before",
        new { key.UserId, key.RequestId, key, before },
        transaction) > 0;

    /// <summary>The object is gone; the row stays for a while.</summary>
    public static Task RemovedAsync(DbTransaction transaction, ObjectKey key, DateTimeOffset now) => ChangeAsync(transaction, key, "UPDATE superseded_frames SET removed_at = @now", now);

    /// <summary>It is looked at again after another full time.</summary>
    public static Task PostponeAsync(DbTransaction transaction, ObjectKey key, DateTimeOffset now) => ChangeAsync(transaction, key, "UPDATE superseded_frames SET since = @now", now);

    /// <summary>It is shown again, or is none of ours to remove.</summary>
    public static Task ForgetAsync(DbTransaction transaction, ObjectKey key) => ChangeAsync(transaction, key, "DELETE FROM superseded_frames", default);

    /// <summary>Removes the rows of objects that went before a moment.</summary>
    public static Task<int> ForgetAsync(DbTransaction transaction, DateTimeOffset before) =>
        transaction.Connection!.ExecuteAsync("DELETE FROM superseded_frames WHERE removed_at < @before", new { before }, transaction);

    private static Task ChangeAsync(DbTransaction transaction, ObjectKey key, string change, DateTimeOffset now) => transaction.Connection!.ExecuteAsync(
        $"{change} WHERE user_id = @UserId AND request_id = @RequestId AND object_key = @key", new { key.UserId, key.RequestId, key, now }, transaction);
}
