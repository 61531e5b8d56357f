using System.Buffers.Binary;

namespace FrameService.Frames.Cleaning;

/// <summary>A WebP's chunks (RFC 9649). EXIF, XMP and what nobody knows goes, and the head says so.</summary>
internal static class WebpParts
{
    private const byte HasExif = 0x08;
    private const byte HasXmp = 0x04;

    /// <summary>More than any animation has; what comes behind them goes.</summary>
    private const int MaxChunks = 100_000;

    public static PictureParts Read(FileStream file)
    {
        var chunks = new List<(long At, long End, string Type)>();
        var parts = new PictureParts();
        Span<byte> head = stackalloc byte[12];
        file.ReadExactly(head);
        var end = Math.Min(file.Length, 8L + BinaryPrimitives.ReadUInt32LittleEndian(head[4..]));
        var isChanged = end < file.Length;
        for (long at = 12; at + 8 <= end && chunks.Count < MaxChunks;)
        {
            file.Position = at;
            file.ReadExactly(head[..8]);
            var (type, length) = (System.Text.Encoding.Latin1.GetString(head[..4]), BinaryPrimitives.ReadUInt32LittleEndian(head[4..]));
            var next = Math.Min(file.Length, at + 8 + length + (length & 1));
            chunks.Add((at, next, type));
            isChanged |= type is not ("VP8X" or "ICCP" or "ANIM" or "ANMF" or "ALPH" or "VP8 " or "VP8L");
            at = next;
        }

        if (!isChanged) parts.Keep(0, file.Length);
        else parts.Write(new byte[12]);
        foreach (var (at, next, type) in chunks)
        {
            parts.IsAnimated |= type == "ANIM";
            parts.IsLossless |= type == "VP8L";
            if (type == "ICCP") parts.Profile = Body(file, at, next);
            if (!isChanged) continue;
            switch (type)
            {
                case "VP8X":
                    var extended = new byte[9];
                    file.Position = at;
                    if (file.ReadAtLeast(extended, 9, throwOnEndOfStream: false) < 9) break;
                    extended[8] &= unchecked((byte)~(HasExif | HasXmp));
                    parts.Write(extended);
                    parts.Keep(at + 9, next - at - 9);
                    break;
                case "EXIF":
                    parts.DropExif(Body(file, at, next), tiff => [.. "EXIF"u8, (byte)tiff.Length, 0, 0, 0, .. tiff]);
                    break;
                case "ICCP" or "ANIM" or "ANMF" or "ALPH" or "VP8 " or "VP8L":
                    parts.Keep(at, next - at);
                    break;
                default:
                    parts.Drop();
                    break;
            }
        }

        return parts;
    }

    /// <summary>The parts with a head that fits them: how long they are, and whether there is EXIF among them.</summary>
    public static IReadOnlyList<Part> WithHead(IReadOnlyList<Part> parts)
    {
        if (parts is not [{ Bytes: { Length: 12 } }, ..]) return parts;
        var head = new byte[12];
        "RIFF"u8.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), (uint)(parts.Sum(part => part.Length) - 8));
        "WEBP"u8.CopyTo(head.AsSpan(8));
        var hasExif = parts.Any(part => part.Bytes is { } bytes && bytes.AsSpan().StartsWith("EXIF"u8));
        return [new Part(0, 12, head), .. parts.Skip(1).Select(part => hasExif && part.Bytes is { Length: > 8 } bytes && bytes.AsSpan().StartsWith("VP8X"u8) ? part with { Bytes = [.. bytes[..8], (byte)(bytes[8] | HasExif), .. bytes[9..]] } : part)];
    }

    private static byte[] Body(FileStream file, long at, long next)
    {
        var body = new byte[Math.Min(next - at - 8, PictureParts.MaxProfile)];
        file.Position = at + 8;
        return body[..file.ReadAtLeast(body, body.Length, throwOnEndOfStream: false)];
    }
}
