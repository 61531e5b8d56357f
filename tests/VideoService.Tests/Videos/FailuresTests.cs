using FrameVideo.Contracts;
using VideoService.Rendering;
using VideoService.Videos;

namespace VideoService.Tests.Videos;

public sealed class FailuresTests
{
    [Fact]
    public void A_full_disk_is_told_in_a_sentence()
    {
        if (!OperatingSystem.IsLinux()) return;
        var full = Assert.ThrowsAny<IOException>(() =>
        {
            using var device = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            device.Write(new byte[10]);
        });
        Assert.Contains("no space", Failures.Final(full)!.Message, StringComparison.Ordinal);
        Assert.Contains("no space", Failures.Final(new EncoderException("It ended early.", "piece.mp4: No space left on device"))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_attempt_may_cure_is_not_final()
    {
        Assert.Null(Failures.Final(new EncoderException("It ended early.")));
        Assert.Null(Failures.Final(new TimeoutException()));
        Assert.Equal("It ended early.", Failures.Last(new EncoderException("It ended early.")).Message);
        Assert.Equal(ErrorCodes.RenderFailed.Code, Failures.Last(new TimeoutException("a path")).Code);
    }

    [Fact]
    public void A_picture_is_named_by_its_frame()
    {
        Assert.Equal(new ResourceError("frame-missing", "The picture of frame 7 is no longer in the store.", 7), Failures.Final(new FrameMissingException(7)));
        Assert.Equal(3, Failures.Final(new PictureException(ErrorCodes.FrameCorrupt, "Frame 3 is broken.", 3))!.Frame);
    }
}
