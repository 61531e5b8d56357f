using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

/// <summary>Pictures that are not what they seem, or not as most are: each is filmed right, or refused with its code.</summary>
public sealed class StrangePictureTests
{
    private const long Limit = 100_000_000;

    private static readonly FilmSettings Film = new() { DurationSeconds = 1, Fps = 25, Width = 64, Height = 36, Motion = Motion.None };

    [Fact]
    public void A_PNG_that_is_also_a_ZIP_is_filmed_as_the_picture_that_it_is()
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true)) zip.CreateEntry("page.html").Open().Dispose();
        byte[] both = [.. TestPictures.Flat(64, 36, new SKColor(40, 120, 200)), .. archive.ToArray()];
        AssertFilmed(both, 40, 120, 200);
    }

    [Fact]
    public void Seventy_four_bytes_that_claim_sixty_thousand_pixels_a_side_are_refused()
    {
        var bomb = TestPictures.Png(1, 1, 8, 2, _ => new byte[3], claimedSide: 60_000);
        Assert.InRange(bomb.Length, 60, 90);
        Assert.Equal(ErrorCodes.ImageTooManyPixels, Refusal(bomb).Code);
    }

    [Fact]
    public void A_small_file_of_many_pixels_is_filmed_and_one_row_more_than_allowed_is_not()
    {
        // A hundred thousand to one: 16 million grey pixels, of which the file has 16 KiB.
        var grey = TestPictures.Png(4000, 4000, 8, 0, _ => Row(4000, 100));
        Assert.InRange(grey.Length, 0, 200_000);
        AssertFilmed(grey, 100, 100, 100);
        Assert.Equal(ErrorCodes.ImageTooManyPixels, Assert.Throws<PictureException>(() => PictureReader.Read(grey, 4000 * 3999, _ => 1)).Code);
    }

    [Fact]
    public void Of_an_animation_the_first_picture_is_filmed()
    {
        var red = TestPictures.Flat(16, 16, new SKColor(220, 30, 30), SKEncodedImageFormat.Webp);
        var blue = TestPictures.Flat(16, 16, new SKColor(30, 30, 220), SKEncodedImageFormat.Webp);
        var animation = AnimatedWebp(16, 16, red, blue);
        using (var codec = SKCodec.Create(new SKMemoryStream(animation))) Assert.Equal(2, codec.FrameCount);
        AssertFilmed(animation, 220, 30, 30, 6);
    }

    [Fact]
    public void A_progressive_photograph_is_filmed()
    {
        // One grey block by ITU-T T.81: SOF2; a scan of the DC value, 8 (100 - 128) = -224, of eight bits; a scan of the AC values, none.
        byte[] quantisation = [0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64)];
        byte[] frame = [0xFF, 0xC2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
        byte[] huffman = [0xFF, 0xC4, 0, 20, 0, 1, .. new byte[15], 8, 0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0];
        byte[] first = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0x0F, 0xFF, 0];
        byte[] second = [0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0, 0x7F];
        byte[] jpeg = [0xFF, 0xD8, .. quantisation, .. frame, .. huffman, .. first, .. second, 0xFF, 0xD9];
        AssertFilmed(jpeg, 100, 100, 100);
        Assert.Equal(ErrorCodes.FrameCorrupt, Refusal(jpeg[..(jpeg.Length - second.Length - first.Length)]).Code);
    }

    [Fact]
    public void A_PNG_much_larger_than_its_film_is_read_as_small_as_it_is_needed()
    {
        using var whole = SKBitmap.Decode(TestPictures.Scene(1930, 1090, 4));
        using var data = whole.Encode(SKEncodedImageFormat.Png, 100);
        using var pixels = UprightPixels.Of(Reduced(data, SKCodecResult.Success), SKEncodedOrigin.TopLeft);
        var row = new Vector4[386];
        pixels.ReadRow(100, row);
        for (var x = 0; x < 386; x += 7)
        {
            var sum = Vector4.Zero;
            for (var i = 0; i < 25; i++)
            {
                var pixel = whole.GetPixel(5 * x + i % 5, 500 + i / 5);
                sum += new Vector4(pixel.Red, pixel.Green, pixel.Blue, 0) / 25;
            }
            Assert.Equal(sum.X, row[x].X, 0.51f);
            Assert.Equal(sum.Y, row[x].Y, 0.51f);
            Assert.Equal(sum.Z, row[x].Z, 0.51f);
        }
        using var half = SKData.CreateCopy(data.ToArray()[..(int)(data.Size / 2)]);
        Reduced(half, SKCodecResult.IncompleteInput).Dispose();

        // Strips of seven rows.
        static SKBitmap Reduced(SKData png, SKCodecResult ending)
        {
            using var codec = SKCodec.Create(png);
            var bitmap = new SKBitmap(new SKImageInfo(386, 218, SKColorType.Rgba8888, SKAlphaType.Premul));
            Assert.Equal(ending, ReducedPixels.Read(codec, bitmap, 5, maxStrip: 7 * 5 * 4 * 1930));
            return bitmap;
        }
    }

    [Fact]
    [Trait("Campaign", "pictures")]
    [Trait("Depth", "long")]
    public void The_largest_pictures_take_no_more_than_64_MiB_beside_the_rest()
    {
        // By itself in this process: the kernel counts the most memory that it had (proc(5), clear_refs 5, VmHWM).
        Compose(TestPictures.Scene(1280, 720, 1));
        var pictures = new Dictionary<string, byte[]>
        {
            ["grey PNG"] = TestPictures.Png(9990, 9990, 8, 0, _ => Row(9990, 90)),
            ["RGBA PNG"] = TestPictures.Png(9000, 9000, 8, 6, _ => Row(36_000, 90)),
            ["16-bit PNG"] = TestPictures.Png(7000, 7000, 16, 2, _ => Row(42_000, 90)),
            ["claim"] = TestPictures.Png(1, 1, 8, 2, _ => new byte[3], claimedSide: 9999),
            ["bomb"] = TestPictures.Png(1, 1, 8, 2, _ => new byte[3], claimedSide: 60_000),
        };
        var most = new Dictionary<string, long>();
        foreach (var (name, picture) in pictures)
        {
            GC.Collect();
            File.WriteAllText("/proc/self/clear_refs", "5");
            var before = Peak();
            try
            {
                Compose(picture);
            }
            catch (PictureException)
            {
                Assert.Contains(name, new[] { "claim", "bomb" });
            }
            most[name] = Peak() - before;
        }
        Assert.All(most, peak => Assert.True(peak.Value <= 64 * 1024, $"{peak.Key}: {peak.Value} KiB"));

        static long Peak() => long.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(':', 'k')[1].Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_palette_with_transparency_a_picture_of_one_pixel_and_sixteen_bits_are_filmed()
    {
        // Entry 0 is half transparent.
        AssertFilmed(WithTransparency(TestPictures.Png(8, 8, 8, 3, _ => new byte[8], palette: [200, 100, 50]), 128), 100, 50, 25);
        AssertFilmed(TestPictures.Flat(1, 1, new SKColor(10, 200, 90)), 10, 200, 90);
        AssertFilmed(TestPictures.Png(4, 4, 16, 0, _ => [150, 7, 150, 7, 150, 7, 150, 7]), 150, 150, 150);
        AssertFilmed(TestPictures.Png(4, 4, 16, 6, _ => [.. Enumerable.Repeat<byte[]>([200, 0, 100, 0, 50, 0, 255, 255], 4).SelectMany(x => x)]), 200, 100, 50);
    }

    [Theory]
    [InlineData("Display P3", 235, 45, 34)]
    [InlineData("Adobe RGB", 255, 0, 0)]
    public void Colours_of_wide_profiles_are_those_of_the_film(string profile, int red, int green, int blue)
    {
        // By the profiles' primaries in CIE XYZ and those of sRGB: one red that sRGB has, and one that lies beyond it.
        using var space = profile == "Display P3"
            ? SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3)
            : SKColorSpace.CreateRgb(SKColorSpaceTransferFn.TwoDotTwo, SKColorSpaceXyz.AdobeRgb);
        byte[] colour = profile == "Display P3" ? [216, 65, 49, 255] : [219, 0, 0, 255];
        using var bitmap = new SKBitmap(new SKImageInfo(64, 36, SKColorType.Rgba8888, SKAlphaType.Opaque, space));
        for (var i = 0; i < 64 * 36; i++) colour.CopyTo(bitmap.GetPixelSpan()[(4 * i)..]);
        foreach (var format in new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg })
        {
            using var file = bitmap.Encode(format, 100);
            AssertFilmed(file.ToArray(), red, green, blue, 4);
        }
    }

    [Fact]
    public void Broken_files_of_every_kind_are_refused_with_a_code_and_nothing_else_happens()
    {
        var random = new Random(4);
        var whole = new[] { SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp }.Select(format => TestPictures.Quarters(120, 80, format)).ToList();
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var broken = whole[i % 3].ToArray();
            for (var j = random.Next(1, 6); j > 0; j--) broken[random.Next(broken.Length)] = (byte)random.Next(256);
            if (random.Next(2) == 0) broken = broken[..random.Next(broken.Length)];
            try
            {
                PictureReader.Read(broken, Limit, _ => 1).Dispose();
            }
            catch (PictureException problem)
            {
                Assert.Contains(problem.Code, new[] { ErrorCodes.FrameCorrupt, ErrorCodes.UnsupportedImage, ErrorCodes.ImageTooManyPixels });
                refused++;
            }
        }
        Assert.InRange(refused, 100, 300);
    }

    private static PictureException Refusal(byte[] picture)
    {
        // A header can be whole where the pixels are not.
        return Assert.Throws<PictureException>(() => Compose(picture));
    }

    private static PicturePlanes Compose(byte[] picture)
    {
        var plan = FilmPlan.Create(Film with { Fit = Fit.Cover }, [new FilmFrame(1, TestPictures.Sha256(picture), 0, 0)], "");
        return PictureCanvas.Compose(picture, plan.Shots[0], plan.Settings, Limit, default);
    }

    private static void AssertFilmed(byte[] picture, int red, int green, int blue, int most = 3)
    {
        var plan = FilmPlan.Create(Film with { Fit = Fit.Cover }, [new FilmFrame(1, TestPictures.Sha256(picture), 0, 0)], "");
        var frames = new PieceFrames(plan.Settings, plan.Pieces[0], [Compose(picture)]);
        using var seen = ColourMatrix.ToBitmap(frames.Render(0).Span, Film.Width, Film.Height);
        foreach (var (x, y) in new[] { (2, 2), (32, 18), (61, 33) })
        {
            var pixel = seen.GetPixel(x, y);
            Assert.Equal(new Vector3(red, green, blue), new Vector3(pixel.Red, pixel.Green, pixel.Blue), (a, b) => Vector3.Abs(a - b) is var d && Math.Max(d.X, Math.Max(d.Y, d.Z)) <= most);
        }
    }

    private static byte[] Row(int length, byte level)
    {
        var row = new byte[length];
        row.AsSpan().Fill(level);
        return row;
    }

    // PNG, third edition, 11.3.1.1: a tRNS chunk between palette and pixels.
    private static byte[] WithTransparency(byte[] png, byte alpha)
    {
        var at = png.AsSpan().IndexOf("IDAT"u8) - 4;
        return [.. png[..at], .. TestPictures.Chunk("tRNS"u8, [alpha]), .. png[at..]];
    }

    // The container of WebP, "Extended File Format": VP8X with the animation flag, ANIM, and ANMF around each picture's own chunk.
    private static byte[] AnimatedWebp(int width, int height, params byte[][] pictures)
    {
        using var body = new MemoryStream();
        body.Write("WEBP"u8);
        Write("VP8X"u8, [2, 0, 0, 0, .. Three(width - 1), .. Three(height - 1)]);
        Write("ANIM"u8, [0, 0, 0, 0, 0, 0]);
        foreach (var picture in pictures) Write("ANMF"u8, [0, 0, 0, 0, 0, 0, .. Three(width - 1), .. Three(height - 1), .. Three(100), 0, .. picture[12..]]);
        var size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, (int)body.Length);
        return [.. "RIFF"u8, .. size, .. body.ToArray()];

        void Write(ReadOnlySpan<byte> name, byte[] data)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
            body.Write([.. name, .. length, .. data]);
            if (data.Length % 2 != 0) body.WriteByte(0);
        }

        static byte[] Three(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];
    }
}
