using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace FrameVideo.Jobs;

/// <summary>
/// Every statement on <c>deliveries</c>. A sender claims rows for a while; only the latest claim of a row may say what came of it, and one whose process died is free again when
/// its time is over. So no delivery is on its way twice at a time, and none is lost.
/// </summary>
public sealed class DeliveryTable(DbDataSource database, DeliverySignal signal, TimeProvider clock)
{
    private const string Columns = "user_id, resource_id, number, type, url, host, status, attempts, step, history, created_at, next_at";

    private const string Due = "status = 'pending' AND next_at <= @now AND (lease_until IS NULL OR lease_until < @now)";

    private const string Claimed = "user_id = @UserId AND resource_id = @ResourceId AND number = @Number AND attempts = @Attempts AND status = 'pending' AND lease_until IS NOT NULL";

    /// <summary>The types of events that are sent: the ends, what stops for somebody's word, and each picture and clip as it is there.</summary>
    public static IReadOnlySet<string> Types { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "session.frame_stored", "session.awaiting_approval", "session.completed", "session.failed", "session.canceled",
        "video.clip_completed", "video.completed", "video.failed", "video.canceled",
    };

    /// <summary>Puts an event on its way within the transaction that writes it, where its resource has an address.</summary>
    public async Task AddAsync(DbTransaction transaction, UserId userId, string resourceId, long number, string type, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (!Types.Contains(type)) return;
        var added = await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO deliveries (user_id, resource_id, number, type, url, host, status, created_at, next_at)
            SELECT user_id, resource_id, @number, @type, url, host, 'pending', @time, @time FROM callbacks
            WHERE user_id = @userId AND resource_id = @resourceId AND stopped_at IS NULL
            """,
            new { userId, resourceId, number, type, time },
            transaction);
        if (added > 0) transaction.OnCommit(signal.Set);
    }

    /// <summary>The hosts for which something is due, whoever has waited longest first.</summary>
    public async Task<IReadOnlyList<string>> HostsAsync(int limit, CancellationToken cancellationToken)
    {
        var hosts = await database.ReadAsync(
            connection => connection.QueryAsync<string>(new CommandDefinition(
                // The index is entered once for each host: those that wait in thousands cost as much as one.
                $"""
                WITH RECURSIVE hosts (host) AS (
                  SELECT min(host) FROM deliveries WHERE status = 'pending'
                  UNION ALL
                  SELECT (SELECT min(later.host) FROM deliveries later WHERE later.status = 'pending' AND later.host > hosts.host) FROM hosts WHERE hosts.host IS NOT NULL
                )
                SELECT host FROM (SELECT host, (SELECT min(next_at) FROM deliveries due WHERE due.host = hosts.host AND {Due}) AS since FROM hosts WHERE host IS NOT NULL) waiting
                WHERE since IS NOT NULL ORDER BY since LIMIT @limit
                """,
                new { now = clock.GetUtcNow(), limit },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return hosts.AsList();
    }

    /// <summary>How many are still to be delivered, and since when the one is due that waits the longest.</summary>
    public Task<DeliveryBacklog> BacklogAsync(CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleAsync<DeliveryBacklog>(new CommandDefinition(
            "SELECT count(*) AS pending, min(next_at) AS due FROM deliveries WHERE status = 'pending'", cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Claims what is due for a host, the oldest first. Others that claim at the same moment get other rows.</summary>
    public async Task<IReadOnlyList<DeliveryRow>> ClaimAsync(string host, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await database.WriteAsync(
            async transaction => (await transaction.Connection!.QueryAsync<DeliveryRow>(
                $"""
                WITH mine AS MATERIALIZED (
                  SELECT user_id, resource_id, number FROM deliveries WHERE host = @host AND {Due}
                  ORDER BY next_at LIMIT @limit {(transaction is NpgsqlTransaction ? "FOR UPDATE SKIP LOCKED" : "")}
                )
                UPDATE deliveries SET attempts = attempts + 1, lease_until = @until
                WHERE (user_id, resource_id, number) IN (SELECT user_id, resource_id, number FROM mine)
                RETURNING {Columns}
                """,
                new { host, limit, now, until = now + lease },
                transaction)).AsList(),
            cancellationToken);
    }

    /// <summary>Writes what came of a claim, and ends it: status, step, history and the next attempt as the row has them. False where the claim is not the latest any more.</summary>
    public Task<bool> SettleAsync(DeliveryRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        return database.WriteAsync(
            async transaction =>
            {
                var isOurs = await transaction.Connection!.ExecuteAsync(
                    $"UPDATE deliveries SET status = @Status, step = @Step, history = @History, next_at = @NextAt, lease_until = NULL WHERE {Claimed}", row, transaction) == 1;
                if (isOurs && row.Status == WireText.Of(DeliveryStatus.Stopped)) await CallbackTable.StopAsync(transaction, row, clock.GetUtcNow());
                return isOurs;
            },
            cancellationToken);
    }

    /// <summary>Gives a claim back: somebody may take it at once.</summary>
    public Task ReleaseAsync(DeliveryRow row, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync($"UPDATE deliveries SET lease_until = NULL WHERE {Claimed}", row, transaction), cancellationToken);

    /// <summary>The deliveries of a resource before a number, the newest first; with a status, those alone.</summary>
    public async Task<IReadOnlyList<DeliveryRow>> ListAsync(UserId userId, string resourceId, DeliveryStatus? status, long before, int limit, CancellationToken cancellationToken)
    {
        var ofStatus = status is null ? "" : "AND status = @status";
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<DeliveryRow>(new CommandDefinition(
                $"SELECT {Columns} FROM deliveries WHERE user_id = @userId AND resource_id = @resourceId AND number < @before {ofStatus} ORDER BY number DESC LIMIT @limit",
                new { userId, resourceId, before, limit, status = status is { } given ? WireText.Of(given) : null },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }

    /// <summary>One delivery; null where there is none of that number.</summary>
    public Task<DeliveryRow?> FindAsync(UserId userId, string resourceId, long number, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<DeliveryRow?>(new CommandDefinition(
            $"SELECT {Columns} FROM deliveries WHERE user_id = @userId AND resource_id = @resourceId AND number = @number", new { userId, resourceId, number }, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Sends one again from the beginning of the schedule, to the address that its resource has now; an attempt that is under way decides nothing any more. It lets further ones of its resource be sent, too. Null where there is none of that number.</summary>
    /// <param name="userId">Whose resource it is.</param>
    /// <param name="resourceId">The session's request ID or the video's ID.</param>
    /// <param name="number">The event's number.</param>
    /// <param name="path">Where the delivery is shown.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<DeliveryRow?> RedeliverAsync(UserId userId, string resourceId, long number, string path, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var row = await transaction.Connection!.QuerySingleOrDefaultAsync<DeliveryRow>(
                $"""
                UPDATE deliveries SET status = 'pending', step = 0, next_at = @now, lease_until = NULL,
                  url = coalesce((SELECT c.url FROM callbacks c WHERE c.user_id = @userId AND c.resource_id = @resourceId), url),
                  host = coalesce((SELECT c.host FROM callbacks c WHERE c.user_id = @userId AND c.resource_id = @resourceId), host)
                WHERE user_id = @userId AND resource_id = @resourceId AND number = @number
                RETURNING {Columns}
                """,
                new { userId, resourceId, number, now = clock.GetUtcNow() },
                transaction);
            if (row is null) return null;
            await transaction.Connection!.ExecuteAsync("UPDATE callbacks SET stopped_at = NULL WHERE user_id = @userId AND resource_id = @resourceId", new { userId, resourceId }, transaction);
            await transaction.CompleteRequestAsync(StatusCodes.Status202Accepted, path);
            transaction.OnCommit(signal.Set);
            return row;
        },
        cancellationToken);

    /// <summary>Removes the records of ended deliveries from before a time, at most <paramref name="limit"/>; answers how many.</summary>
    public Task<int> PruneAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync(
            """
            DELETE FROM deliveries WHERE (user_id, resource_id, number) IN (
              SELECT user_id, resource_id, number FROM deliveries WHERE status <> 'pending' AND created_at < @before ORDER BY created_at LIMIT @limit)
            """,
            new { before, limit },
            transaction),
        cancellationToken);
}

/// <summary>What is still to be delivered.</summary>
public sealed class DeliveryBacklog
{
    /// <summary>How many.</summary>
    public long Pending { get; set; }

    /// <summary>When the first of them is due, or was.</summary>
    public DateTimeOffset? Due { get; set; }
}
