using System.Buffers.Binary;
using System.IO.Compression;
using FrameVideo.Hosting;

namespace FrameService.Frames.Cleaning;

/// <summary>A PNG's chunks (W3C PNG 3). Those that the picture is made of, and those that say how it looks, stay; texts, times, EXIF and what programs add goes.</summary>
internal static class PngParts
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "cICP", "mDCV", "cLLI", "bKGD", "pHYs", "hIST", "acTL", "fcTL", "fdAT",
    };

    /// <exception cref="ProblemException">image-unreadable: it is in too many parts.</exception>
    public static PictureParts Read(FileStream file)
    {
        var parts = new PictureParts { IsLossless = true };
        parts.Keep(0, 8);
        Span<byte> head = stackalloc byte[8];
        var count = 0;
        for (long at = 8; at < file.Length;)
        {
            if (++count > PictureParts.MaxParts) throw PictureParts.TooMany();
            file.Position = at;
            if (file.ReadAtLeast(head, 8, throwOnEndOfStream: false) < 8)
            {
                parts.Drop();
                break;
            }

            var (length, type) = (BinaryPrimitives.ReadUInt32BigEndian(head), System.Text.Encoding.Latin1.GetString(head[4..]));
            var end = Math.Min(file.Length, at + 12L + length);
            if (type == "acTL") parts.IsAnimated = true;
            // There is one at most; of several, which are a thousand times as long as they look, the first is read.
            if (type == "iCCP") parts.Profile ??= Inflate(Body(file, length));
            if (type == "eXIf") parts.DropExif(Body(file, length), tiff => Chunk("eXIf"u8, tiff));
            else if (Kept.Contains(type)) parts.Keep(at, end - at);
            else parts.Drop();
            at = end;
            if (type != "IEND") continue;
            if (at < file.Length) parts.Drop();
            break;
        }

        return parts;
    }

    private static byte[] Body(FileStream file, uint length)
    {
        var body = new byte[Math.Min(length, PictureParts.MaxProfile)];
        return body[..file.ReadAtLeast(body, body.Length, throwOnEndOfStream: false)];
    }

    /// <summary>The profile behind its name; what cannot be inflated is one that nobody can read, and empty.</summary>
    private static byte[] Inflate(byte[] body)
    {
        var name = Array.IndexOf(body, (byte)0);
        if (name < 0 || name + 2 > body.Length) return [];
        using var profile = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            using var zip = new ZLibStream(new MemoryStream(body, name + 2, body.Length - name - 2), CompressionMode.Decompress);
            while (profile.Length < PictureParts.MaxProfile && zip.Read(buffer) is > 0 and var read) profile.Write(buffer, 0, read);
            return profile.ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    /// <summary>CRC-32 (ISO 3309), bit by bit: it is for 30 bytes.</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }

        return ~crc;
    }
}
