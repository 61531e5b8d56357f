using System.Data.Common;
using System.Text.Json;
using Dapper;
using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>
/// The log of a session or a video. An entry's number is counted up in the resource's own row within the transaction that changes its
/// state, so there are no gaps and no doubles; this class writes it beside and reads it back. Where the resource has a callback URL, the entry is put on its way there
/// in the same transaction.
/// </summary>
/// <remarks>Both services' databases have the table <c>events(user_id, resource_id, number, type, attempt, time, data)</c>.</remarks>
public sealed class EventLog(DbDataSource database, DeliveryTable deliveries, EventSignal signal, TimeProvider clock)
{
    /// <summary>The ID of an entry, in the log, in streams and as <c>webhook-id</c> alike.</summary>
    public static string IdOf(string resourceId, long number) => $"evt_{resourceId}_{number}";

    /// <summary>Writes one entry within the caller's transaction.</summary>
    public async Task AppendAsync(DbTransaction transaction, UserId userId, string resourceId, long number, string type, int attempt, object data)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var time = clock.GetUtcNow();
        // A request ID is its user's: only with the user it tells a receiver of many users' events whose session this is.
        var named = JsonSerializer.SerializeToNode(data, WireJson.Options)!.AsObject();
        named["userId"] = userId.ToString();
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO events (user_id, resource_id, number, type, attempt, time, data)
            VALUES (@userId, @resourceId, @number, @type, @attempt, @time, @data)
            """,
            new { userId, resourceId, number, type, attempt, time, data = named.ToJsonString(WireJson.Options) },
            transaction);
        await deliveries.AddAsync(transaction, userId, resourceId, number, type, time);
        transaction.OnCommit(() => signal.Raise(new ResourceKey(userId, resourceId)));
    }

    /// <summary>The entries after a number, oldest first, at most <paramref name="limit"/>.</summary>
    public async Task<IReadOnlyList<Event>> ReadAsync(UserId userId, string resourceId, long after, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<Row>(new CommandDefinition(
                """
                SELECT number, type, attempt, time, data FROM events
                WHERE user_id = @userId AND resource_id = @resourceId AND number > @after
                ORDER BY number LIMIT @limit
                """,
                new { userId, resourceId, after, limit },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return [.. rows.Select(row => row.ToEvent(resourceId))];
    }

    /// <summary>One entry; null where it is gone with its resource.</summary>
    public async Task<Event?> FindAsync(UserId userId, string resourceId, long number, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
                "SELECT number, type, attempt, time, data FROM events WHERE user_id = @userId AND resource_id = @resourceId AND number = @number",
                new { userId, resourceId, number },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return row?.ToEvent(resourceId);
    }

    /// <summary>
    /// The entries of many logs after a number of each, in one statement; those of one log oldest first. Past <paramref name="limit"/> entries in all the rest is left for the next call:
    /// what is there of each log has no gaps.
    /// </summary>
    public async Task<ILookup<ResourceKey, Event>> ReadAsync(IReadOnlyDictionary<ResourceKey, long> after, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(after);
        var keys = JsonSerializer.Serialize(after.Select(one => new[] { one.Key.UserId.ToString(), one.Key.ResourceId, one.Value.ToString() }));
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<Row>(new CommandDefinition(
                $"""
                SELECT e.user_id, e.resource_id, e.number, e.type, e.attempt, e.time, e.data
                FROM {JsonRows.From(connection)} k
                JOIN events e ON e.user_id = k.value ->> 0 AND e.resource_id = k.value ->> 1 AND e.number > CAST(k.value ->> 2 AS bigint)
                ORDER BY e.user_id, e.resource_id, e.number LIMIT @limit
                """,
                new { keys, limit },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.ToLookup(row => new ResourceKey(row.UserId, row.ResourceId), row => row.ToEvent(row.ResourceId));
    }

    private sealed class Row
    {
        public UserId UserId { get; init; }

        public string ResourceId { get; init; } = "";

        public long Number { get; init; }

        public string Type { get; init; } = "";

        public int Attempt { get; init; }

        public DateTimeOffset Time { get; init; }

        public string Data { get; init; } = "";

        public Event ToEvent(string resourceId) => new(IdOf(resourceId, Number), Number, Type, Attempt, Time, JsonSerializer.Deserialize<JsonElement>(Data));
    }
}
