using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using VideoService.Videos;

namespace VideoService.Operations;

/// <summary>
/// Removes clips and joints that no living film shows (made by another encoder, or by a film that was deleted during an outage), and what is left of films that have no row.
/// </summary>
/// <remarks>
/// What stays:
/// <list type="bullet">
/// <item>everything of a session of which the database knows no film: it can be recovered;</item>
/// <item>a film with its <c>video.json</c> and no row, and every piece of its session: it can be recovered;</item>
/// <item>everything of a session with a film that is not ended, or that was asked for within the grace.</item>
/// </list>
/// A removal holds the session for its moment, as whoever makes or retries a film does: a render names its pieces in its rows before it looks for them in the store.
/// </remarks>
internal sealed class SweepVideos(OperatorTable table, DbDataSource database, IObjectStore store, TimeProvider clock) : IOrphanSweep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string Removed = "orphans removed";
    private const string Sessions = "sessions looked at";
    private const string Unknown = "sessions unknown";
    private const string Recoverable = "films to recover";

    public async Task<Tally> RunAsync(SweepRequest request, Action<string> told, CancellationToken cancellationToken)
    {
        var tally = new Tally(Sessions, Unknown, Recoverable, Removed, "bytes");
        await foreach (var user in request.User is { } one ? new[] { one }.ToAsyncEnumerable() : table.UsersAsync(cancellationToken))
        {
            await foreach (var stored in store.ListRequestsAsync(user, cancellationToken)) await EachAsync(stored, request, tally, told, cancellationToken);
        }

        return tally;
    }

    private async Task EachAsync(StoredRequest stored, SweepRequest request, Tally tally, Action<string> told, CancellationToken cancellationToken)
    {
        var cutoff = request.Cutoff(clock);
        var ours = stored.Objects.Where(entry => entry.Key.IsPiece || !entry.Key.VideoId.IsEmpty).ToList();
        if (!ours.Any(entry => entry.LastModified <= cutoff)) return;
        var films = await table.FilmsAsync(stored.UserId, stored.RequestId, cancellationToken);
        tally.Count(films.Count == 0 ? Unknown : Sessions);
        if (films.Count == 0 || films.Any(IsBusy)) return;

        var known = films.ToDictionary(film => film.VideoId);
        var unseen = ours.Where(entry => !entry.Key.VideoId.IsEmpty && !known.ContainsKey(entry.Key.VideoId)).ToLookup(entry => entry.Key.VideoId);
        var recoverable = unseen.Where(film => film.Any(entry => entry.Key.Kind == ObjectKind.VideoRecord)).Select(film => film.Key).ToHashSet();
        foreach (var film in recoverable) tally.Note(Recoverable, $"{stored.UserId}/{stored.RequestId} {film}", "it has no row; run recover.");

        var pointed = await table.PointedAsync(stored.UserId, stored.RequestId, cancellationToken);
        foreach (var entry in ours.Where(entry => entry.LastModified <= cutoff && IsOrphan(entry.Key)))
        {
            if (!request.DryRun && !await database.WriteAsync(transaction => RemoveAsync(transaction, entry), cancellationToken)) continue;
            tally.Count(request.DryRun ? "orphans found" : Removed);
            tally.Count("bytes", entry.Length);
            told($"{(request.DryRun ? "would remove" : "removed")} {entry.Key}");
        }

        // No film of the session is begun while one object is looked at again and removed.
        async Task<bool> RemoveAsync(DbTransaction transaction, ObjectEntry entry)
        {
            await VideoTable.LockSessionAsync(transaction, stored.UserId, stored.RequestId);
            if ((await table.FilmsAsync(stored.UserId, stored.RequestId, cancellationToken)).Any(IsBusy)) return false;
            if ((await table.PointedAsync(stored.UserId, stored.RequestId, cancellationToken)).Contains(entry.Key)) return false;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            try
            {
                return await store.DeleteAsync(entry.Key, limit.Token);
            }
            catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ObjectStoreUnavailableException($"The object store takes too long to remove {entry.Key}.", slow);
            }
        }

        bool IsBusy(VideoRow film) => film.IsOpen || (film.DeletedAt is null && film.CreatedAt > cutoff);

        bool IsOrphan(ObjectKey key)
        {
            if (key.VideoId.IsEmpty) return recoverable.Count == 0 && !pointed.Contains(key);
            // A row's own part: a tombstone that is not worked off yet has its objects removed by the purge.
            return known.TryGetValue(key.VideoId, out var film) ? film.DeletedAt is { } deleted && deleted <= cutoff : !recoverable.Contains(key.VideoId);
        }
    }
}
