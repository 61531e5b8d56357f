using System.Data.Common;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace FrameService.Operations;

/// <summary>
/// Takes over one folder of the former product:
/// <code>
/// 1. a session with this request ID that is none of this folder's making is another session: refused, never merged
/// 2. a draft that names the folder it comes from is written first, so that nobody who looks meanwhile rebuilds a half
/// 3. each picture is read, named by its hash and copied within the store; the newest of a number is the frame, the others are uploads
/// 4. the frames are written in one transaction
/// </code>
/// Killed at any point, the same command goes on: the draft tells whose it is, and copies that are there are found.
/// </summary>
internal sealed class AdoptSession(
    DbDataSource database, SessionTable sessions, FrameTable frames, FrameWriter writer, NewSessions drafts, IFormerObjects former, IObjectStore store, Spool spool, TimeProvider clock)
{
    /// <summary>The session's note of where it comes from.</summary>
    public const string Mark = "adoptedFrom";

    public async Task RunAsync(FormerFolderListing folder, bool dryRun, Tally tally, Action<string> told, CancellationToken cancellationToken)
    {
        var key = new SessionKey(folder.UserId, folder.RequestId);
        var isRoot = folder.RequestId == FormerName.RootOf(folder.UserId);
        var source = isRoot ? "root" : folder.Source;
        var row = await sessions.FindAsync(key, cancellationToken);
        if (row is { DeletedAt: not null })
        {
            tally.Count("deleted since");
            return;
        }

        if (row is not null && JsonText.Read<Dictionary<string, string>>(row.Metadata)?.GetValueOrDefault(Mark) != source)
            throw new CommandFailedException("there is another session with this request ID already; rename one of the folders, or leave it.");
        if (row is null && await HasObjectsAsync(key, cancellationToken))
            throw new CommandFailedException("pictures of another session lie under this request ID already; rename one of the folders, or leave it.");
        // The two folders at the root come one after the other; what an upload is has no row to tell that it is there.
        var known = row is null ? [] : await frames.ListAsync(key, cancellationToken);
        if (known.Count > 0 && !isRoot)
        {
            tally.Count(AdoptCommand.Already);
            return;
        }

        if (row is null && !dryRun) await BeginAsync(key, source, folder, cancellationToken);
        var (pictures, copied) = await CopyAsync(key, folder, dryRun, tally, told, cancellationToken);
        if (known.Count == 0 && pictures.Count > 0 && !dryRun) await database.WriteAsync(transaction => WriteAsync(transaction, key, pictures), cancellationToken);
        var isNew = row is null || copied > 0;
        tally.Count(isNew ? AdoptCommand.Adopted : AdoptCommand.Already);
        if (isNew) told($"{(dryRun ? "would adopt" : "adopted")} {folder}: {pictures.Count} frames, {copied} pictures {(dryRun ? "to copy" : "copied")}");
    }

    private async Task<bool> HasObjectsAsync(SessionKey key, CancellationToken cancellationToken) =>
        await store.ListAsync(ObjectKeys.RequestPrefix(key.UserId, key.RequestId), cancellationToken).AnyAsync(cancellationToken);

    private Task BeginAsync(SessionKey key, string source, FormerFolderListing folder, CancellationToken cancellationToken)
    {
        var draft = drafts.Draft(key) with { Metadata = JsonText.Write(new Dictionary<string, string>(StringComparer.Ordinal) { [Mark] = source }), CreatedAt = BegunAt(folder) };
        return database.WriteAsync(transaction => sessions.InsertAsync(transaction, draft), cancellationToken);
    }

    /// <summary>Copies what is a picture; answers with the newest of each number, and how many copies are new.</summary>
    private async Task<(SortedDictionary<int, KeptPicture> Frames, int Copied)> CopyAsync(
        SessionKey key, FormerFolderListing folder, bool dryRun, Tally tally, Action<string> told, CancellationToken cancellationToken)
    {
        var newest = folder.Objects.Where(item => item.Name.Number > 0).GroupBy(item => item.Name.Number)
            .ToDictionary(group => group.Key, group => group.MaxBy(item => (item.Name.Milliseconds ?? 0, item.Object.LastModified)).Object.Name);
        var kept = new SortedDictionary<int, KeptPicture>();
        var copied = 0;
        foreach (var (name, found) in folder.Objects)
        {
            var number = name.Number > 0 && newest[name.Number] == found.Name ? name.Number : 0;
            if (await ReadAsync(key, name, found, number, tally, told, cancellationToken) is not { } picture) continue;
            if (name.Number > 0 && number == 0) tally.Note(AdoptCommand.Older, found.Name, $"A newer picture of frame {name.Number} is the frame.");
            if (number > 0) kept[number] = picture;
            var outcome = dryRun ? PutOutcome.Stored : await former.CopyAsync(found, picture.Key, picture.Sha256, cancellationToken);
            if (outcome == PutOutcome.Conflict) throw new CommandFailedException($"other bytes lie under {picture.Key}.");
            if (outcome != PutOutcome.Stored) continue;
            copied++;
            tally.Count(AdoptCommand.Copied);
        }

        return (kept, copied);
    }

    private async Task<KeptPicture?> ReadAsync(SessionKey key, FormerName name, FormerObject found, int number, Tally tally, Action<string> told, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await former.ReadAsync(found.Name, cancellationToken) ?? throw new CommandFailedException("it has just been removed.");
            using var file = await spool.WriteAsync(content.Content, PictureKeeper.MaxBytes, cancellationToken);
            var header = PictureHeader.Read(file.Path);
            var target = number > 0
                ? ObjectKeys.Frame(key.UserId, key.RequestId, number, file.Sha256, header.Extension)
                : ObjectKeys.Upload(key.UserId, key.RequestId, name.FileName, file.Sha256, header.Extension);
            return new KeptPicture(target, file.Sha256, file.Length, header, null, WasThere: true);
        }
        catch (Exception exception) when (exception is ProblemException or SpoolTooLargeException or CommandFailedException)
        {
            tally.Note(AdoptCommand.Unreadable, found.Name, Failures.Sentence(exception));
            told($"{AdoptCommand.Unreadable} {found.Name}: {Failures.Sentence(exception)}");
            return null;
        }
    }

    private async Task WriteAsync(DbTransaction transaction, SessionKey key, SortedDictionary<int, KeptPicture> pictures)
    {
        if (await sessions.LockAsync(transaction, key) is not { DeletedAt: null } row) throw ReadSession.Deleted();
        foreach (var (number, picture) in pictures)
        {
            // Whoever has put a picture meanwhile wants that one.
            if (await FrameTable.FindAsync(transaction, key, number) is { HasPicture: true }) continue;
            row = await writer.WriteAsync(transaction, row, new FrameRow { UserId = key.UserId, RequestId = key.RequestId, Number = number }.With(picture, "upload", null), picture);
        }

        await sessions.SaveAsync(transaction, row);
    }

    /// <summary>When the former session began: its ID tells, else the oldest of its pictures.</summary>
    private DateTimeOffset BegunAt(FormerFolderListing folder)
    {
        var now = clock.GetRowTime();
        var told = folder.RequestId.UnixMilliseconds;
        if (told >= 1_000_000_000_000 && told <= now.ToUnixTimeMilliseconds()) return DateTimeOffset.FromUnixTimeMilliseconds(told);
        var oldest = folder.Objects.Min(item => item.Object.LastModified);
        return oldest < now ? oldest.AddTicks(-(oldest.Ticks % TimeSpan.TicksPerMicrosecond)) : now;
    }
}
