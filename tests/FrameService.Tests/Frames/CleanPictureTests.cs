using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using SkiaSharp;

namespace FrameService.Tests.Frames;

/// <summary>What people bring is stored upright, in sRGB and without what is noted beside the picture; and as it came where there is nothing to do.</summary>
public sealed class CleanPictureTests(RunningFrameService service) : IClassFixture<RunningFrameService>
{
    private const string Secret = "51.5007N 0.1246W secret";

    /// <summary>A TIFF with an orientation and a text where a place would stand.</summary>
    private static byte[] Exif(byte orientation) =>
    [
        (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 2, 0x01, 0x0E, 0, 2, 0, 0, 0, (byte)Secret.Length, 0, 0, 0, 38, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(Secret),
    ];

    public static TheoryData<string, byte> Turns()
    {
        var turns = new TheoryData<string, byte>();
        foreach (var format in new[] { "jpeg", "png", "webp" })
        {
            for (byte orientation = 1; orientation <= 8; orientation++) turns.Add(format, orientation);
        }

        return turns;
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public async Task A_picture_stands_upright_and_nobody_learns_where_it_was_taken(string format, byte orientation)
    {
        // Taller strips than are decoded at a time, and a last one that is not full.
        using var upright = Quarters(60, 44, SKColorSpace.CreateSrgb());
        var brought = WithExif(Encode(Turned(upright, orientation), format), Exif(orientation));
        var (frame, stored) = await StoreAsync(brought);
        Assert.Equal((60, 44), (frame.Width!.Value, frame.Height!.Value));
        AssertClean(stored);
        Assert.Equal(Pictures.Sha256(stored), frame.Sha256);
        using var codec = SKCodec.Create(new MemoryStream(stored));
        Assert.Equal((SKEncodedOrigin.TopLeft, format), (codec.EncodedOrigin, codec.EncodedFormat.ToString().ToLowerInvariant()));
        using var seen = SKBitmap.Decode(stored);
        foreach (var (x, y) in new[] { (9, 9), (50, 9), (9, 35), (50, 35) }) AssertNear(upright.GetPixel(x, y), seen.GetPixel(x, y), 6);
        // The same bytes are the same object.
        Assert.Equal(frame.ObjectKey, (await StoreAsync(brought)).Frame.ObjectKey);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    public async Task Colours_of_other_screens_become_those_of_the_web(string format)
    {
        using var space = SKColorSpace.CreateRgb(format == "png" ? SKColorSpaceTransferFn.TwoDotTwo : SKColorSpaceTransferFn.Srgb, format == "png" ? SKColorSpaceXyz.AdobeRgb : SKColorSpaceXyz.DisplayP3);
        using var wide = Quarters(32, 32, space);
        var brought = Encode(wide, format);
        Assert.False(SKCodec.Create(new MemoryStream(brought)).Info.ColorSpace.IsSrgb);
        var (_, stored) = await StoreAsync(brought);
        using var codec = SKCodec.Create(new MemoryStream(stored));
        Assert.True(codec.Info.ColorSpace.IsSrgb);
        AssertClean(stored);
        // As who minds profiles sees the one that was brought.
        using var seen = SKBitmap.Decode(brought, new SKImageInfo(32, 32, SKColorType.Rgba8888, SKAlphaType.Opaque, SKColorSpace.CreateSrgb()));
        using var raw = SKBitmap.Decode(stored);
        foreach (var (x, y) in new[] { (8, 8), (24, 8), (8, 24), (24, 24) }) AssertNear(seen.GetPixel(x, y), raw.GetPixel(x, y), 6);
    }

    [Fact]
    public async Task Inks_and_greys_become_light_by_their_own_profiles()
    {
        // Half of all cyan, as Adobe writes it: 255 is no ink.
        var (_, stored) = await StoreAsync(Pictures.CmykJpeg(60, 220, 220, 250));
        using var ink = SKBitmap.Decode(stored);
        Assert.Equal(3, ComponentsOf(stored));
        Assert.True(ink.GetPixel(4, 4) is var cyan && cyan.Red < 90 && cyan.Green > 180 && cyan.Blue > 180, $"{cyan}");

        // Half of the numbers at gamma 1.8 is more light than at that of the web: 0.5^1.8 is 0.287, and sRGB has that at 146.
        using var grey = new SKBitmap(new SKImageInfo(16, 16, SKColorType.Gray8, SKAlphaType.Opaque));
        grey.GetPixelSpan().Fill(128);
        byte[] profile = GreyProfile(), jpeg = Encode(grey, "jpeg");
        var (_, seen) = await StoreAsync([0xFF, 0xD8, .. Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. profile]), .. jpeg[2..]]);
        using var light = SKBitmap.Decode(seen);
        Assert.InRange(light.GetPixel(8, 8).Green, 143, 149);
        AssertClean(seen);
    }

    [Theory]
    [InlineData("jpeg")]
    [InlineData("png")]
    [InlineData("webp")]
    public async Task What_only_has_notes_loses_them_and_no_pixel(string format)
    {
        using var bitmap = Quarters(64, 48, SKColorSpace.CreateSrgb());
        var plain = Encode(bitmap, format);
        var (frame, stored) = await StoreAsync(WithNotes(plain));
        AssertClean(stored);
        Assert.Equal(Pixels(plain), Pixels(stored));
        // Taken out, the notes leave what was there before them; a WebP keeps its longer head.
        if (format != "webp") Assert.Equal(plain, stored);
        Assert.Equal(stored.Length, frame.Bytes);
        Assert.Equal(frame.Sha256, (await StoreAsync(stored)).Frame.Sha256);
    }

    [Fact]
    public async Task What_has_nothing_to_lose_stays_as_it_came()
    {
        using var bitmap = Quarters(64, 48, null);
        foreach (var picture in new[] { Encode(bitmap, "jpeg"), Encode(bitmap, "png"), Encode(bitmap, "webp"), Pictures.Png(), Pictures.Jpeg(), Pictures.Webp() })
            Assert.Equal(picture, (await StoreAsync(picture)).Stored);
    }

    [Fact]
    public async Task A_picture_that_moves_keeps_moving_and_its_turn()
    {
        var still = Pictures.Webp(40, 30);
        var frame = still[12..];
        byte[] animation = [.. "VP8X"u8, 10, 0, 0, 0, 0x02 | 0x08, 0, 0, 0, 39, 0, 0, 29, 0, 0, .. Riff("ANIM"u8, [0, 0, 0, 0, 0, 0]), .. Anmf(frame), .. Anmf(frame), .. Riff("EXIF"u8, Exif(6))];
        var (row, stored) = await StoreAsync([.. "RIFF"u8, .. Little(animation.Length + 4), .. "WEBP"u8, .. animation]);
        AssertClean(stored);
        using var codec = SKCodec.Create(new MemoryStream(stored));
        Assert.Equal((2, SKEncodedOrigin.RightTop, 30, 40), (codec.FrameCount, codec.EncodedOrigin, row.Width!.Value, row.Height!.Value));

        static byte[] Anmf(byte[] frame) => Riff("ANMF"u8, [0, 0, 0, 0, 0, 0, 39, 0, 0, 29, 0, 0, 100, 0, 0, 0, .. frame]);
    }

    [Fact]
    public async Task The_largest_pictures_are_not_painted_anew_but_lose_their_notes()
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, 9000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 6000);
        header[8] = 1;
        using var rows = new MemoryStream();
        await using (var zip = new ZLibStream(rows, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(new byte[6000 * (1 + (9000 / 8))]);
        var (_, stored) = await StoreAsync([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, .. Chunk("IHDR"u8, header), .. Chunk("eXIf"u8, Exif(6)), .. Chunk("IDAT"u8, rows.ToArray()), .. Chunk("IEND"u8, [])]);
        AssertClean(stored);
        // The turn alone is told still: a TIFF of one entry.
        Assert.True(stored.AsSpan().IndexOf(Chunk("eXIf"u8, [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0])) > 0);
    }

    [Fact]
    public async Task A_turned_picture_that_breaks_off_stays_as_much_as_there_is_of_it()
    {
        using var bitmap = Quarters(400, 300, null);
        var brought = WithExif(Encode(bitmap, "jpeg"), Exif(6))[..^900];
        var (frame, stored) = await StoreAsync(brought);
        AssertClean(stored);
        Assert.Equal((300, 400), (frame.Width!.Value, frame.Height!.Value));
        Assert.Equal(brought[^500..], stored[^500..]);
    }

    [Fact]
    public async Task Pictures_in_links_and_data_are_cleaned_too()
    {
        var id = RequestId.New(TimeProvider.System);
        var brought = WithExif(Pictures.Jpeg(60, 40), Exif(8));
        var session = await service.Http.PostAsync("/v1/sessions", new { requestId = id, frames = new[] { new { number = 1, imageUrl = "data:image/jpeg;base64," + Convert.ToBase64String(brought) } } }).ReadAsync<Session>();
        var stored = await service.Http.GetByteArrayAsync(session.Frames![0].ImageUrl);
        AssertClean(stored);
        Assert.Equal((40, 60), (session.Frames[0].Width!.Value, session.Frames[0].Height!.Value));
    }

    private async Task<(Frame Frame, byte[] Stored)> StoreAsync(byte[] picture)
    {
        var frame = await service.Http.PutPictureAsync(RequestId.Parse("req_1700000000000_clean", null), 1, picture).ReadAsync<Frame>();
        return (frame, await service.Http.GetByteArrayAsync(frame.ImageUrl));
    }

    private static void AssertClean(byte[] stored)
    {
        var text = Encoding.Latin1.GetString(stored);
        Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("xmp", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("51.5007", text, StringComparison.Ordinal);
    }

    private static void AssertNear(SKColor wanted, SKColor seen, int most) =>
        Assert.True(Math.Max(Math.Abs(wanted.Red - seen.Red), Math.Max(Math.Abs(wanted.Green - seen.Green), Math.Abs(wanted.Blue - seen.Blue))) <= most, $"{wanted} was to be seen, not {seen}");

    /// <summary>Four colours within what every screen shows.</summary>
    private static SKBitmap Quarters(int width, int height, SKColorSpace? space)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque, space));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++) bitmap.SetPixel(x, y, (x < width / 2, y < height / 2) switch { (true, true) => new(180, 60, 50), (false, true) => new(60, 160, 70), (true, false) => new(60, 70, 170), _ => new(220, 210, 200) });
        }

        return bitmap;
    }

    /// <summary>The picture as a camera would write it that was held so.</summary>
    private static SKBitmap Turned(SKBitmap upright, byte orientation)
    {
        var (w, h) = orientation >= 5 ? (upright.Height, upright.Width) : (upright.Width, upright.Height);
        var turned = new SKBitmap(upright.Info.WithSize(w, h));
        for (var y = 0; y < h; y++)
        {
            for (var x = 0; x < w; x++)
            {
                var (u, v) = orientation switch { 2 => (w - 1 - x, y), 3 => (w - 1 - x, h - 1 - y), 4 => (x, h - 1 - y), 5 => (y, x), 6 => (h - 1 - y, x), 7 => (h - 1 - y, w - 1 - x), 8 => (y, w - 1 - x), _ => (x, y) };
                turned.SetPixel(x, y, upright.GetPixel(u, v));
            }
        }

        return turned;
    }

    private static byte[] Encode(SKBitmap bitmap, string format)
    {
        using var data = bitmap.Encode(Enum.Parse<SKEncodedImageFormat>(format, ignoreCase: true), 95);
        return data.ToArray();
    }

    private static byte[] Pixels(byte[] picture)
    {
        using var bitmap = SKBitmap.Decode(picture);
        return bitmap.Bytes;
    }

    private static byte[] WithExif(byte[] picture, byte[] exif) => picture[0] switch
    {
        0xFF => [0xFF, 0xD8, .. Segment(0xE1, [.. "Exif\0\0"u8, .. exif]), .. picture[2..]],
        0x89 => [.. picture[..33], .. Chunk("eXIf"u8, exif), .. picture[33..]],
        _ => Extended(picture, 0x08, Riff("EXIF"u8, exif)),
    };

    private static byte[] WithNotes(byte[] picture)
    {
        var note = Encoding.ASCII.GetBytes(Secret);
        return picture[0] switch
        {
            0xFF =>
            [
                0xFF, 0xD8, .. Segment(0xE1, [.. "Exif\0\0"u8, .. Exif(1)]), .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. note]), .. Segment(0xED, [.. "Photoshop 3.0\0"u8, .. note]), .. Segment(0xFE, note),
                .. Segment(0xE2, [.. "MPF\0"u8, .. note]), .. picture[2..], .. note,
            ],
            0x89 => [.. picture[..33], .. Chunk("tEXt"u8, [.. "Comment\0"u8, .. note]), .. Chunk("iTXt"u8, [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. note]), .. picture[33..^12], .. Chunk("eXIf"u8, Exif(1)), .. picture[^12..], .. note],
            _ => Extended(picture, 0x0C, [.. Riff("EXIF"u8, Exif(1)), .. Riff("XMP "u8, note)]),
        };
    }

    private static byte[] Extended(byte[] webp, byte flags, byte[] besides)
    {
        using var codec = SKCodec.Create(new MemoryStream(webp));
        var (w, h) = (codec.Info.Width - 1, codec.Info.Height - 1);
        // What Skia writes has its own long head where it has a profile.
        var chunks = webp.AsSpan(12, 4).SequenceEqual("VP8X"u8) ? webp[30..] : webp[12..];
        var own = webp.AsSpan(12, 4).SequenceEqual("VP8X"u8) ? webp[20] : (byte)0;
        byte[] body = [.. "WEBP"u8, .. "VP8X"u8, 10, 0, 0, 0, (byte)(own | flags), 0, 0, 0, (byte)w, (byte)(w >> 8), 0, (byte)h, (byte)(h >> 8), 0, .. chunks, .. besides];
        return [.. "RIFF"u8, .. Little(body.Length), .. body];
    }

    /// <summary>A profile for greys with gamma 1.8 (ICC.1:2001-04), and a word in it that is to go.</summary>
    private static byte[] GreyProfile()
    {
        var profile = new byte[184];
        void Put(int at, ReadOnlySpan<byte> bytes) => bytes.CopyTo(profile.AsSpan(at));
        void Number(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(profile.AsSpan(at), value);
        Number(0, (uint)profile.Length);
        Number(8, 0x02100000);
        Put(12, "mntrGRAYXYZ "u8);
        Put(36, "acsp"u8);
        (uint At, uint Value)[] daylight = [(68, 0xF6D6), (72, 0x10000), (76, 0xD32D)];
        foreach (var (at, value) in daylight) Number((int)at, value);
        Number(128, 2);
        Put(132, "wtpt"u8);
        (uint At, uint Value)[] table = [(136, 156), (140, 12 + 2), (148, 170), (152, 14)];
        foreach (var (at, value) in table) Number((int)at, value);
        Put(144, "kTRC"u8);
        Put(156, "text\0\0\0\0secret"u8);
        Put(170, "curv\0\0\0\0\0\0\0\u0001"u8);
        (profile[182], profile[183]) = (0x01, 0xCD);
        return profile;
    }

    /// <summary>How many planes a JPEG has: of its frame's header.</summary>
    private static int ComponentsOf(byte[] jpeg)
    {
        for (var at = 2; ; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2)))
        {
            if (jpeg[at + 1] is 0xC0 or 0xC2) return jpeg[at + 9];
        }
    }

    private static byte[] Riff(ReadOnlySpan<byte> type, byte[] body) => [.. type, .. Little(body.Length), .. body, .. new byte[body.Length & 1]];

    private static byte[] Segment(byte code, byte[] body) => [0xFF, code, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] body)
    {
        byte[] typed = [.. type, .. body];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        var crc = uint.MaxValue;
        foreach (var value in typed)
        {
            crc ^= value;
            for (var i = 0; i < 8; i++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }

        BinaryPrimitives.WriteUInt32BigEndian(sum, ~crc);
        return [.. length, .. typed, .. sum];
    }

    private static byte[] Little(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
