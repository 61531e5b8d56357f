using System.Buffers.Binary;
using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace FrameService.Frames.Cleaning;

/// <summary>
/// A JPEG's segments (ITU-T T.81, annex B). What the picture is made of stays, with the mark of its density, Adobe's of its colours and its profile; EXIF, XMP, IPTC, comments, thumbnails, what programs add, and whatever
/// lies behind the end of the picture (a phone's second picture, a moving one) goes.
/// </summary>
internal static class JpegParts
{
    private const int SegmentMax = 65_533;

    /// <summary>A progressive picture has some ten, the most refined sixty. Each goes over every block, and may have sixty bytes: a file of 25 MiB could keep a decoder busy for hours.</summary>
    private const int MaxScans = 100;

    /// <exception cref="ProblemException">image-unreadable: it is in too many parts or scans.</exception>
    public static PictureParts Read(FileStream file)
    {
        var parts = new PictureParts();
        var profile = new SortedDictionary<int, byte[]>();
        var segment = new byte[SegmentMax];
        Span<byte> length = stackalloc byte[2];
        parts.Keep(0, 2);
        long at = 2;
        var (count, scans) = (0, 0);
        while (true)
        {
            if (++count > PictureParts.MaxParts) throw PictureParts.TooMany();
            var (run, mark, code) = NextMarker(file, at, isScan: false);
            // What stands between segments belongs to none.
            if (run > at) parts.Drop();
            if (code < 0) break;
            if (code is 0xD9 or 0x01 or 0xD8 or (>= 0xD0 and <= 0xD7))
            {
                parts.Keep(run, mark + 2 - run);
                at = mark + 2;
                if (code != 0xD9) continue;
                if (at < file.Length) parts.Drop();
                break;
            }

            file.Position = mark + 2;
            if (file.ReadAtLeast(length, 2, throwOnEndOfStream: false) < 2 || BinaryPrimitives.ReadUInt16BigEndian(length) is var size && size < 2)
            {
                parts.Drop();
                break;
            }

            var body = segment.AsSpan(0, file.ReadAtLeast(segment.AsSpan(0, size - 2), size - 2, throwOnEndOfStream: false));
            at = Math.Min(file.Length, mark + 2 + size);
            Take(parts, run, at, code, body, profile);
            if (code != 0xDA) continue;
            if (++scans > MaxScans) throw new ProblemException(ErrorCodes.ImageUnreadable, $"The picture is in more than {MaxScans} scans; save it anew.");
            var end = NextMarker(file, at, isScan: true).Mark;
            parts.Keep(at, end - at);
            at = end;
        }

        if (profile.Count > 0) parts.Profile = [.. profile.Values.SelectMany(piece => piece)];
        return parts;
    }

    private static void Take(PictureParts parts, long at, long end, int code, ReadOnlySpan<byte> body, SortedDictionary<int, byte[]> profile)
    {
        switch (code)
        {
            case 0xE0 when body.StartsWith("JFIF\0"u8) && body.Length >= 14 && (body[12] == 0 || body[13] == 0):
            case 0xEE when body.StartsWith("Adobe"u8):
                parts.Keep(at, end - at);
                break;
            case 0xE0 when body.StartsWith("JFIF\0"u8) && body.Length >= 14:
                // Its thumbnail may show what was cut away since.
                parts.Write([0xFF, 0xE0, 0, 16, .. body[..12], 0, 0]);
                break;
            case 0xE1 when body.StartsWith("Exif\0\0"u8):
                parts.DropExif(body, tiff => [0xFF, 0xE1, 0, (byte)(8 + tiff.Length), .. "Exif\0\0"u8, .. tiff]);
                break;
            case 0xE2 when body.StartsWith("ICC_PROFILE\0"u8) && body.Length > 14:
                if (profile.Values.Sum(piece => piece.Length) < PictureParts.MaxProfile) profile[body[12]] = body[14..].ToArray();
                parts.Keep(at, end - at);
                break;
            case >= 0xE0 and <= 0xEF or 0xFE:
                parts.Drop();
                break;
            default:
                if (code is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && body.Length > 5) parts.IsInk = body[5] == 4;
                parts.Keep(at, end - at);
                break;
        }
    }

    /// <summary>
    /// The next 0xFF with a code behind it, that code, and the first of several 0xFF of which it is the last; -1 where the file ends before. Stuffed zeros are data, and within a scan restarts are.
    /// </summary>
    private static (long Run, long Mark, int Code) NextMarker(FileStream file, long from, bool isScan)
    {
        file.Position = from;
        long run = -1;
        Span<byte> buffer = stackalloc byte[isScan ? 16 * 1024 : 16];
        for (var at = from; file.Read(buffer) is > 0 and var read; at += read)
        {
            var bytes = buffer[..read];
            for (var i = 0; i < bytes.Length; i++)
            {
                if (run < 0)
                {
                    var found = bytes[i..].IndexOf((byte)0xFF);
                    if (found < 0) break;
                    run = at + (i += found);
                }
                else if (bytes[i] != 0xFF)
                {
                    if (bytes[i] != 0 && !(isScan && bytes[i] is >= 0xD0 and <= 0xD7)) return (run, at + i - 1, bytes[i]);
                    run = -1;
                }
            }
        }

        return (file.Length, file.Length, -1);
    }
}
