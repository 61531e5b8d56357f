using System.Buffers.Binary;

namespace FrameService.Frames.Cleaning;

/// <summary>The one thing of an EXIF block that says how a picture looks: tag 0x0112 of its first directory (CIPA DC-008, TIFF 6.0).</summary>
internal static class Exif
{
    private const ushort OrientationTag = 0x0112;

    /// <summary>1-8; null where the block does not say it, or is damaged before it does.</summary>
    public static int? Orientation(ReadOnlySpan<byte> exif)
    {
        var tiff = exif.StartsWith("Exif\0\0"u8) ? exif[6..] : exif;
        if (tiff.Length < 8) return null;
        var isLittle = tiff[0] == 'I';
        if (!isLittle && tiff[0] != 'M') return null;
        var first = Int(tiff[4..], isLittle);
        if (first < 8 || first + 2 > tiff.Length) return null;
        var entries = Short(tiff[(int)first..], isLittle);
        for (var i = 0; i < entries; i++)
        {
            var at = first + 2 + (i * 12L);
            if (at + 12 > tiff.Length) return null;
            var entry = tiff.Slice((int)at, 12);
            if (Short(entry, isLittle) != OrientationTag) continue;
            var value = Short(entry[8..], isLittle);
            return value is >= 1 and <= 8 ? value : null;
        }

        return null;
    }

    /// <summary>A TIFF that says this alone: 26 bytes.</summary>
    public static byte[] Of(int orientation) => [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

    private static ushort Short(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Int(ReadOnlySpan<byte> bytes, bool isLittle) => isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
