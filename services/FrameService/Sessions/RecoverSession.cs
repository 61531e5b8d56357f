using System.Data.Common;
using FrameService.Frames;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>Brings back a session that lies in the store alone. Nobody has to ask for it: whoever reads the session does; the command <c>recover</c> does it for all at once.</summary>
internal sealed partial class RecoverSession(
    DbDataSource database, SessionTable sessions, FrameTable frames, RebuildSession rebuild, IObjectStore store, ILogger<RecoverSession> logger)
{
    /// <summary>Looks once; null where the store has no picture of it either.</summary>
    public async Task<SessionRow?> RunAsync(SessionKey key, CancellationToken cancellationToken)
    {
        var objects = new List<ObjectEntry>();
        await foreach (var entry in store.ListAsync(ObjectKeys.RequestPrefix(key.UserId, key.RequestId), cancellationToken))
        {
            if (entry.Key.Kind is ObjectKind.Frame or ObjectKind.FormerFrame or ObjectKind.Manifest) objects.Add(entry);
        }

        if (objects.Count == 0) return null;
        if (await rebuild.RunAsync(key, objects, cancellationToken) is not { } rebuilt || !rebuilt.Frames.Any(frame => frame.HasPicture)) return null;
        await WriteAsync(rebuilt, cancellationToken);
        return await sessions.FindAsync(key, cancellationToken);
    }

    /// <summary>Writes the rows of a session; false where it has rows by now, a tombstone too.</summary>
    public async Task<bool> WriteAsync(RebuiltSession rebuilt, CancellationToken cancellationToken)
    {
        var row = rebuilt.Session;
        var isNew = await database.WriteAsync(
            async transaction =>
            {
                // Two may look at the same time; one of them writes.
                if (!await sessions.InsertAsync(transaction, row)) return false;
                await frames.WriteAsync(transaction, [.. rebuilt.Frames]);
                if (row is { IsGenerating: true, ReturnTo: null }) await frames.WriteMissingAsync(transaction, row.Key, row.FrameCount);
                return true;
            },
            cancellationToken);
        if (isNew) Recovered(row.RequestId, rebuilt.Frames.Count(frame => frame.HasPicture));
        return isNew;
    }

    [LoggerMessage(LogLevel.Information, "Session {RequestId} was not in the database; rebuilt from the store with {Frames} frames")]
    private partial void Recovered(RequestId requestId, int frames);
}
