using System.Text.Json;
using FrameService.Frames;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>The rows of a session as the store tells of them; nothing is written yet.</summary>
/// <param name="Session">The session.</param>
/// <param name="Frames">Its frames, by number.</param>
/// <param name="Losses">What could not be brought back, in sentences.</param>
internal sealed record RebuiltSession(SessionRow Session, IReadOnlyList<FrameRow> Frames, IReadOnlyList<string> Losses);

/// <summary>
/// Makes the rows of a session from its objects:
/// <code>
/// 1. the manifest, where it can be read, says which frames there are and which picture each has
/// 2. a picture that came after the manifest counts in place of the one that it names; without a manifest, the newest of each number counts
/// 3. a picture whose facts the manifest tells is taken at its word, if name and size agree; others are read
/// 4. what was being generated is queued, and goes on with what is missing; pictures that were still parked with the service are lost with its database
/// </code>
/// </summary>
internal sealed partial class RebuildSession(PictureKeeper keeper, NewSessions drafts, IObjectStore store, TimeProvider clock, ILogger<RebuildSession> logger)
{
    /// <summary>The rows; null where the objects tell of no session.</summary>
    public async Task<RebuiltSession?> RunAsync(SessionKey key, IReadOnlyList<ObjectEntry> objects, CancellationToken cancellationToken)
    {
        var losses = new List<string>();
        var (manifest, written) = await ReadManifestAsync(key, losses, cancellationToken);
        var there = objects.ToDictionary(entry => entry.Key);
        // The header of an answer tells whole seconds, a listing may tell more: times of one kind are compared, else a picture of the same second would count as the later one.
        if (there.TryGetValue(ObjectKeys.Manifest(key.UserId, key.RequestId), out var listed)) written = listed.LastModified;
        var noted = manifest?.Frames.ToDictionary(frame => frame.Number) ?? [];
        var newest = objects
            .Where(entry => entry.Key.Kind is ObjectKind.Frame or ObjectKind.FormerFrame && entry.Key.Number is >= 1 and <= Limits.MaxFrames)
            .Where(entry => manifest is null || (noted.TryGetValue(entry.Key.Number, out var frame) ? frame.ObjectKey is null || entry.LastModified > written : entry.LastModified > written))
            .GroupBy(entry => entry.Key.Number).ToDictionary(group => group.Key, group => group.MaxBy(entry => entry.LastModified)!.Key);
        if (manifest is null && newest.Count == 0 && !objects.Any(entry => entry.Key.Kind == ObjectKind.Upload)) return null;

        var rows = new List<FrameRow>();
        foreach (var number in newest.Keys.Union(noted.Keys).Order())
        {
            var frame = noted.GetValueOrDefault(number) ?? new ManifestFrame { Number = number };
            // A frame that was saved on top of another's picture has a key of another number: the manifest knows.
            var picture = newest.TryGetValue(number, out var found) ? found : frame.ObjectKey;
            if (picture is { } name) rows.Add(await WithPictureAsync(key, frame, name, there, losses, cancellationToken));
            else if (manifest?.FrameCount is not null) rows.Add(frame.ToRow(key));
        }

        var session = manifest?.ToRow(key) ?? drafts.Draft(key) with { CreatedAt = BegunAt(key, objects), Progress = newest.Count > 0 ? 100 : 0 };
        session = session with { FrameCount = Math.Max(session.FrameCount, rows.Count == 0 ? 0 : rows.Max(row => row.Number)), FramesRevision = rows.Count == 0 ? session.FramesRevision : Math.Max(1, session.FramesRevision) };
        return new RebuiltSession(Settled(session, rows, manifest), rows, losses);
    }

    private async Task<FrameRow> WithPictureAsync(
        SessionKey key, ManifestFrame frame, ObjectKey picture, Dictionary<ObjectKey, ObjectEntry> there, List<string> losses, CancellationToken cancellationToken)
    {
        var row = frame.ToRow(key);
        KeptPicture? kept = null;
        try
        {
            kept = (there.TryGetValue(picture, out var entry) ? frame.PictureOf(entry) : null) ?? await keeper.FindAsync(picture, cancellationToken);
            if (kept is null) losses.Add($"frame {frame.Number}: {(frame.Status == FrameStatus.Inline ? "its picture was still parked with the service" : $"{picture} is gone")}");
        }
        catch (Exception exception) when (exception is ProblemException or SpoolTooLargeException)
        {
            Damaged(exception, picture, key.RequestId);
            losses.Add($"frame {frame.Number}: {picture} cannot be read");
        }

        // What was asked for is asked for still: with the same seed and words it is the same picture, if it came already.
        if (kept is not null) return row.With(kept, frame.Provider ?? "upload", frame.Model, picture == frame.ObjectKey ? frame.Seed : null) with { Redraw = row.Redraw };
        var error = new ResourceError(ErrorCodes.ObjectNotFound.Code, $"The picture of frame {frame.Number} was lost with the database.", frame.Number);
        return row with { Status = WireText.Of(FrameStatus.Failed), Error = JsonText.Write(error) };
    }

    private static SessionRow Settled(SessionRow session, List<FrameRow> rows, Manifest? manifest)
    {
        var missing = rows.Where(row => !row.HasPicture).ToList();
        var isWhole = missing.Count == 0 && rows.Count >= session.FrameCount;
        if (session.IsGenerating)
        {
            // A record of the older form does not say what was still to come.
            var goesOn = session.ReturnTo is not null
                || (manifest is { FrameCount: not null, OriginalPrompt: not null, Seed: not null, VideoDuration: not null } && (!isWhole || session.PauseAfter is not null));
            if (goesOn && session.ReturnTo is null)
            {
                for (var i = 0; i < rows.Count; i++)
                {
                    if (!rows[i].HasPicture) rows[i] = rows[i] with { Status = WireText.Of(FrameStatus.Pending), Error = null };
                }
            }

            return goesOn ? session with { Status = WireText.Of(SessionStatus.Queued) } : session with { Status = WireText.Of(SessionStatus.Completed), Stage = null, Progress = 100 };
        }

        if (session.State != SessionStatus.Completed || missing.Count == 0) return session;
        var error = new ResourceError(ErrorCodes.FramesMissing.Code, $"{missing.Count} pictures were lost with the database; upload them again.", missing[0].Number);
        return session with { Status = WireText.Of(SessionStatus.Failed), Error = JsonText.Write(error) };
    }

    /// <summary>When the session began: its ID tells, unless it is one that somebody made up; then its oldest object does.</summary>
    private DateTimeOffset BegunAt(SessionKey key, IReadOnlyList<ObjectEntry> objects)
    {
        var oldest = objects.Min(entry => entry.LastModified);
        var told = key.RequestId.UnixMilliseconds;
        return told >= 1_000_000_000_000 && told <= clock.GetUtcNow().ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(told) : oldest;
    }

    private async Task<(Manifest? Manifest, DateTimeOffset Written)> ReadManifestAsync(SessionKey key, List<string> losses, CancellationToken cancellationToken)
    {
        try
        {
            return await ManifestFile.ReadAsync(store, key, cancellationToken);
        }
        catch (JsonException exception)
        {
            Unreadable(exception, key.RequestId);
            losses.Add("manifest.json cannot be read; the pictures alone are taken, without texts");
            return default;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The picture {Key} of {RequestId} cannot be read; the session is rebuilt without it")]
    private partial void Damaged(Exception exception, ObjectKey key, RequestId requestId);

    [LoggerMessage(LogLevel.Warning, "The manifest of {RequestId} cannot be read; the pictures alone are taken")]
    private partial void Unreadable(Exception exception, RequestId requestId);
}
