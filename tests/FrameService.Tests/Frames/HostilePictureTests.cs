using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using SkiaSharp;

namespace FrameService.Tests.Frames;

/// <summary>Pictures that are small and mean much work, or whose profile is none: each is taken or refused, at once and with a code.</summary>
public sealed class HostilePictureTests(RunningFrameService service) : IClassFixture<RunningFrameService>
{
    [Theory]
    [InlineData("png")]
    [InlineData("jpeg")]
    [InlineData("webp")]
    public async Task A_profile_that_nobody_can_read_is_left_out(string format)
    {
        var profile = Enumerable.Repeat("no profile"u8.ToArray(), 40).SelectMany(bytes => bytes).ToArray();
        byte[] picture = format switch
        {
            "png" => WithChunks(Chunk("iCCP"u8, Zipped(profile))),
            "jpeg" => [0xFF, 0xD8, .. Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. profile]), .. Pictures.Jpeg(40, 30)[2..]],
            _ => WithProfile(Pictures.Webp(40, 30), profile),
        };
        var frame = await PutAsync(picture).ReadAsync<Frame>();
        Assert.Equal((40, 30), (frame.Width!.Value, frame.Height!.Value));
        using var codec = SKCodec.Create(new MemoryStream(await service.Http.GetByteArrayAsync(frame.ImageUrl)));
        Assert.True(codec.Info.ColorSpace.IsSrgb);
    }

    [Fact]
    public async Task Of_many_profiles_that_are_a_thousand_times_as_long_as_they_look_one_is_read()
    {
        // All of them are 20 GiB; one after the other they take a minute.
        var chunk = Chunk("iCCP"u8, Zipped(new byte[4 * 1024 * 1024]));
        var picture = WithChunks([.. Enumerable.Repeat(chunk, 5000).SelectMany(bytes => bytes)]);
        var clock = TimeProvider.System.GetTimestamp();
        var frame = await PutAsync(picture).ReadAsync<Frame>();
        Assert.Equal(40, frame.Width);
        Assert.True(TimeProvider.System.GetElapsedTime(clock) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_picture_in_more_parts_than_any_has_is_refused()
    {
        var empty = Chunk("tEXt"u8, []);
        Assert.Equal((422, "image-unreadable"), await RefusalAsync(WithChunks([.. Enumerable.Repeat(empty, 150_000).SelectMany(bytes => bytes)])));
        // Marks without a body may stand anywhere.
        var jpeg = Pictures.Jpeg(40, 30);
        Assert.Equal((422, "image-unreadable"), await RefusalAsync([.. jpeg[..2], .. Enumerable.Repeat(new byte[] { 0xFF, 0x01 }, 150_000).SelectMany(bytes => bytes), .. jpeg[2..]]));
    }

    [Fact]
    public async Task A_jpeg_of_more_scans_than_any_has_is_refused_and_one_of_many_is_taken()
    {
        Assert.Equal((422, "image-unreadable"), await RefusalAsync(Progressive(scans: 101)));
        Assert.Equal(64, (await PutAsync(Progressive(scans: 64)).ReadAsync<Frame>()).Width);
    }

    private Task<HttpResponseMessage> PutAsync(byte[] picture) => service.Http.PutPictureAsync(RequestId.Parse("req_1700000000000_hostile", null), 1, picture);

    private async Task<(int Status, string Code)> RefusalAsync(byte[] picture)
    {
        var (status, code, _) = await PutAsync(picture).RefusalAsync();
        return (status, code);
    }

    /// <summary>64x64 greys by ITU-T T.81, annex G: a scan of all means, then scans that say of the rest that there is none.</summary>
    private static byte[] Progressive(int scans)
    {
        byte[] one = [1, .. new byte[15]];
        byte[] rest = [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0, .. Enumerable.Repeat((byte)0, 8)];
        return
        [
            0xFF, 0xD8, .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]), .. Segment(0xC2, [8, 0, 64, 0, 64, 1, 1, 0x11, 0]), .. Segment(0xC4, [0x00, .. one, 0]), .. Segment(0xC4, [0x10, .. one, 0]),
            0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, .. new byte[8], .. Enumerable.Repeat(rest, scans - 1).SelectMany(bytes => bytes), 0xFF, 0xD9,
        ];
    }

    private static byte[] Zipped(byte[] profile)
    {
        using var zipped = new MemoryStream();
        zipped.Write("x\0\0"u8);
        using (var zip = new ZLibStream(zipped, CompressionLevel.SmallestSize, leaveOpen: true)) zip.Write(profile);
        return zipped.ToArray();
    }

    /// <summary>A picture with chunks behind its header.</summary>
    private static byte[] WithChunks(byte[] chunks)
    {
        var picture = Pictures.Png(40, 30);
        return [.. picture[..33], .. chunks, .. picture[33..]];
    }

    private static byte[] WithProfile(byte[] webp, byte[] profile)
    {
        byte[] body = [.. "WEBP"u8, .. Riff("VP8X"u8, [0x20, 0, 0, 0, 39, 0, 0, 29, 0, 0]), .. Riff("ICCP"u8, profile), .. webp[12..]];
        return [.. "RIFF"u8, .. Little(body.Length), .. body];
    }

    private static byte[] Riff(ReadOnlySpan<byte> type, byte[] body) => [.. type, .. Little(body.Length), .. body];

    private static byte[] Segment(byte code, byte[] body) => [0xFF, code, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body];

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] body)
    {
        var chunk = new byte[12 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        type.CopyTo(chunk.AsSpan(4));
        body.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + body.Length)));
        return chunk;
    }

    private static byte[] Little(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
