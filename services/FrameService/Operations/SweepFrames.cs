using System.Data.Common;
using System.Text.Json;
using FrameService.Frames;
using FrameService.Retention;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Operations;

/// <summary>
/// Removes frames to which no row points: those of a process that was killed between put and commit.
/// </summary>
/// <remarks>
/// What stays:
/// <list type="bullet">
/// <item>everything of a session that the database does not know: it can be recovered;</item>
/// <item>everything of a session that was changed within the grace: a film may have been asked for with the picture before the last;</item>
/// <item>pictures that were replaced, for their own time (<see cref="RemoveSuperseded"/>);</item>
/// <item>what the manifest names: rows that came from a backup may be older than it;</item>
/// <item>a person's own uploads: the older route stores them without a row and hands out their links, so that no row is no sign of anything; they go with the session;</item>
/// <item>what a former product wrote.</item>
/// </list>
/// The session is taken while an orphan goes, each in a short transaction of its own, and a writer that found its object there already looks again once it has taken the session (<see cref="FrameWriter"/>): so no row ever
/// points at what was swept.
/// </remarks>
internal sealed class SweepFrames(DbDataSource database, SweepTable table, SessionTable sessions, FrameTable frames, IObjectStore store, TimeProvider clock) : IOrphanSweep
{
    private const string Removed = "orphans removed";
    private const string Sessions = "sessions looked at";
    private const string Unknown = "sessions unknown";
    private const string Named = "kept for their manifest";

    /// <summary>For one removal: far below the time after which a database ends a transaction that it hears nothing of, and with it the hold on the session.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<Tally> RunAsync(SweepRequest request, Action<string> told, CancellationToken cancellationToken)
    {
        var tally = new Tally(Sessions, Unknown, Removed, "bytes");
        await foreach (var user in request.User is { } one ? new[] { one }.ToAsyncEnumerable() : table.UsersAsync(cancellationToken))
        {
            await foreach (var stored in store.ListRequestsAsync(user, cancellationToken)) await EachAsync(stored, request, tally, told, cancellationToken);
        }

        return tally;
    }

    private async Task EachAsync(StoredRequest stored, SweepRequest request, Tally tally, Action<string> told, CancellationToken cancellationToken)
    {
        var cutoff = request.Cutoff(clock);
        var old = stored.Objects.Where(entry => entry.Key.Kind == ObjectKind.Frame && entry.LastModified <= cutoff).ToList();
        if (old.Count == 0) return;
        var key = new SessionKey(stored.UserId, stored.RequestId);
        var session = await sessions.FindAsync(key, cancellationToken);
        tally.Count(session is null ? Unknown : Sessions);
        if (session is not { DeletedAt: null } || session.UpdatedAt > cutoff) return;
        // Most sessions have none, and are not held up.
        var pointed = (await frames.ListAsync(key, cancellationToken)).Select(frame => frame.ObjectKey).ToHashSet();
        var orphans = old.Where(entry => !pointed.Contains(entry.Key)).ToList();
        if (orphans.Count == 0) return;
        var named = await NamedAsync(key, cancellationToken);
        foreach (var entry in orphans)
        {
            if (named is null || named.Contains(entry.Key)) tally.Note(Named, entry.Key.ToString(), named is null ? "the manifest cannot be read." : "the manifest names it and no row does; are the rows older than it?");
            else if (await database.WriteAsync(transaction => RemoveAsync(transaction, key, entry, cutoff, request, cancellationToken), cancellationToken))
            {
                tally.Count(request.DryRun ? "orphans found" : Removed);
                tally.Count("bytes", entry.Length);
                told($"{(request.DryRun ? "would remove" : "removed")} {entry.Key}");
            }
        }
    }

    /// <summary>False where it is no orphan any more, or was put anew since the listing.</summary>
    private async Task<bool> RemoveAsync(DbTransaction transaction, SessionKey key, ObjectEntry entry, DateTimeOffset cutoff, SweepRequest request, CancellationToken cancellationToken)
    {
        if (await SweepTable.TakeAsync(transaction, key) is not { } session || session.UpdatedAt > cutoff) return false;
        if ((await FrameTable.PointedAsync(transaction, key)).Contains(entry.Key) || (await SupersededTable.KeptAsync(transaction, key)).Contains(entry.Key)) return false;
        if (request.DryRun) return true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await using (var now = await store.GetAsync(entry.Key, entry.Length == 0 ? null : new ByteRange(0, 0), limit.Token))
            {
                if (now is null || now.LastModified > cutoff) return false;
            }

            return await store.DeleteAsync(entry.Key, limit.Token);
        }
        catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectStoreUnavailableException($"The object store takes too long to remove {entry.Key}.", slow);
        }
    }

    /// <summary>The pictures that the manifest names; null where it cannot be read.</summary>
    private async Task<HashSet<ObjectKey>?> NamedAsync(SessionKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await ManifestFile.NamedAsync(store, key, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
