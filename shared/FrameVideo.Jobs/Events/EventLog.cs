using System.Data.Common;
using System.Text.Json;
using Dapper;
using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>
/// The log of a session or a video. An entry's number is counted up in the resource's own row within the transaction that changes its
/// state, so there are no gaps and no doubles; this class writes it beside and reads it back.
/// </summary>
/// <remarks>Both services' databases have the table <c>events(user_id, resource_id, number, type, attempt, time, data)</c>.</remarks>
public sealed class EventLog(DbDataSource database, TimeProvider clock)
{
    /// <summary>Writes one entry within the caller's transaction.</summary>
    public async Task AppendAsync(DbTransaction transaction, UserId userId, string resourceId, long number, string type, int attempt, object data)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO events (user_id, resource_id, number, type, attempt, time, data)
            VALUES (@userId, @resourceId, @number, @type, @attempt, @time, @data)
            """,
            new { userId, resourceId, number, type, attempt, time = clock.GetUtcNow(), data = JsonSerializer.Serialize(data, WireJson.Options) },
            transaction);
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
        return [.. rows.Select(row => new Event($"evt_{resourceId}_{row.Number}", row.Number, row.Type, row.Attempt, row.Time, JsonSerializer.Deserialize<JsonElement>(row.Data)))];
    }

    private sealed class Row
    {
        public long Number { get; init; }

        public string Type { get; init; } = "";

        public int Attempt { get; init; }

        public DateTimeOffset Time { get; init; }

        public string Data { get; init; } = "";
    }
}
