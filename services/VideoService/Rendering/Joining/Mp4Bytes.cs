using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace VideoService.Rendering.Joining;

/// <summary>Boxes of MP4 in memory: read into parts, and made of parts (ISO/IEC 14496-12, section 4.2). Numbers are big-endian, of 32 bits.</summary>
internal static class Mp4Bytes
{
    /// <summary>Bytes of a box before its content: size and type.</summary>
    public const int Head = 8;

    /// <summary>Bytes of a picture's description (<c>VisualSampleEntry</c>, section 12.1.3) before the boxes in it.</summary>
    private const int VisualHead = Head + 78;

    /// <summary>The boxes within one.</summary>
    /// <exception cref="ArgumentException">One ends outside.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Inner(ReadOnlyMemory<byte> box, int from = Head)
    {
        var boxes = new List<ReadOnlyMemory<byte>>();
        while (from < box.Length)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(box.Span[from..]);
            if (size < Head) throw new ArgumentException("A box is smaller than its head.", nameof(box));
            boxes.Add(box.Slice(from, size));
            from += size;
        }

        return boxes;
    }

    /// <summary>Its four letters.</summary>
    public static string TypeOf(ReadOnlyMemory<byte> box) => Encoding.Latin1.GetString(box.Span.Slice(4, 4));

    /// <summary>The one box of a type; null where there is none, or are several.</summary>
    public static ReadOnlyMemory<byte>? Find(IReadOnlyList<ReadOnlyMemory<byte>> boxes, string type) =>
        boxes.Where(box => TypeOf(box) == type).ToList() is [var only] ? only : null;

    /// <summary>Number <paramref name="index"/> of a box's content.</summary>
    public static int Number(ReadOnlyMemory<byte> box, int index) => BinaryPrimitives.ReadInt32BigEndian(box.Span[(Head + 4 * index)..]);

    /// <summary>So many numbers of a box's content, from one on.</summary>
    public static int[] Numbers(ReadOnlyMemory<byte> box, int from, int count)
    {
        var numbers = MemoryMarshal.Cast<byte, int>(box.Span.Slice(Head + 4 * from, checked(4 * count))).ToArray();
        BinaryPrimitives.ReverseEndianness(numbers, numbers);
        return numbers;
    }

    /// <summary>A table of how many have which value, of version 0.</summary>
    /// <exception cref="ArgumentException">It is of another version.</exception>
    public static IReadOnlyList<(int Count, int Value)> Runs(ReadOnlyMemory<byte> box)
    {
        if (Number(box, 0) != 0) throw new ArgumentException("The table is of a later version.", nameof(box));
        return [.. Numbers(box, 2, checked(2 * Number(box, 1))).Chunk(2).Select(pair => (pair[0], pair[1]))];
    }

    /// <summary>A description of H.264 without its box <c>btrt</c>.</summary>
    public static byte[] WithoutBitRate(ReadOnlyMemory<byte> descriptions)
    {
        if (Number(descriptions, 1) != 1 || Inner(descriptions, Head + 8) is not [var entry] || TypeOf(entry) != "avc1") throw new ArgumentException("The pictures are not of one kind.", nameof(descriptions));
        var kept = Inner(entry, VisualHead).Where(box => TypeOf(box) != "btrt");
        return Box("stsd", Numbers([0, 1]), Box("avc1", [entry[Head..VisualHead], .. kept]));
    }

    /// <summary>A box of a type with this content.</summary>
    public static byte[] Box(string type, params IEnumerable<ReadOnlyMemory<byte>> content)
    {
        var parts = content.ToList();
        var box = new byte[Head + parts.Sum(part => part.Length)];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.Latin1.GetBytes(type, box.AsSpan(4));
        var at = Head;
        foreach (var part in parts)
        {
            part.CopyTo(box.AsMemory(at));
            at += part.Length;
        }

        return box;
    }

    /// <summary>Numbers as bytes.</summary>
    public static byte[] Numbers(params int[] numbers)
    {
        var bytes = new byte[4 * numbers.Length];
        BinaryPrimitives.ReverseEndianness(numbers, MemoryMarshal.Cast<byte, int>(bytes.AsSpan()));
        return bytes;
    }

    /// <summary>The same box with one number of its content changed.</summary>
    public static byte[] With(ReadOnlyMemory<byte> box, int index, int number)
    {
        var changed = box.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(Head + 4 * index), number);
        return changed;
    }
}
