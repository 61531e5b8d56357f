using System.Data.Common;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Operations;

/// <summary>
/// Removes frames to which no row points: pictures that were replaced, and those of a process that was killed between put and commit.
/// </summary>
/// <remarks>
/// What stays:
/// <list type="bullet">
/// <item>everything of a session that the database does not know: it can be recovered;</item>
/// <item>everything of a session that was changed within the grace: a film may have been asked for with the picture before the last;</item>
/// <item>a person's own uploads: the older route stores them without a row and hands out their links, so that no row is no sign of anything; they go with the session;</item>
/// <item>what a former product wrote.</item>
/// </list>
/// The session is taken while its orphans go, and a writer that found its object there already looks again once it has taken the session (<see cref="FrameWriter"/>): so no row ever
/// points at what was swept.
/// </remarks>
internal sealed class SweepFrames(DbDataSource database, SweepTable table, SessionTable sessions, FrameTable frames, IObjectStore store, TimeProvider clock) : IOrphanSweep
{
    private const string Removed = "orphans removed";
    private const string Sessions = "sessions looked at";
    private const string Unknown = "sessions unknown";

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
        if (old.All(entry => pointed.Contains(entry.Key))) return;
        var gone = await database.WriteAsync(transaction => RemoveAsync(transaction, key, old, cutoff, request, cancellationToken), cancellationToken);
        foreach (var entry in gone)
        {
            tally.Count(request.DryRun ? "orphans found" : Removed);
            tally.Count("bytes", entry.Length);
            told($"{(request.DryRun ? "would remove" : "removed")} {entry.Key}");
        }
    }

    private async Task<List<ObjectEntry>> RemoveAsync(
        DbTransaction transaction, SessionKey key, List<ObjectEntry> old, DateTimeOffset cutoff, SweepRequest request, CancellationToken cancellationToken)
    {
        if (await SweepTable.TakeAsync(transaction, key) is not { } session || session.UpdatedAt > cutoff) return [];
        var pointed = await FrameTable.PointedAsync(transaction, key);
        var orphans = old.Where(entry => !pointed.Contains(entry.Key)).ToList();
        if (request.DryRun) return orphans;
        // The statements may run again after a conflict; what is gone by then was an orphan all the same.
        foreach (var entry in orphans) await store.DeleteAsync(entry.Key, cancellationToken);
        return orphans;
    }
}
