using FrameVideo.Contracts;
using FrameVideo.Hosting;
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
/// A render names its pieces in its rows before it looks for them in the store. One that begins between the look at the rows and a removal renders the piece again, or has it in hand.
/// </remarks>
internal sealed class SweepVideos(OperatorTable table, IObjectStore store, TimeProvider clock) : IOrphanSweep
{
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
        var ours = stored.Objects.Where(entry => entry.Key.Kind is ObjectKind.Clip or ObjectKind.Joint || !entry.Key.VideoId.IsEmpty).ToList();
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
            // A film may have been asked for since: it finds pieces here, or has named them.
            if (!request.DryRun && (await table.FilmsAsync(stored.UserId, stored.RequestId, cancellationToken)).Any(IsBusy)) return;
            if (!request.DryRun && !await store.DeleteAsync(entry.Key, cancellationToken)) continue;
            tally.Count(request.DryRun ? "orphans found" : Removed);
            tally.Count("bytes", entry.Length);
            told($"{(request.DryRun ? "would remove" : "removed")} {entry.Key}");
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
