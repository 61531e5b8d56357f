using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using VideoService.Videos;

namespace VideoService.Retention;

/// <summary>VideoService's part of a user's erasure: asked for here, or told of by FrameService, which may be long ago; what is younger than what was told stays.</summary>
internal sealed class EraseFilms(DbDataSource database, RetentionTable table, DeletionTable deletions, VideoPurge purge, RunningRenders running, RenderFolders folders, IObjectStore store) : IUserEraser
{
    private const int Batch = 100;

    /// <summary>For the rest of one session: far below the time after which a database ends a transaction that it hears nothing of.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task BuryAsync(ErasureRow erasure, CancellationToken cancellationToken)
    {
        var (after, until) = ("", erasure.Origin == ErasureRow.Feed ? erasure.RequestedAt : DateTimeOffset.MaxValue);
        while (await table.LivingAsync(erasure.UserId, after, until, Batch, cancellationToken) is { Count: > 0 } films)
        {
            foreach (var film in films)
            {
                if (!await database.WriteAsync(transaction => BuryAsync(transaction, film), cancellationToken)) continue;
                running.Look(film.VideoId);
                folders.Discard(film.VideoId);
            }

            after = films[^1].VideoId.ToString();
        }
    }

    public async Task<bool> RemoveAsync(ErasureRow erasure, CancellationToken cancellationToken)
    {
        await store.ProbeAsync(cancellationToken);
        while (await table.UnpurgedAsync(erasure.UserId, Batch, cancellationToken) is { Count: > 0 } films)
        {
            // A render that does not end, or an outage: the rest comes later.
            foreach (var film in films)
            {
                if (await purge.VideoAsync(film, cancellationToken) is null) return false;
            }
        }

        await foreach (var stored in store.ListRequestsAsync(erasure.UserId, cancellationToken))
        {
            // What came after the erasure is a render's, whose row may be on its way.
            var ours = stored.Objects.Where(IsOurs).ToList();
            if (ours.Count > 0 && !ours.Any(entry => entry.LastModified > (erasure.Origin == ErasureRow.Feed ? erasure.RequestedAt : erasure.BuriedAt)))
                await database.WriteAsync(transaction => RemoveAsync(transaction, stored, cancellationToken), cancellationToken);
        }

        return true;
    }

    public async Task CountAsync(UserId userId, Tally tally, CancellationToken cancellationToken)
    {
        var after = "";
        tally.Count("films", 0);
        while (await table.LivingAsync(userId, after, DateTimeOffset.MaxValue, Batch, cancellationToken) is { Count: > 0 } films)
        {
            tally.Count("films", films.Count);
            after = films[^1].VideoId.ToString();
        }

        await foreach (var stored in store.ListRequestsAsync(userId, cancellationToken))
        {
            tally.Count("objects", stored.Objects.Count(IsOurs));
            tally.Count("bytes", stored.Objects.Where(IsOurs).Sum(entry => entry.Length));
        }
    }

    private async Task<bool> BuryAsync(DbTransaction transaction, VideoRow film)
    {
        var buried = await deletions.BuryAsync(transaction, film.UserId, film.VideoId, requestId: null);
        await ErasureTable.CountAsync(transaction, film.UserId, videos: buried.Count);
        return buried.Count > 0;
    }

    /// <summary>No film is added to the session meanwhile: it would find clips that go.</summary>
    private async Task RemoveAsync(DbTransaction transaction, StoredRequest stored, CancellationToken cancellationToken)
    {
        await VideoTable.LockSessionAsync(transaction, stored.UserId, stored.RequestId);
        if (await RetentionTable.HasLivingAsync(transaction, stored.UserId, stored.RequestId)) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var objects = await store.DeleteAsync(ObjectKeys.VideoClipsPrefix(stored.UserId, stored.RequestId), limit.Token);
            await ErasureTable.CountAsync(transaction, stored.UserId, objects: objects);
        }
        catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectStoreUnavailableException($"The object store takes too long to remove what is left of {stored.RequestId}.", slow);
        }
    }

    private static bool IsOurs(ObjectEntry entry) => entry.Key.IsPiece || !entry.Key.VideoId.IsEmpty;
}
