using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>Where the events of sessions and videos are sent to. A resource has one address or none.</summary>
public sealed class CallbackTable(DbDataSource database)
{
    /// <summary>Gives a resource its address, in place of a former one: what is still on its way goes there, too, and a 410 of the former one is forgotten.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="userId">Whose resource it is.</param>
    /// <param name="resourceId">The session's request ID or the video's ID.</param>
    /// <param name="url">An absolute URL, checked; null leaves everything as it is.</param>
    public static async Task SetAsync(DbTransaction transaction, UserId userId, string resourceId, string? url)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (string.IsNullOrEmpty(url)) return;
        var uri = new Uri(url);
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO callbacks (user_id, resource_id, url, host) VALUES (@userId, @resourceId, @url, @host)
            ON CONFLICT (user_id, resource_id) DO UPDATE SET url = excluded.url, host = excluded.host, stopped_at = NULL;
            UPDATE deliveries SET url = @url, host = @host WHERE user_id = @userId AND resource_id = @resourceId AND status = 'pending';
            """,
            new { userId, resourceId, url = uri.AbsoluteUri, host = $"{uri.IdnHost}:{uri.Port}" },
            transaction);
    }

    /// <summary>A resource's address; null where it has none.</summary>
    public async Task<string?> FindAsync(UserId userId, string resourceId, CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "SELECT url FROM callbacks WHERE user_id = @userId AND resource_id = @resourceId", new { userId, resourceId }, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>The receiver has said 410: nothing more is sent there, unless the resource has another address by now.</summary>
    public static Task StopAsync(DbTransaction transaction, DeliveryRow delivery, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(delivery);
        return transaction.Connection!.ExecuteAsync(
            """
            UPDATE callbacks SET stopped_at = @now WHERE user_id = @UserId AND resource_id = @ResourceId AND url = @Url;
            UPDATE deliveries SET status = 'stopped', next_at = NULL, lease_until = NULL
            WHERE user_id = @UserId AND resource_id = @ResourceId AND url = @Url AND status = 'pending';
            """,
            new { delivery.UserId, delivery.ResourceId, delivery.Url, now },
            transaction);
    }

    /// <summary>A deleted resource sends nothing: its address goes with what is on its way.</summary>
    public static Task ForgetAsync(DbTransaction transaction, UserId userId, string resourceId)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Connection!.ExecuteAsync(
            """
            DELETE FROM callbacks WHERE user_id = @userId AND resource_id = @resourceId;
            DELETE FROM deliveries WHERE user_id = @userId AND resource_id = @resourceId;
            """,
            new { userId, resourceId },
            transaction);
    }
}
