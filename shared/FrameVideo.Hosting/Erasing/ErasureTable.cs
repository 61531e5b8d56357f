using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameVideo.Hosting;

/// <summary>Every statement on <c>erasures</c>, which both services have.</summary>
public sealed class ErasureTable(DbDataSource database, TimeProvider clock)
{
    private const string Columns = "user_id, origin, requested_at, buried_at, completed_at, sessions, frames, videos, objects, rows_removed, objects_left";

    /// <summary>The erasure of a user; null where none was asked for, or where that was long ago.</summary>
    public async Task<ErasureRow?> FindAsync(UserId userId, CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<ErasureRow>(new CommandDefinition($"SELECT {Columns} FROM erasures WHERE user_id = @userId", new { userId }, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Users whose erasure is not done, the longest-waiting first.</summary>
    public async Task<IReadOnlyList<UserId>> UnfinishedAsync(int limit, CancellationToken cancellationToken) => (await database.ReadAsync(
        connection => connection.QueryAsync<UserId>(new CommandDefinition(
            "SELECT user_id FROM erasures WHERE completed_at IS NULL ORDER BY requested_at LIMIT @limit", new { limit }, cancellationToken: cancellationToken)),
        cancellationToken)).AsList();

    /// <summary>Asks for an erasure. One that is not done goes on with its counts; one that is begins anew.</summary>
    public Task RequestAsync(UserId userId, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            // The former one may have been asked for at an instance whose clock is ahead.
            var former = await transaction.Connection!.QuerySingleOrDefaultAsync<ErasureRow>($"SELECT {Columns} FROM erasures WHERE user_id = @userId", new { userId }, transaction);
            var (now, next) = (clock.GetRowTime(), former?.RequestedAt.AddMicroseconds(1) ?? default);
            await RequestAsync(transaction, userId, ErasureRow.Request, now > next ? now : next);
        },
        cancellationToken);

    /// <summary>The same as a step of the caller's transaction. What FrameService tells again changes nothing.</summary>
    public static Task RequestAsync(DbTransaction transaction, UserId userId, string origin, DateTimeOffset moment)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Connection!.ExecuteAsync(
            $"""
            INSERT INTO erasures (user_id, origin, requested_at) VALUES (@userId, @origin, @moment)
            ON CONFLICT (user_id) DO UPDATE SET origin = excluded.origin, requested_at = excluded.requested_at, buried_at = NULL, completed_at = NULL, {Kept("sessions")}, {Kept("frames")},
              {Kept("videos")}, {Kept("objects")}, {Kept("rows_removed")}, {Kept("objects_left")}
            WHERE erasures.requested_at < excluded.requested_at
            """,
            new { userId, origin, moment },
            transaction);

        static string Kept(string count) => $"{count} = CASE WHEN erasures.completed_at IS NULL THEN erasures.{count} ELSE 0 END";
    }

    /// <summary>Every row is buried; false where the erasure was asked for again meanwhile.</summary>
    public async Task<bool> BuriedAsync(DbTransaction transaction, ErasureRow erasure)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(erasure);
        return await transaction.Connection!.ExecuteAsync(
            "UPDATE erasures SET buried_at = @now WHERE user_id = @UserId AND requested_at = @RequestedAt AND buried_at IS NULL",
            new { erasure.UserId, erasure.RequestedAt, now = clock.GetRowTime() },
            transaction) == 1;
    }

    /// <summary>All of it is gone; false where the erasure was asked for again meanwhile.</summary>
    public async Task<bool> CompleteAsync(ErasureRow erasure, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(erasure);
        return await database.WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync(
                "UPDATE erasures SET completed_at = @now WHERE user_id = @UserId AND requested_at = @RequestedAt AND buried_at IS NOT NULL",
                new { erasure.UserId, erasure.RequestedAt, now = clock.GetRowTime() },
                transaction),
            cancellationToken) == 1;
    }

    /// <summary>Counts what was removed of a user, in the transaction that says so; where no erasure is going on, nobody wants to know.</summary>
    public static Task CountAsync(DbTransaction transaction, UserId userId, long sessions = 0, long frames = 0, long videos = 0, long objects = 0, long rows = 0)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Connection!.ExecuteAsync(
            """
            UPDATE erasures SET sessions = sessions + @sessions, frames = frames + @frames, videos = videos + @videos, objects = objects + @objects, rows_removed = rows_removed + @rows
            WHERE user_id = @userId AND completed_at IS NULL
            """,
            new { userId, sessions, frames, videos, objects, rows },
            transaction);
    }

    /// <summary>Notes how many objects of former layouts there are.</summary>
    public Task LeftAsync(UserId userId, long objects, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync("UPDATE erasures SET objects_left = @objects WHERE user_id = @userId", new { userId, objects }, transaction), cancellationToken);

    /// <summary>Removes reports that are older than a moment.</summary>
    public static Task<int> ForgetAsync(DbTransaction transaction, DateTimeOffset before)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Connection!.ExecuteAsync("DELETE FROM erasures WHERE completed_at < @before", new { before }, transaction);
    }
}
