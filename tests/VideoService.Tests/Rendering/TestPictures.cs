using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

/// <summary>Pictures made for one test.</summary>
internal static class TestPictures
{
    /// <summary>A picture drawn with Skia and encoded.</summary>
    public static byte[] Draw(int width, int height, Action<SKCanvas> draw, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using (var canvas = new SKCanvas(bitmap)) draw(canvas);
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>One colour all over.</summary>
    public static byte[] Flat(int width, int height, SKColor colour, SKEncodedImageFormat format = SKEncodedImageFormat.Png) =>
        Draw(width, height, canvas => canvas.Clear(colour), format);

    /// <summary>Soft hills of colour with some detail, another for each number.</summary>
    public static byte[] Scene(int width, int height, int number) => Draw(width, height, canvas =>
    {
        var first = SKColor.FromHsl(number * 67 % 360, 60, 40);
        var second = SKColor.FromHsl((number * 67 + 140) % 360, 70, 65);
        using var sky = SKShader.CreateLinearGradient(new(0, 0), new(width, height), [first, second], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = sky, IsAntialias = true };
        canvas.DrawPaint(paint);
        paint.Shader = null;
        for (var i = 0; i < 12; i++)
        {
            paint.Color = SKColor.FromHsl((number * 31 + i * 40) % 360, 80, 50, 160);
            canvas.DrawCircle(width * ((i * 5 + number) % 12) / 12f, height * (i * 7 % 12) / 12f, height / 14f + i, paint);
        }
    });

    /// <summary>Red, green, blue and white quarters, in reading order.</summary>
    public static byte[] Quarters(int width, int height, SKEncodedImageFormat format) => Draw(
        width, height,
        canvas =>
        {
            canvas.Clear(SKColors.White);
            using var paint = new SKPaint();
            Quarter(SKColors.Red, 0, 0);
            Quarter(new SKColor(0, 255, 0), width / 2, 0);
            Quarter(SKColors.Blue, 0, height / 2);

            void Quarter(SKColor colour, int x, int y)
            {
                paint.Color = colour;
                canvas.DrawRect(x, y, width / 2, height / 2, paint);
            }
        },
        format);

    /// <summary>Puts an EXIF segment with an orientation in front of a JPEG's others.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    /// <summary>A PNG of any kind, written chunk by chunk; <paramref name="row"/> gives the bytes of a row.</summary>
    public static byte[] Png(int width, int height, byte depth, byte colourType, Func<int, byte[]> row, byte[]? palette = null, int? claimedSide = null)
    {
        using var pixels = new MemoryStream();
        using (var zip = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zip.WriteByte(0);
                zip.Write(row(y));
            }
        }
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, claimedSide ?? width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), claimedSide ?? height);
        (header[8], header[9]) = (depth, colourType);
        byte[] colours = palette is null ? [] : Chunk("PLTE"u8, palette);
        return [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, .. Chunk("IHDR"u8, header), .. colours, .. Chunk("IDAT"u8, pixels.ToArray()), .. Chunk("IEND"u8, [])];
    }

    /// <inheritdoc cref="FrameVideo.TestKit.Pictures.CmykJpeg"/>
    public static byte[] CmykJpeg(byte cyan, byte magenta, byte yellow, byte black) => FrameVideo.TestKit.Pictures.CmykJpeg(cyan, magenta, yellow, black);

    public static string Sha256(byte[] picture) => Convert.ToHexStringLower(SHA256.HashData(picture));

    /// <summary>The planes of a picture as one shot of five seconds sees it.</summary>
    public static (FilmPlan Plan, PicturePlanes Planes) Compose(byte[] picture, FilmSettings film, FrameSettings? look = null)
    {
        var header = PictureReader.Inspect(picture, long.MaxValue);
        var plan = FilmPlan.Create(film, [new FilmFrame(1, Sha256(picture), header.Width, header.Height) { Look = look }], "");
        return (plan, PictureCanvas.Compose(picture, plan.Shots[0], film, long.MaxValue, default));
    }

    internal static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        byte[] body = [.. type, .. data];
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc(body));
        return [.. length, .. body, .. sum];
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var i = 0; i < 8; i++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
