using System.Buffers.Binary;

namespace VideoService.Rendering.Joining;

/// <summary>The index of a whole film (<c>moov</c>), made of those of its pieces: the first one's, with what hangs on length and place made anew (ISO/IEC 14496-12, section 8).</summary>
internal static class Mp4Index
{
    /// <summary>The index.</summary>
    /// <param name="tracks">The pieces' tracks, in the film's order, with equal descriptions.</param>
    /// <param name="begin">Where the pictures of the first one begin in the film's file; those of the others follow.</param>
    /// <param name="isLong">Whether places take 64 bits.</param>
    public static byte[] Of(IReadOnlyList<Mp4Track> tracks, long begin, bool isLong)
    {
        var length = tracks.Sum(track => track.Sizes.Length) * tracks[0].Duration;
        var delay = tracks.Max(track => track.Delay);
        return Rebuild(tracks[0].Movie);

        byte[] Rebuild(ReadOnlyMemory<byte> box) => Mp4Bytes.TypeOf(box) switch
        {
            "moov" or "mdia" or "minf" => Mp4Bytes.Box(Mp4Bytes.TypeOf(box), Mp4Bytes.Inner(box).Select(inner => (ReadOnlyMemory<byte>)Rebuild(inner))),
            // An edit list is needed where a piece has one, whether or not it is the first.
            "trak" => Mp4Bytes.Box("trak", Mp4Bytes.Inner(box).Where(inner => Mp4Bytes.TypeOf(inner) != "edts").SelectMany(inner =>
                Mp4Bytes.TypeOf(inner) == "tkhd" ? (ReadOnlyMemory<byte>[])[Rebuild(inner), Edits()] : [Rebuild(inner)])),
            "mvhd" => Mp4Bytes.With(box, 4, Milliseconds()),
            "tkhd" => Mp4Bytes.With(box, 5, Milliseconds()),
            "mdhd" => Mp4Bytes.With(box, 4, length),
            "stbl" => Mp4Bytes.Box("stbl", Tables()),
            _ => box.ToArray(),
        };

        int Milliseconds()
        {
            var scale = Mp4Bytes.Number(Mp4Bytes.Find(Mp4Bytes.Inner(tracks[0].Movie), "mvhd")!.Value, 3);
            // Upwards: what is cut off would be a part of the last picture.
            return checked((int)(((long)length * scale + EncoderArguments.Ticks - 1) / EncoderArguments.Ticks));
        }

        ReadOnlyMemory<byte> Edits() => Mp4Bytes.Box("edts", Mp4Bytes.Box("elst", Mp4Bytes.Numbers(0, 1, Milliseconds(), delay, 0x10000)));

        IEnumerable<ReadOnlyMemory<byte>> Tables()
        {
            yield return tracks[0].Description;
            yield return Mp4Bytes.Box("stts", Mp4Bytes.Numbers(0, 1, length / tracks[0].Duration, tracks[0].Duration));
            yield return Table("stss", KeyFrames(), 1);
            // A piece whose pictures are seen sooner after their decoding waits for the others.
            yield return Table("ctts", Runs(tracks.SelectMany(track => track.Offsets.Select(offset => offset + delay - track.Delay))), 2);
            yield return Table("stsc", ChunkRuns(), 3);
            int[] sizes = [.. tracks.SelectMany(track => track.Sizes)];
            yield return Mp4Bytes.Box("stsz", Mp4Bytes.Numbers([0, 0, sizes.Length, .. sizes]));
            yield return isLong ? LongPlaces() : Table("stco", [.. Places().Select(place => (int)(uint)place)], 1);
        }

        List<int> KeyFrames()
        {
            var (keys, before) = (new List<int>(), 0);
            foreach (var track in tracks)
            {
                keys.AddRange(track.KeyFrames.Select(frame => before + frame + 1));
                before += track.Sizes.Length;
            }

            return keys;
        }

        List<int> ChunkRuns()
        {
            var (runs, number) = (new List<int>(), 0);
            foreach (var (_, pictures) in tracks.SelectMany(track => track.Chunks))
            {
                number++;
                if (runs.Count == 0 || runs[^2] != pictures) runs.AddRange([number, pictures, 1]);
            }

            return runs;
        }

        IEnumerable<long> Places()
        {
            var from = begin;
            foreach (var track in tracks)
            {
                foreach (var (position, _) in track.Chunks) yield return from + position - track.Data.From;
                from += track.Data.To - track.Data.From;
            }
        }

        byte[] LongPlaces()
        {
            var places = Places().ToList();
            var bytes = new byte[8 * places.Count];
            for (var i = 0; i < places.Count; i++) BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(8 * i), places[i]);
            return Mp4Bytes.Box("co64", Mp4Bytes.Numbers(0, places.Count), bytes);
        }
    }

    /// <summary>A table of version 0: how many entries there are, and they.</summary>
    private static byte[] Table(string type, List<int> numbers, int ofEach) => Mp4Bytes.Box(type, Mp4Bytes.Numbers([0, numbers.Count / ofEach, .. numbers]));

    private static List<int> Runs(IEnumerable<int> values)
    {
        var runs = new List<int>();
        foreach (var value in values)
        {
            if (runs.Count > 0 && runs[^1] == value) runs[^2]++;
            else runs.AddRange([1, value]);
        }

        return runs;
    }
}
