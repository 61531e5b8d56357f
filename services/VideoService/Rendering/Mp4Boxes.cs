using System.Buffers.Binary;
using System.Text;

namespace VideoService.Rendering;

/// <summary>The boxes of a fragmented MP4 that ffmpeg has written here (ISO/IEC 14496-12, section 4.2); nothing of a user's is read with this.</summary>
internal static class Mp4Boxes
{
    private const int Head = 8;

    /// <summary>The outermost boxes, in order.</summary>
    /// <exception cref="EncoderException">The file ends within a box.</exception>
    public static List<Mp4Box> Read(FileStream file) => Read(file, 0, file.Length);

    /// <summary>How many pictures a fragment (<c>moof</c>) of one track has: by its runs (<c>traf/trun</c>, section 8.8.8).</summary>
    public static int SampleCount(FileStream file, Mp4Box fragment)
    {
        var count = 0;
        foreach (var track in Inner(file, fragment).Where(box => box.Type == "traf"))
        {
            foreach (var run in Inner(file, track).Where(box => box.Type == "trun")) count += Number(file, run.Start + Head + 4);
        }

        return count;
    }

    private static List<Mp4Box> Inner(FileStream file, Mp4Box box) => Read(file, box.Start + Head, box.End);

    private static List<Mp4Box> Read(FileStream file, long from, long end)
    {
        var boxes = new List<Mp4Box>();
        Span<byte> type = stackalloc byte[4];
        while (from < end)
        {
            var size = Number(file, from);
            if (size < Head || from + size > end) throw new EncoderException("The encoder has written a box that is not whole.");
            file.ReadExactly(type);
            boxes.Add(new Mp4Box(Encoding.ASCII.GetString(type), from, from + size));
            from += size;
        }

        return boxes;
    }

    private static int Number(FileStream file, long at)
    {
        Span<byte> bytes = stackalloc byte[4];
        file.Position = at;
        file.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }
}

/// <summary>Where a box lies in its file.</summary>
/// <param name="Type">Four characters.</param>
/// <param name="Start">Its first byte, that of its size.</param>
/// <param name="End">The byte after its last.</param>
internal readonly record struct Mp4Box(string Type, long Start, long End);
