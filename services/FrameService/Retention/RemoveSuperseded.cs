using System.Data.Common;
using System.Text.Json;
using FrameService.Frames;
using FrameService.Operations;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Retention;

/// <summary>
/// Removes pictures in whose place another one came, once no render can need them. The session is taken while one goes, as the sweep does it: whoever puts the same picture at that moment waits with its row
/// for this transaction, finds the row that it leaves, and looks again (<see cref="FrameWriter"/>).
/// </summary>
internal sealed partial class RemoveSuperseded(
    DbDataSource database, SupersededTable table, IObjectStore store, SessionRetention retention, TimeProvider clock, ILogger<RemoveSuperseded> logger)
{
    /// <summary>For one removal: far below the time after which a database ends a transaction that it hears nothing of.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long the row of a removed picture stays: longer than any request that has found the object there.</summary>
    private static readonly TimeSpan Echo = TimeSpan.FromHours(1);

    /// <summary>Removes at most so many; answers whether there may be more.</summary>
    /// <exception cref="ObjectStoreException">The store does not answer.</exception>
    public async Task<bool> RunAsync(int limit, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - retention.SupersededFrames;
        var due = await table.DueAsync(before, limit, cancellationToken);
        foreach (var session in due.GroupBy(key => new SessionKey(key.UserId, key.RequestId)))
        {
            var named = await NamedAsync(session.Key, cancellationToken);
            foreach (var key in session)
            {
                if (await database.WriteAsync(transaction => RemoveAsync(transaction, session.Key, key, named, before, cancellationToken), cancellationToken)) Removed(key);
            }
        }

        await database.WriteAsync(transaction => SupersededTable.ForgetAsync(transaction, clock.GetUtcNow() - Echo), cancellationToken);
        return due.Count == limit;
    }

    private async Task<bool> RemoveAsync(DbTransaction transaction, SessionKey session, ObjectKey key, HashSet<ObjectKey>? named, DateTimeOffset before, CancellationToken cancellationToken)
    {
        // With a buried session its rows have gone.
        if (await SweepTable.TakeAsync(transaction, session) is null || !await SupersededTable.IsDueAsync(transaction, key, before)) return false;
        // Uploads have links that no row knows, and what a former product wrote is not ours.
        if (key.Kind != ObjectKind.Frame || (await FrameTable.ListAsync(transaction, session)).Any(frame => frame.ObjectKey == key))
        {
            await SupersededTable.ForgetAsync(transaction, key);
            return false;
        }

        // Still on its way to the store; or the rows are older than the manifest, as after a restored backup.
        if (named?.Contains(key) != false || await ParkedTable.HasAsync(transaction, key))
        {
            await SupersededTable.PostponeAsync(transaction, key, clock.GetUtcNow());
            return false;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await store.DeleteAsync(key, limit.Token);
        }
        catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectStoreUnavailableException($"The object store takes too long to remove {key}.", slow);
        }

        await SupersededTable.RemovedAsync(transaction, key, clock.GetUtcNow());
        return true;
    }

    /// <summary>The pictures that the manifest names; null where it cannot be read.</summary>
    private async Task<HashSet<ObjectKey>?> NamedAsync(SessionKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await ManifestFile.NamedAsync(store, key, cancellationToken);
        }
        catch (JsonException damaged)
        {
            Unreadable(damaged, key.RequestId);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "A picture that was replaced was removed: {Key}")]
    private partial void Removed(ObjectKey key);

    [LoggerMessage(LogLevel.Warning, "The manifest of {RequestId} cannot be read; replaced pictures of it stay for now")]
    private partial void Unreadable(Exception exception, RequestId requestId);
}
