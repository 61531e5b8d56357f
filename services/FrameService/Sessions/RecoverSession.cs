using System.Data.Common;
using System.Text.Json;
using FrameService.Frames;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>
/// Rebuilds the rows of a session that lies in the store alone: from its manifest where it has one, else from its pictures, the newest for each number.
/// Nobody has to ask for it.
/// </summary>
internal sealed partial class RecoverSession(
    DbDataSource database, SessionTable sessions, FrameTable frames, NewSessions drafts, PictureKeeper keeper, IObjectStore store, ILogger<RecoverSession> logger)
{
    /// <summary>Looks once; null where the store has no picture of it either.</summary>
    public async Task<SessionRow?> RunAsync(SessionKey key, CancellationToken cancellationToken)
    {
        var newest = new Dictionary<int, ObjectEntry>();
        await foreach (var entry in store.ListAsync(ObjectKeys.FramesPrefix(key.UserId, key.RequestId), cancellationToken))
        {
            if (entry.Key.Number is < 1 or > 1000) continue;
            if (!newest.TryGetValue(entry.Key.Number, out var other) || other.LastModified < entry.LastModified) newest[entry.Key.Number] = entry;
        }

        if (newest.Count == 0) return null;
        var manifest = await ReadManifestAsync(key, cancellationToken);
        var rows = new List<FrameRow>();
        foreach (var number in newest.Keys.Union(manifest?.Frames.Select(frame => frame.Number) ?? []).Order())
        {
            var noted = manifest?.Frames.FirstOrDefault(frame => frame.Number == number);
            // A frame that was saved on top of another's picture has a key of another number: the manifest knows.
            if ((noted?.ObjectKey ?? (newest.TryGetValue(number, out var entry) ? entry.Key : null)) is not { } picture) continue;
            var row = (noted ?? new ManifestFrame { Number = number }).ToRow(key);
            if (await FindAsync(key, picture, cancellationToken) is { } kept) rows.Add(row.With(kept, noted?.Provider ?? "upload", noted?.Model));
        }

        if (rows.Count == 0) return null;
        var session = manifest?.ToRow(key) ?? drafts.Draft(key) with { Status = WireText.Of(SessionStatus.Completed) };
        session = session with { FrameCount = Math.Max(session.FrameCount, rows.Max(row => row.Number)), FramesRevision = Math.Max(1, session.FramesRevision), Progress = 100 };
        await database.WriteAsync(
            async transaction =>
            {
                // Two requests may look at the same time; one of them writes.
                if (await sessions.InsertAsync(transaction, session)) await frames.WriteAsync(transaction, rows);
            },
            cancellationToken);
        Recovered(key.RequestId, rows.Count);
        return await sessions.FindAsync(key, cancellationToken);
    }

    /// <summary>The picture; null where it is gone or damaged, which does not take the others along.</summary>
    private async Task<KeptPicture?> FindAsync(SessionKey session, ObjectKey picture, CancellationToken cancellationToken)
    {
        try
        {
            return await keeper.FindAsync(picture, cancellationToken);
        }
        catch (Exception exception) when (exception is ProblemException or SpoolTooLargeException)
        {
            Damaged(exception, picture, session.RequestId);
            return null;
        }
    }

    private async Task<Manifest?> ReadManifestAsync(SessionKey key, CancellationToken cancellationToken)
    {
        await using var found = await store.GetAsync(ObjectKeys.Manifest(key.UserId, key.RequestId), null, cancellationToken);
        if (found is null || found.TotalLength > Manifest.MaxBytes) return null;
        try
        {
            var manifest = await JsonSerializer.DeserializeAsync<Manifest>(found.Content, WireJson.Options, cancellationToken);
            // Keys inside are as untrusted as the file: only this session's own are read.
            return manifest is null || manifest.RequestId != key.RequestId ? null
                : manifest with { Frames = [.. manifest.Frames.Where(frame => frame.Number is >= 1 and <= 1000).Select(frame => frame.Within(key)).DistinctBy(frame => frame.Number)] };
        }
        catch (JsonException exception)
        {
            Unreadable(exception, key.RequestId);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Information, "Session {RequestId} was not in the database; rebuilt from the store with {Frames} frames")]
    private partial void Recovered(RequestId requestId, int frames);

    [LoggerMessage(LogLevel.Warning, "The picture {Key} of {RequestId} cannot be read; the session is rebuilt without it")]
    private partial void Damaged(Exception exception, ObjectKey key, RequestId requestId);

    [LoggerMessage(LogLevel.Warning, "The manifest of {RequestId} cannot be read; the pictures alone are taken")]
    private partial void Unreadable(Exception exception, RequestId requestId);
}
