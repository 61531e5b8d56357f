using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace VideoService.Videos;

/// <summary>Removes the objects behind tombstones, then their rows. May be asked again at any time; what the store does not do now is left for the next time.</summary>
internal sealed partial class VideoPurge(DeletionTable deletions, RemovePiece remove, RunningRenders running, IObjectStore store, ILogger<VideoPurge> logger)
{
    // A render that was interrupted ends within moments; nothing may be put behind the back of the removal.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Removes one buried film; null where it has to be finished later, else how many objects that were.</summary>
    public async Task<int?> VideoAsync(VideoRow row, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new(LineFormatter.RequestIdKey, row.RequestId), new(LineFormatter.VideoIdKey, row.VideoId) });
        if (!await running.WaitForEndAsync(row.VideoId, Patience, cancellationToken)) return null;
        try
        {
            var objects = await store.DeleteAsync(ObjectKeys.VideoPrefix(row.UserId, row.RequestId, row.VideoId), cancellationToken);
            foreach (var piece in await deletions.UnsharedPiecesAsync(row.VideoId, cancellationToken))
                objects += await remove.RunAsync(piece, cancellationToken) ? 1 : 0;
            await deletions.PurgedAsync(row.VideoId, row.UserId, objects, cancellationToken);
            Purged(objects);
            return objects;
        }
        catch (Exception outage) when (Ownership.IsOutage(outage))
        {
            Later(outage.Message);
            return null;
        }
    }

    /// <summary>Removes everything of a deleted session that is this service's; false where it has to be finished later.</summary>
    public async Task<bool> SessionAsync(DeletedSession session, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[] { new(LineFormatter.RequestIdKey, session.RequestId) });
        var buried = await deletions.UnpurgedAsync(session.UserId, session.RequestId, cancellationToken);
        foreach (var row in buried)
        {
            if (!await running.WaitForEndAsync(row.VideoId, Patience, cancellationToken)) return false;
        }

        try
        {
            var objects = await store.DeleteAsync(ObjectKeys.VideoClipsPrefix(session.UserId, session.RequestId), cancellationToken);
            foreach (var row in buried) await deletions.PurgedAsync(row.VideoId, row.UserId, row == buried[0] ? objects : 0, cancellationToken);
            await deletions.SessionPurgedAsync(session, cancellationToken);
            SessionPurged(buried.Count, objects);
            return true;
        }
        catch (Exception outage) when (Ownership.IsOutage(outage))
        {
            Later(outage.Message);
            return false;
        }
    }

    /// <summary>Whatever is left to remove.</summary>
    public async Task AllAsync(CancellationToken cancellationToken)
    {
        foreach (var session in await deletions.UnpurgedSessionsAsync(cancellationToken)) await SessionAsync(session, cancellationToken);
        foreach (var row in await deletions.UnpurgedAsync(userId: null, requestId: null, cancellationToken)) await VideoAsync(row, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Video removed with {Objects} objects")]
    private partial void Purged(int objects);

    [LoggerMessage(LogLevel.Information, "The session was deleted: {Videos} videos and {Objects} objects removed")]
    private partial void SessionPurged(int videos, int objects);

    [LoggerMessage(LogLevel.Warning, "Objects of a deleted video are removed later. {Reason}")]
    private partial void Later(string reason);
}
