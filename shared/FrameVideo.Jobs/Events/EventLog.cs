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
public sealed class EventLog(DbDataSource database, DeliveryTable deliveries, TimeProvider clock)
{
    /// <summary>The ID of an entry, in the log, in streams and as <c>webhook-id</c> alike.</summary>
    public static string IdOf(string resourceId, long number) => $"evt_{resourceId}_{number}";

    /// <summary>Writes one entry within the caller's transaction.</summary>
    public async Task AppendAsync(DbTransaction transaction, UserId userId, string resourceId, long number, string type, int attempt, object data)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var time = clock.GetUtcNow();
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO events (user_id, resource_id, number, type, attempt, time, data)
            VALUES (@userId, @resourceId, @number, @type, @attempt, @time, @data)
            """,
            new { userId, resourceId, number, type, attempt, time, data = JsonSerializer.Serialize(data, WireJson.Options) },
            transaction);
        await deliveries.AddAsync(transaction, userId, resourceId, number, type, time);
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

    private sealed class Row
    {
        public long Number { get; init; }

        public string Type { get; init; } = "";

        public int Attempt { get; init; }

        public DateTimeOffset Time { get; init; }

        public string Data { get; init; } = "";

        public Event ToEvent(string resourceId) => new(IdOf(resourceId, Number), Number, Type, Attempt, Time, JsonSerializer.Deserialize<JsonElement>(Data));
    }
}
