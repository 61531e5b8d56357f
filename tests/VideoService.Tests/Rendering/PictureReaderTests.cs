using System.Numerics;
using FrameVideo.Contracts;
using SkiaSharp;
using VideoService.Rendering;

namespace VideoService.Tests.Rendering;

public class PictureReaderTests
{
    private const long Limit = 100_000_000;

    // Where the first stored row and the first stored column are seen: EXIF 2.32, tag 0x0112.
    [Theory]
    [InlineData(1, "top", "left")]
    [InlineData(2, "top", "right")]
    [InlineData(3, "bottom", "right")]
    [InlineData(4, "bottom", "left")]
    [InlineData(5, "left", "top")]
    [InlineData(6, "right", "top")]
    [InlineData(7, "right", "bottom")]
    [InlineData(8, "left", "bottom")]
    public void A_turned_photograph_stands_upright(byte orientation, string row, string column)
    {
        var jpeg = TestPictures.WithOrientation(TestPictures.Quarters(64, 32, SKEncodedImageFormat.Jpeg), orientation);
        var turned = orientation >= 5;
        Assert.Equal(new PictureHeader(turned ? 32 : 64, turned ? 64 : 32, "image/jpeg", turned), PictureReader.Inspect(jpeg, Limit));

        using var pixels = PictureReader.Read(jpeg, Limit, _ => 1);
        Assert.Equal((turned ? 32 : 64, turned ? 64 : 32), (pixels.Width, pixels.Height));
        AssertCorner(pixels, row, column, 255, 0, 0);
        AssertCorner(pixels, row, Opposite(column), 0, 255, 0);
        AssertCorner(pixels, Opposite(row), column, 0, 0, 255);
        AssertCorner(pixels, Opposite(row), Opposite(column), 255, 255, 255);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, "image/png")]
    [InlineData(SKEncodedImageFormat.Jpeg, "image/jpeg")]
    [InlineData(SKEncodedImageFormat.Webp, "image/webp")]
    public void The_three_kinds_are_told_by_their_bytes(SKEncodedImageFormat format, string contentType)
    {
        var picture = TestPictures.Quarters(64, 32, format);
        Assert.Equal(new PictureHeader(64, 32, contentType, false), PictureReader.Inspect(picture, Limit));
        using var pixels = PictureReader.Read(picture, Limit, _ => 1);
        AssertCorner(pixels, "top", "left", 255, 0, 0);
        AssertCorner(pixels, "bottom", "right", 255, 255, 255);
    }

    [Fact]
    public void Grey_palette_and_sixteen_bit_pictures_decode_right()
    {
        AssertFlat(TestPictures.Png(8, 8, 8, 0, _ => [.. Enumerable.Repeat((byte)100, 8)]), 100, 100, 100);
        AssertFlat(TestPictures.Png(8, 8, 8, 3, _ => new byte[8], palette: [200, 50, 25]), 200, 50, 25);
        AssertFlat(TestPictures.Png(8, 8, 16, 2, _ => [.. Enumerable.Repeat<byte[]>([200, 128, 50, 128, 25, 128], 8).SelectMany(x => x)]), 200, 50, 25);
        AssertFlat(TestPictures.Png(8, 8, 1, 0, _ => [0xFF]), 255, 255, 255);
        using var bitmap = new SKBitmap(new SKImageInfo(16, 16, SKColorType.Gray8, SKAlphaType.Opaque));
        bitmap.GetPixelSpan().Fill(90);
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 100);
        AssertFlat(jpeg.ToArray(), 90, 90, 90);
    }

    [Fact]
    public void A_photograph_in_printing_inks_decodes_to_its_colours() => AssertFlat(TestPictures.CmykJpeg(200, 60, 220, 255), 200, 60, 220);

    [Fact]
    public void What_is_transparent_stands_over_black()
    {
        AssertFlat(TestPictures.Flat(8, 8, SKColors.White.WithAlpha(0)), 0, 0, 0);
        AssertFlat(TestPictures.Flat(8, 8, SKColors.White.WithAlpha(128)), 128, 128, 128);
        AssertFlat(TestPictures.Png(8, 8, 8, 6, _ => [.. Enumerable.Repeat<byte[]>([255, 0, 0, 51], 8).SelectMany(x => x)]), 51, 0, 0);
    }

    [Fact]
    public void A_colour_profile_is_applied()
    {
        using var wide = SKColorSpace.CreateRgb(SKColorSpaceTransferFn.Srgb, SKColorSpaceXyz.DisplayP3);
        using var bitmap = new SKBitmap(new SKImageInfo(8, 8, SKColorType.Rgba8888, SKAlphaType.Opaque, wide));
        for (var i = 0; i < 64; i++) new byte[] { 200, 100, 100, 255 }.CopyTo(bitmap.GetPixelSpan()[(4 * i)..]);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var pixels = PictureReader.Read(png.ToArray(), Limit, _ => 1);

        // Display P3's red lies further out than sRGB's.
        var row = new Vector4[8];
        pixels.ReadRow(0, row);
        Assert.InRange(row[0].X, 208, 220);
        Assert.InRange(row[0].Y, 88, 99);
    }

    [Fact]
    public void A_header_that_claims_too_much_is_refused_before_anything_is_decoded()
    {
        var bomb = TestPictures.Png(1, 1, 8, 2, _ => new byte[3], claimedSide: 60_000);
        var memory = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ErrorCodes.ImageTooManyPixels, Assert.Throws<PictureException>(() => PictureReader.Read(bomb, Limit, _ => 1)).Code);
        Assert.Equal(ErrorCodes.ImageTooManyPixels, Assert.Throws<PictureException>(() => PictureReader.Inspect(bomb, Limit)).Code);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - memory < 1_000_000);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_picture_whose_bytes_end_early_is_corrupt(SKEncodedImageFormat format)
    {
        var picture = TestPictures.Draw(400, 300, canvas => canvas.DrawCircle(200, 150, 120, new SKPaint { Color = SKColors.Orange }), format);
        foreach (var part in new[] { 0.2, 0.5, 0.9 })
        {
            var problem = Assert.Throws<PictureException>(() => PictureReader.Read(picture[..(int)(picture.Length * part)], Limit, _ => 1));
            Assert.Equal(ErrorCodes.FrameCorrupt, problem.Code);
        }
    }

    [Fact]
    public void Other_files_are_no_pictures()
    {
        Assert.Equal(ErrorCodes.UnsupportedImage, Assert.Throws<PictureException>(() => PictureReader.Inspect("GIF89a"u8.ToArray(), Limit)).Code);
        Assert.Equal(ErrorCodes.UnsupportedImage, Assert.Throws<PictureException>(() => PictureReader.Inspect([], Limit)).Code);
        Assert.Equal(ErrorCodes.UnsupportedImage, Assert.Throws<PictureException>(() => PictureReader.Inspect("<svg/>"u8.ToArray(), Limit)).Code);
        Assert.Equal(ErrorCodes.FrameCorrupt, Assert.Throws<PictureException>(() => PictureReader.Inspect([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3], Limit)).Code);
    }

    [Fact]
    public void A_large_photograph_is_decoded_no_finer_than_it_is_needed()
    {
        using var pixels = PictureReader.Read(TestPictures.Flat(4000, 2000, SKColors.Teal, SKEncodedImageFormat.Jpeg), Limit, _ => 0.2);
        Assert.InRange(pixels.Width, 800, 2000);
        Assert.Equal(2.0, (double)pixels.Width / pixels.Height, 2);
    }

    private static void AssertFlat(byte[] picture, int red, int green, int blue)
    {
        using var pixels = PictureReader.Read(picture, Limit, _ => 1);
        var row = new Vector4[pixels.Width];
        for (var y = 0; y < pixels.Height; y++)
        {
            pixels.ReadRow(y, row);
            foreach (var pixel in row) AssertNear(pixel, red, green, blue, 1);
        }
    }

    private static void AssertCorner(UprightPixels pixels, string one, string other, int red, int green, int blue)
    {
        var right = one == "right" || other == "right";
        var bottom = one == "bottom" || other == "bottom";
        var row = new Vector4[pixels.Width];
        pixels.ReadRow(bottom ? pixels.Height - 3 : 2, row);
        AssertNear(row[right ? pixels.Width - 3 : 2], red, green, blue, 12);
    }

    private static void AssertNear(Vector4 pixel, int red, int green, int blue, int most)
    {
        Assert.InRange(pixel.X, red - most, red + most);
        Assert.InRange(pixel.Y, green - most, green + most);
        Assert.InRange(pixel.Z, blue - most, blue + most);
    }

    private static string Opposite(string side) => side switch { "top" => "bottom", "bottom" => "top", "left" => "right", _ => "left" };
}
