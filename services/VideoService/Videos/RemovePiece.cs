using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace VideoService.Videos;

/// <summary>Removes a clip or joint that no living film shows, while no film can begin to: one that finds it has named it before, or looks for it after this.</summary>
internal sealed class RemovePiece(DbDataSource database, IObjectStore store)
{
    // Far below the time after which a database ends a transaction that it hears nothing of.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>True where it was there and is gone.</summary>
    /// <exception cref="ObjectStoreException">It stays for now.</exception>
    public Task<bool> RunAsync(ObjectKey piece, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await DeletionTable.IsSharedAsync(transaction, piece)) return false;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            try
            {
                return await store.DeleteAsync(piece, limit.Token);
            }
            catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ObjectStoreUnavailableException($"The object store takes too long to remove {piece}.", slow);
            }
        },
        cancellationToken);
}
