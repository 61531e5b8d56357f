using System.Diagnostics.CodeAnalysis;

namespace VideoService.Rendering.Joining;

/// <summary>
/// The index of a piece: one track of H.264 whose pictures all last alike, as our encoder's program writes it (ISO/IEC 14496-12, section 8; times in ticks of <see cref="EncoderArguments.Ticks"/>).
/// </summary>
internal sealed class Mp4Track
{
    /// <summary>Far more than the index of the longest piece.</summary>
    private const int MostBytes = 64 << 20;

    private Mp4Track(byte[] fileType, byte[] movie) => (FileType, Movie) = (fileType, movie);

    /// <summary>The box <c>ftyp</c>, whole.</summary>
    public byte[] FileType { get; }

    /// <summary>The box <c>moov</c>, whole.</summary>
    public byte[] Movie { get; }

    /// <summary>How its pictures are decoded (<c>stsd</c>), without the bit rate, which is each piece's own.</summary>
    public byte[] Description { get; private set; } = [];

    /// <summary>Where its pictures lie in the file: the content of <c>mdat</c>, from the first byte to behind the last.</summary>
    public (long From, long To) Data { get; private set; }

    /// <summary>How long each picture is seen.</summary>
    public int Duration { get; private set; }

    /// <summary>How long after it is decoded the first picture is seen; the edit list takes it off again (<c>elst</c>).</summary>
    public int Delay { get; private set; }

    /// <summary>Bytes of each picture, in the order of decoding (<c>stsz</c>).</summary>
    public int[] Sizes { get; private set; } = [];

    /// <summary>How long after it is decoded each picture is seen (<c>ctts</c>).</summary>
    public int[] Offsets { get; private set; } = [];

    /// <summary>The key frames, from 0 (<c>stss</c>).</summary>
    public int[] KeyFrames { get; private set; } = [];

    /// <summary>Where runs of pictures lie in the file, with how many each has (<c>stco</c>, <c>stsc</c>).</summary>
    public IReadOnlyList<(long Position, int Pictures)> Chunks { get; private set; } = [];

    /// <summary>Reads a piece's index; false where the file is broken, or is built in any other way than ours are.</summary>
    public static bool TryRead(FileStream file, [NotNullWhen(true)] out Mp4Track? track)
    {
        track = null;
        try
        {
            track = Read(file);
            return track is not null;
        }
        catch (Exception broken) when (broken is EncoderException or EndOfStreamException or ArgumentException or OverflowException or IndexOutOfRangeException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private static Mp4Track? Read(FileStream file)
    {
        var boxes = Mp4Boxes.Read(file);
        if (boxes.Select(box => box.Type).Where(type => type != "free").ToList() is not ["ftyp", "moov", "mdat"]) return null;
        var (movie, data) = (boxes.Single(box => box.Type == "moov"), boxes.Single(box => box.Type == "mdat"));
        if (movie.End - movie.Start > MostBytes) return null;
        var track = new Mp4Track(Bytes(file, boxes.Single(box => box.Type == "ftyp")), Bytes(file, movie)) { Data = (data.Start + Mp4Bytes.Head, data.End) };
        return track.ReadTables() ? track : null;
    }

    private static byte[] Bytes(FileStream file, Mp4Box box)
    {
        var bytes = new byte[box.End - box.Start];
        file.Position = box.Start;
        file.ReadExactly(bytes);
        return bytes;
    }

    private bool ReadTables()
    {
        var movie = Mp4Bytes.Inner(Movie);
        if (Mp4Bytes.Find(movie, "trak") is not { } trak || Mp4Bytes.Find(Mp4Bytes.Inner(trak), "mdia") is not { } media || Mp4Bytes.Find(Mp4Bytes.Inner(media), "minf") is not { } info
            || Mp4Bytes.Find(Mp4Bytes.Inner(info), "stbl") is not { } tables || Mp4Bytes.Find(Mp4Bytes.Inner(media), "mdhd") is not { } head || Mp4Bytes.Find(movie, "mvhd") is not { } movieHead
            || Mp4Bytes.Find(Mp4Bytes.Inner(trak), "tkhd") is not { } trackHead)
            return false;
        // Version 0 of each: times of 32 bits.
        if (Mp4Bytes.Number(head, 0) != 0 || Mp4Bytes.Number(movieHead, 0) != 0 || trackHead.Span[Mp4Bytes.Head] != 0 || Mp4Bytes.Number(head, 3) != EncoderArguments.Ticks) return false;
        var table = Mp4Bytes.Inner(tables).ToDictionary(Mp4Bytes.TypeOf, StringComparer.Ordinal);
        // What else there might be would have to be joined, too.
        if (table.Keys.Any(type => type is not ("stsd" or "stts" or "stss" or "ctts" or "stsc" or "stsz" or "stco"))) return false;
        Description = Mp4Bytes.WithoutBitRate(table["stsd"]);
        var durations = Mp4Bytes.Runs(table["stts"]);
        if (durations.Select(run => run.Value).Distinct().Count() != 1) return false;
        Duration = durations[0].Value;
        var sizes = table["stsz"];
        // One size for all, as a single picture has it, or each one's.
        var (alike, count) = (Mp4Bytes.Number(sizes, 1), Mp4Bytes.Number(sizes, 2));
        if (alike < 0 || count <= 0 || (long)alike * count > Data.To - Data.From) return false;
        Sizes = alike == 0 ? Mp4Bytes.Numbers(sizes, 3, count) : [.. Enumerable.Repeat(alike, count)];
        if (Sizes.Any(size => size <= 0) || durations.Sum(run => (long)run.Count) != count) return false;
        var offsets = table.TryGetValue("ctts", out var later) ? Mp4Bytes.Runs(later) : [(count, 0)];
        if (offsets.Any(run => run.Count < 0) || offsets.Sum(run => (long)run.Count) != count) return false;
        Offsets = [.. offsets.SelectMany(run => Enumerable.Repeat(run.Value, run.Count))];
        // Without the table each one is a key frame.
        KeyFrames = table.TryGetValue("stss", out var keys) ? [.. Mp4Bytes.Numbers(keys, 2, Mp4Bytes.Number(keys, 1)).Select(number => number - 1)] : [.. Enumerable.Range(0, count)];
        if (Mp4Bytes.Find(Mp4Bytes.Inner(trak), "edts") is { } edits)
        {
            // One edit, at its natural speed.
            if (Mp4Bytes.Inner(edits) is not [var edit] || Mp4Bytes.TypeOf(edit) != "elst" || Mp4Bytes.Number(edit, 0) != 0 || Mp4Bytes.Number(edit, 1) != 1 || Mp4Bytes.Number(edit, 4) != 0x10000) return false;
            Delay = Mp4Bytes.Number(edit, 3);
        }

        return ReadChunks(table["stsc"], table["stco"]) && KeyFrames is [0, ..] && KeyFrames[^1] < count && Delay >= 0 && Offsets[0] == Delay;
    }

    private bool ReadChunks(ReadOnlyMemory<byte> runs, ReadOnlyMemory<byte> positions)
    {
        var places = Mp4Bytes.Numbers(positions, 2, Mp4Bytes.Number(positions, 1));
        var entries = Mp4Bytes.Numbers(runs, 2, 3 * Mp4Bytes.Number(runs, 1));
        var chunks = new List<(long, int)>(places.Length);
        for (int i = 0, entry = -3, picture = 0; i < places.Length; i++)
        {
            while (entry + 3 < entries.Length && entries[entry + 3] == i + 1) entry += 3;
            // Entry: the first chunk that it is for, how many pictures each has, which description they have.
            if (entry < 0 || entries[entry + 2] != 1) return false;
            var (position, pictures) = ((long)(uint)places[i], entries[entry + 1]);
            var end = position + Sizes.AsSpan(picture, pictures).ToArray().Sum(size => (long)size);
            if (position < Data.From || end > Data.To) return false;
            chunks.Add((position, pictures));
            picture += pictures;
            if (i == places.Length - 1 && picture != Sizes.Length) return false;
        }

        Chunks = chunks;
        return chunks.Count > 0;
    }
}
