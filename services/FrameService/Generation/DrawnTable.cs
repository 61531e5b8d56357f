using System.Data.Common;
using Dapper;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Generation;

/// <summary>The statements on <c>drawn_frames</c>: which picture was paid for which inputs.</summary>
internal sealed class DrawnTable(DbDataSource database, TimeProvider clock)
{
    /// <summary>The picture of these inputs; null where none was drawn in the session.</summary>
    public async Task<ObjectKey?> FindAsync(SessionKey session, string fingerprint, CancellationToken cancellationToken) => await database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<ObjectKey?>(new CommandDefinition(
            "SELECT object_key FROM drawn_frames WHERE user_id = @UserId AND request_id = @RequestId AND fingerprint = @fingerprint", new { session.UserId, session.RequestId, fingerprint }, cancellationToken: cancellationToken)),
        cancellationToken);

    /// <summary>Remembers a picture as soon as it lies somewhere. A deleted session is told nothing.</summary>
    public Task RememberAsync(SessionKey session, string fingerprint, ObjectKey key) => database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO drawn_frames (user_id, request_id, fingerprint, object_key, drawn_at)
            SELECT @UserId, @RequestId, @fingerprint, @key, @now FROM sessions WHERE user_id = @UserId AND request_id = @RequestId AND deleted_at IS NULL
            ON CONFLICT (user_id, request_id, fingerprint) DO UPDATE SET object_key = excluded.object_key, drawn_at = excluded.drawn_at
            """,
            new { session.UserId, session.RequestId, fingerprint, key, now = clock.GetRowTime() },
            transaction),
        CancellationToken.None);
}
