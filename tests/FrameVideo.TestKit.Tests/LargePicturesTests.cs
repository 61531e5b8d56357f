using SkiaSharp;

namespace FrameVideo.TestKit.Tests;

public sealed class LargePicturesTests
{
    [Fact]
    public void They_are_pictures_that_can_be_decoded_and_differ()
    {
        var pictures = new LargePictures(100_000);
        var seen = Enumerable.Range(1, 3).Select(number =>
        {
            var bytes = pictures.Pieces(number).SelectMany(piece => piece.ToArray()).ToArray();
            using var bitmap = SKBitmap.Decode(bytes);
            Assert.Equal((1000, 34), (bitmap.Width, bitmap.Height));
            return Convert.ToHexString(bytes);
        });
        Assert.Equal(3, seen.Distinct().Count());
    }
}
