using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace VideoService.Videos;

/// <summary>
/// Takes back what an attempt has put into the store before it saw that the film was not its own any more. Whoever canceled or deleted the film may have been on another
/// instance, and cannot have waited for this attempt.
/// </summary>
internal sealed partial class LostAttempt(AttemptTable attempts, DeletionTable deletions, RemovePiece remove, IObjectStore store, ILogger<LostAttempt> logger)
{
    /// <summary>Removes what nobody can see; nothing where another attempt has followed, and no clip or joint that a living film shows.</summary>
    public async Task WithdrawAsync(VideoRow row, Ownership owner)
    {
        try
        {
            if (owner.IsPublishing) await attempts.WhileEndedAsync(row, token => DeleteFilmAsync(row, token), CancellationToken.None);
            // Its own folder, and a deleted session's, are removed once more by the loop that does that.
            if (!await deletions.ReopenAsync(row, CancellationToken.None)) return;
            foreach (var piece in owner.Put.Distinct()) await remove.RunAsync(piece, CancellationToken.None);
        }
        catch (Exception outage) when (Ownership.IsOutage(outage))
        {
            // The sweep for orphans finds it.
            LeftBehind(outage.Message);
        }
    }

    // Segments stay, as clips do: the playlist of a canceled film names them.
    private async Task DeleteFilmAsync(VideoRow row, CancellationToken cancellationToken)
    {
        var keys = new List<ObjectKey>();
        await foreach (var entry in store.ListAsync(ObjectKeys.VideoPrefix(row.UserId, row.RequestId, row.VideoId), cancellationToken)) keys.Add(entry.Key);
        foreach (var key in keys.Where(key => key.Kind is not (ObjectKind.Init or ObjectKind.Segment))) await store.DeleteAsync(key, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "What a lost attempt has put stays in the store for now. {Reason}")]
    private partial void LeftBehind(string reason);
}
