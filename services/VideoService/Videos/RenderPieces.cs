using System.Collections.Concurrent;
using System.Security.Cryptography;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using VideoService.Clips;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>
/// Brings every piece of a film to a local file: found in the store under its name, which is the hash of all that goes in, or else rendered and put there at once. So whoever
/// comes after a crash, or makes another film of the same frames, renders only what is missing.
/// </summary>
internal sealed partial class RenderPieces(FilmRenderer renderer, EncoderGate gate, IObjectStore store, AttemptTable attempts, PutSegments segments, RenderJobOptions options, RenderMetrics metrics, ILogger<RenderPieces> logger)
{
    /// <summary>The files, in the order of the plan.</summary>
    /// <exception cref="TemporarySpaceException">The files are too large.</exception>
    /// <exception cref="ObjectStoreException">The store has not taken all of them; those that are finished lie in the folder.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(VideoRow row, PlannedFilm planned, string? sound, PictureCache pictures, FootageFiles footage, RenderFolder folder, Ownership owner)
    {
        var plan = planned.Plan;
        var rows = await attempts.CutAsync(row, [.. plan.Pieces.Select((piece, position) => RowOf(row, plan, piece, position))], owner.Token);
        if (rows is null) owner.Lose();
        var space = renderer.OpenSpace();
        if (sound is not null) space.Take(sound);
        if (await segments.SoundAsync(row, sound, owner.Token) is { Count: > 0 } heard && !await attempts.AddSegmentsAsync(row, heard, owner.Token)) owner.Lose();
        if (await segments.CaptionsAsync(row, plan, folder.CaptionSegment, owner.Token) is { Count: > 0 } read && !await attempts.AddSegmentsAsync(row, read, owner.Token)) owner.Lose();
        var segmented = await segments.DoneAsync(row, plan, owner.Token);
        var postponed = new ConcurrentQueue<VideoPieceRow>();
        owner.Stage = VideoStage.Rendering;
        var order = WorkOrder.Of(rows!, piece => piece.Kind == VideoPieceRow.KindOf(PieceKind.Joint), isWatched: row.Asked.Format == VideoFormat.Hls);
        // One more than may be encoded at a time, which is the gate's to say: while a piece is put into the store, its core is not left waiting.
        await Parallel.ForEachAsync(order, new ParallelOptions { MaxDegreeOfParallelism = options.Workers + 1, CancellationToken = owner.Token }, async (piece, token) =>
        {
            var path = folder.Piece(piece.ObjectKey!.Value);
            var isKept = File.Exists(path);
            if (isKept) space.Take(path);
            if (isKept) owner.Advance(piece.FrameCount);
            if (isKept && piece.Status == VideoPieceRow.Completed && segmented.Contains(piece.Position)) return;
            var isStored = false;
            if (!isKept && await FetchAsync(piece, path, owner, token))
            {
                space.Take(path);
                isStored = true;
                owner.Advance(piece.FrameCount);
                metrics.Piece(piece.Kind, "found");
                Found(piece.ObjectKey.Value);
            }
            else if (!isKept)
            {
                await RenderAsync(row, plan, piece, pictures, footage, path, owner, token);
                space.Take(path);
            }

            try
            {
                await StoreAsync(piece, path, isStored, token);
            }
            catch (Exception outage) when (Ownership.IsOutage(outage))
            {
                // The rest can be rendered while the store is away.
                NotAsked(outage.Message);
                postponed.Enqueue(piece);
            }
        });
        foreach (var piece in postponed.OrderBy(piece => piece.Position)) await StoreAsync(piece, folder.Piece(piece.ObjectKey!.Value), isStored: false, owner.Token);

        return [.. rows!.Select(piece => folder.Piece(piece.ObjectKey!.Value))];

        async Task StoreAsync(VideoPieceRow piece, string path, bool isStored, CancellationToken cancellationToken)
        {
            if (!isStored) await PutAsync(piece, path, owner, cancellationToken);
            var parts = segmented.Contains(piece.Position) ? [] : await segments.RunAsync(row, plan, piece.Position, path, cancellationToken);
            if (!await attempts.CompletePieceAsync(row, piece, parts, owner.Token)) owner.Lose();
        }
    }

    private static VideoPieceRow RowOf(VideoRow row, FilmPlan plan, Piece piece, int position) => new()
    {
        VideoId = row.VideoId,
        Position = position,
        Kind = VideoPieceRow.KindOf(piece.Kind),
        Number = piece.Number,
        StartFrame = piece.StartFrame,
        FrameCount = piece.FrameCount,
        ObjectKey = piece.Key(row.UserId, row.RequestId, plan.Settings.Extension),
    };

    private async Task RenderAsync(VideoRow row, FilmPlan plan, VideoPieceRow piece, PictureCache pictures, FootageFiles footage, string path, Ownership owner, CancellationToken cancellationToken)
    {
        await footage.FetchAsync(plan.Pieces[piece.Position], cancellationToken);
        var whole = plan.Pieces[piece.Position];
        if (whole.Head == 0) await EncodeAsync(whole, Unfinished(path));
        else await InPartsAsync(whole);
        File.Move(Unfinished(path), path, overwrite: true);
        metrics.Piece(piece.Kind, "encoded");
        Rendered(piece.ObjectKey!.Value, piece.FrameCount);

        Task EncodeAsync(Piece part, string to) => gate.RunAsync(
            () => metrics.TimeAsync(piece.Kind, piece.Number, () => renderer.RenderPieceAsync(plan, part, pictures, to, new PieceProgress(owner), cancellationToken, footage.PathOf)), cancellationToken);

        // The head plays while the rest is rendered.
        async Task InPartsAsync(Piece clip)
        {
            var (head, rest) = clip.Split();
            string[] parts = [$"{path}.head", $"{path}.rest"];
            await EncodeAsync(head, parts[0]);
            try
            {
                if (!await attempts.AddSegmentsAsync(row, await segments.HeadAsync(row, plan, piece.Position, head, parts[0], cancellationToken), cancellationToken)) owner.Lose();
            }
            catch (Exception outage) when (Ownership.IsOutage(outage))
            {
                // The whole piece is cut later.
                NotAsked(outage.Message);
            }

            await EncodeAsync(rest, parts[1]);
            await gate.RunAsync(() => renderer.JoinAsync(plan.Settings, [head, rest], parts, Unfinished(path), cancellationToken), cancellationToken);
            foreach (var part in parts) File.Delete(part);
        }
    }

    private async Task<bool> FetchAsync(VideoPieceRow piece, string path, Ownership owner, CancellationToken cancellationToken)
    {
        try
        {
            await using var found = await store.GetAsync(piece.ObjectKey!.Value, range: null, cancellationToken);
            owner.StoreAnswered();
            if (found is null) return false;
            await using (var file = File.Create(Unfinished(path))) await found.Content.CopyToAsync(file, cancellationToken);
            File.Move(Unfinished(path), path, overwrite: true);
            return true;
        }
        catch (Exception outage) when (Ownership.IsOutage(outage))
        {
            // Whether it lies there cannot be asked now; rendering it again costs time and no harm.
            NotAsked(outage.Message);
            return false;
        }
    }

    private async Task PutAsync(VideoPieceRow piece, string path, Ownership owner, CancellationToken cancellationToken)
    {
        // Before it lies there: an attempt that loses the film in this moment has to know what it may have put.
        owner.Put.Add(piece.ObjectKey!.Value);
        // Not disposed: the file is still to be merged.
        var outcome = await store.PutAsync(piece.ObjectKey!.Value, await FinishedFile.SpoolAsync(path, cancellationToken), cancellationToken);
        owner.StoreAnswered();
        // The same inputs make the same piece, whoever encoded it; what lies there stays, and the film is made of that.
        if (outcome == PutOutcome.Conflict) await FetchAsync(piece, path, owner, cancellationToken);
    }

    private static string Unfinished(string path) => $"{path}.part";

    [LoggerMessage(LogLevel.Debug, "Found {Key}")]
    private partial void Found(ObjectKey key);

    [LoggerMessage(LogLevel.Information, "Rendered {Key}, {Frames} pictures")]
    private partial void Rendered(ObjectKey key, int frames);

    [LoggerMessage(LogLevel.Warning, "The object store does not answer for a piece; it is put there later. {Reason}")]
    private partial void NotAsked(string reason);

    /// <summary>Turns a piece's count into the film's.</summary>
    private sealed class PieceProgress(Ownership owner) : IProgress<int>
    {
        private int _last;

        public void Report(int value)
        {
            owner.Advance(value - _last);
            _last = value;
        }
    }
}

/// <summary>A file that is written, measured for its way to the store.</summary>
internal static class FinishedFile
{
    /// <summary>Length and hash of a file; the caller keeps the file.</summary>
    public static async Task<SpooledFile> SpoolAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var hash = await SHA256.HashDataAsync(file, cancellationToken);
        return new SpooledFile(path, file.Length, Convert.ToHexStringLower(hash));
    }
}
