using System.Buffers.Binary;
using System.Security.Cryptography;
using SkiaSharp;

namespace FrameVideo.TestKit;

/// <summary>Pictures for tests: real files in the formats that people bring.</summary>
public static class Pictures
{
    /// <summary>A PNG with a colour and a mark in its upper left corner, so that a turned or mirrored one is noticed.</summary>
    public static byte[] Png(int width = 64, int height = 36, uint colour = 0xff336699) => Encode(width, height, colour, SKEncodedImageFormat.Png);

    public static byte[] Jpeg(int width = 64, int height = 36, uint colour = 0xff336699) => Encode(width, height, colour, SKEncodedImageFormat.Jpeg);

    public static byte[] Webp(int width = 64, int height = 36, uint colour = 0xff336699) => Encode(width, height, colour, SKEncodedImageFormat.Webp);

    /// <summary>A JPEG whose EXIF block says how to turn it (1-8, as in the EXIF standard, tag 0x0112).</summary>
    public static byte[] TurnedJpeg(int width, int height, byte orientation)
    {
        var jpeg = Jpeg(width, height);
        byte[] exif =
        [
            0xFF, 0xE1, 0x00, 0x22, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0,
            (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg.AsSpan(0, 2), .. exif, .. jpeg.AsSpan(2)];
    }

    /// <summary>
    /// A JPEG of one 8x8 block in four inks as Adobe writes them (255 = no ink), put together bit by bit. Each level lies in 1-64 or 192-255, so that its
    /// DC value, 8 (level - 128), has ten bits and one Huffman code serves all; the AC table holds the end of the block alone.
    /// </summary>
    public static byte[] CmykJpeg(byte cyan, byte magenta, byte yellow, byte black)
    {
        byte[] adobe = [0xFF, 0xEE, 0, 14, (byte)'A', (byte)'d', (byte)'o', (byte)'b', (byte)'e', 0, 100, 0, 0, 0, 0, 0];
        byte[] quantisation = [0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64)];
        byte[] frame = [0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0];
        byte[] huffman = [0xFF, 0xC4, 0, 20, 0, 1, .. new byte[15], 10, 0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0];
        byte[] scan = [0xFF, 0xDA, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0];
        var bits = 0L;
        foreach (var level in new[] { cyan, magenta, yellow, black })
        {
            var value = 8 * (level - 128);
            bits = (bits << 12) | (long)(value > 0 ? value : value + 1023) << 1;
        }
        var data = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(data, bits << 16);
        return [0xFF, 0xD8, .. adobe, .. quantisation, .. frame, .. huffman, .. scan, .. data[..6], 0xFF, 0xD9];
    }

    /// <summary>The head of a PNG that claims a size, with nothing behind it: 74 bytes at most.</summary>
    public static byte[] PngBomb(int width, int height)
    {
        var png = Png();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        var crc = Crc32(png.AsSpan(12, 17));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), crc);
        return png[..Math.Min(png.Length, 74)];
    }

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Encode(int width, int height, uint colour, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(new SKColor(colour));
            using var paint = new SKPaint { Color = SKColors.White };
            canvas.DrawRect(0, 0, width / 4f, height / 4f, paint);
        }

        using var data = bitmap.Encode(format, 92);
        return data.ToArray();
    }

    /// <summary>CRC-32 as PNG has it (ISO 3309).</summary>
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320u;
        }

        return ~crc;
    }
}
