using System.Data.Common;
using System.Text.Json;
using Dapper;
using FrameService.Frames;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>Brings <c>manifest.json</c> up to date with the rows, once for many changes: it looks every second for sessions that have moved on since.</summary>
internal sealed class ManifestWriter(DbDataSource database, SessionTable sessions, FrameTable frames, IObjectStore store, TimeProvider clock, ILogger<ManifestWriter> logger)
    : Poller(TimeSpan.FromSeconds(1), clock, logger)
{
    private const int Batch = 50;

    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        if ((await UnwrittenAsync(cancellationToken)).Count == 0) return false;
        // Two instances that write one file at a time could leave the older one there.
        await using var turn = await AdvisoryLock.TryTakeAsync(database, "manifests", cancellationToken);
        if (turn is null) return false;
        var keys = await UnwrittenAsync(cancellationToken);
        try
        {
            // One cheap question, so that an outage does not cost every file its retries.
            await store.ProbeAsync(cancellationToken);
            foreach (var key in keys) await EachAsync(key, key => WriteAsync(key, cancellationToken));
            return false;
        }
        catch (ObjectStoreException)
        {
            // The rows are the truth; the file follows when the store answers.
            return false;
        }
    }

    private async Task<IReadOnlyList<SessionKey>> UnwrittenAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<SessionRow>(new CommandDefinition(
                "SELECT user_id, request_id FROM sessions WHERE manifest_revision < revision AND deleted_at IS NULL ORDER BY updated_at LIMIT @Batch", new { Batch },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return [.. rows.Select(row => row.Key)];
    }

    private async Task WriteAsync(SessionKey key, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(key, cancellationToken) is not { DeletedAt: null } row) return;
        var known = await frames.ListAsync(key, cancellationToken);
        // A draft of nothing leaves no file behind.
        if (row.OriginalPrompt is not null || known.Any(frame => frame.HasPicture))
            await store.ReplaceAsync(ObjectKeys.Manifest(key.UserId, key.RequestId), JsonSerializer.SerializeToUtf8Bytes(Manifest.Of(row, known), WireJson.Options), cancellationToken);
        var written = await database.WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync(
                "UPDATE sessions SET manifest_revision = @Revision WHERE user_id = @UserId AND request_id = @RequestId AND deleted_at IS NULL",
                new { row.Revision, key.UserId, key.RequestId },
                transaction),
            cancellationToken);
        // Deleted while it was being written: the tombstone's purge may have come before the file.
        if (written == 0) await store.DeleteAsync(ObjectKeys.Manifest(key.UserId, key.RequestId), cancellationToken);
    }
}
