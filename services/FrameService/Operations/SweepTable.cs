using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Operations;

/// <summary>The statements of the sweep.</summary>
internal sealed class SweepTable(DbDataSource database)
{
    private const int Page = 200;

    /// <summary>The users of whom the database knows a session, in order.</summary>
    public async IAsyncEnumerable<UserId> UsersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        while (true)
        {
            var from = after;
            var users = (await database.ReadAsync(
                connection => connection.QueryAsync<string>(new CommandDefinition(
                    "SELECT DISTINCT user_id FROM sessions WHERE user_id > @from ORDER BY user_id LIMIT @Page", new { from, Page }, cancellationToken: cancellationToken)),
                cancellationToken)).AsList();

            foreach (var user in users) yield return UserId.Parse(user);
            if (users.Count < Page) yield break;
            after = users[^1];
        }
    }

    /// <summary>Takes a living session for the rest of the transaction, without a trace in its revision; null where there is none.</summary>
    public static Task<SessionRow?> TakeAsync(DbTransaction transaction, SessionKey key) => transaction.Connection!.QuerySingleOrDefaultAsync<SessionRow?>(
        """
        UPDATE sessions SET revision = revision WHERE user_id = @UserId AND request_id = @RequestId AND deleted_at IS NULL
        RETURNING user_id, request_id, status, updated_at
        """,
        key,
        transaction);
}
