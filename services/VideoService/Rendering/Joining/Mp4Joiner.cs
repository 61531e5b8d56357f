using System.Buffers.Binary;

namespace VideoService.Rendering.Joining;

/// <summary>
/// Joins the pieces of a film that has nothing beside its pictures: one index for all, in front, and behind it what is encoded, as it is. The encoder's program could do it, too, but takes many times as
/// long to start as this takes for everything.
/// </summary>
internal static class Mp4Joiner
{
    /// <summary>Writes the film; false, with nothing of use written, where a piece is broken or not of the form that is known here.</summary>
    /// <param name="plan">The film, in MP4.</param>
    /// <param name="piecePaths">A file for each of its pieces.</param>
    /// <param name="outputPath">A temporary file, written anew.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<bool> TryJoinAsync(FilmPlan plan, IReadOnlyList<string> piecePaths, string outputPath, CancellationToken cancellationToken)
    {
        var tracks = new List<Mp4Track>(piecePaths.Count);
        foreach (var (piece, path) in plan.Pieces.Zip(piecePaths))
        {
            if (!File.Exists(path)) return false;
            await using var file = File.OpenRead(path);
            if (!Mp4Track.TryRead(file, out var track) || track.Sizes.Length != piece.FrameCount || track.Duration != EncoderArguments.Ticks / plan.Settings.Fps) return false;
            if (tracks is [var first, ..] && !track.Description.AsSpan().SequenceEqual(first.Description)) return false;
            tracks.Add(track);
        }

        // Times of 32 bits reach for six and a half hours.
        if ((long)plan.FrameCount * tracks[0].Duration > int.MaxValue) return false;
        await using var film = File.Create(outputPath);
        // Places behind the index, which is not longer than all of theirs.
        var end = tracks.Sum(track => track.Data.To - track.Data.From + 2L * track.Movie.Length) + 1024;
        await film.WriteAsync(Head(tracks, isLong: end > uint.MaxValue), cancellationToken);
        foreach (var (track, path) in tracks.Zip(piecePaths))
        {
            await using var file = File.OpenRead(path);
            file.Position = track.Data.From;
            await CopyAsync(file, film, track.Data.To - track.Data.From, cancellationToken);
        }

        return true;
    }

    /// <summary>Everything before the pictures.</summary>
    /// <param name="tracks">The pieces' tracks, with equal descriptions.</param>
    /// <param name="isLong">Whether places in the file take 64 bits.</param>
    internal static byte[] Head(IReadOnlyList<Mp4Track> tracks, bool isLong)
    {
        var data = tracks.Sum(track => track.Data.To - track.Data.From);
        var dataHead = isLong ? 16 : Mp4Bytes.Head;
        var first = tracks[0];
        // The index is as long wherever the pictures are.
        var begin = first.FileType.Length + Mp4Index.Of(tracks, 0, isLong).Length + dataHead;
        var movie = Mp4Index.Of(tracks, begin, isLong);
        var head = new byte[begin];
        first.FileType.CopyTo(head, 0);
        movie.CopyTo(head, first.FileType.Length);
        var end = head.AsSpan(begin - dataHead);
        "mdat"u8.CopyTo(end[4..]);
        // A size of 1 says that the real one, of 64 bits, follows.
        BinaryPrimitives.WriteUInt32BigEndian(end, isLong ? 1 : (uint)(data + dataHead));
        if (isLong) BinaryPrimitives.WriteInt64BigEndian(end[Mp4Bytes.Head..], data + dataHead);
        return head;
    }

    private static async Task CopyAsync(FileStream from, FileStream to, long bytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(bytes, 1 << 18)];
        while (bytes > 0)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length));
            await from.ReadExactlyAsync(part, cancellationToken);
            await to.WriteAsync(part, cancellationToken);
            bytes -= part.Length;
        }
    }
}
