namespace FrameVideo.Contracts.Tests;

public sealed class ObjectKeyTests
{
    private static readonly UserId Alice = UserId.Parse("alice@example.com");
    private static readonly RequestId Request = RequestId.Parse("req_1700000000000_abc123def");
    private static readonly VideoId Video = VideoId.Parse("vid_1700000000001_abc123def");
    private static readonly string Sha256 = new string('0', 6) + new string('f', 58);

    [Fact]
    public void The_layout_is_the_one_that_was_agreed()
    {
        const string At = "alice@example.com/req_1700000000000_abc123def";
        AssertKey($"{At}/reference-frames/frame_01_000000ffffff.png", ObjectKeys.Frame(Alice, Request, 1, Sha256, "png"), ObjectKind.Frame, "image/png", 1);
        AssertKey($"{At}/reference-frames/frame_1000_000000ffffff.webp", ObjectKeys.Frame(Alice, Request, 1000, Sha256, "webp"), ObjectKind.Frame, "image/webp", 1000);
        AssertKey($"{At}/user-uploads/My-cat_000000ffffff.jpg", ObjectKeys.Upload(Alice, Request, "C:\\pictures\\My cat.JPG", Sha256, "jpg"), ObjectKind.Upload, "image/jpeg");
        AssertKey($"{At}/manifest.json", ObjectKeys.Manifest(Alice, Request), ObjectKind.Manifest, "application/json");
        AssertKey($"{At}/video-clips/clip_07_000000ffffff.mp4", ObjectKeys.Clip(Alice, Request, 7, Sha256), ObjectKind.Clip, "video/mp4", 7);
        AssertKey($"{At}/video-clips/joint_07_000000ffffff.mp4", ObjectKeys.Joint(Alice, Request, 7, Sha256), ObjectKind.Joint, "video/mp4", 7);
        AssertKey($"{At}/video-clips/footage_07_000000ffffff.mp4", ObjectKeys.Footage(Alice, Request, 7, Sha256), ObjectKind.Footage, "video/mp4", 7);
        AssertKey($"{At}/video-clips/clip_07_000000ffffff.webm", ObjectKeys.Clip(Alice, Request, 7, Sha256, "webm"), ObjectKind.Clip, "video/webm", 7);
        AssertKey($"{At}/video-clips/{Video}/film.webm", ObjectKeys.Film(Alice, Request, Video, "webm"), ObjectKind.Film, "video/webm");
        AssertKey($"{At}/video-clips/{Video}/poster.jpg", ObjectKeys.Poster(Alice, Request, Video), ObjectKind.Poster, "image/jpeg");
        AssertKey($"{At}/video-clips/{Video}/captions.vtt", ObjectKeys.Captions(Alice, Request, Video), ObjectKind.Captions, "text/vtt");
        AssertKey($"{At}/video-clips/{Video}/init_000000ffffff.mp4", ObjectKeys.Init(Alice, Request, Video, Sha256), ObjectKind.Init, "video/mp4");
        AssertKey($"{At}/video-clips/{Video}/segment_01_000000ffffff.vtt", ObjectKeys.Segment(Alice, Request, Video, 1, Sha256, "vtt"), ObjectKind.Segment, "text/vtt", 1);
        AssertKey($"{At}/video-clips/{Video}/segment_07_000000ffffff.m4s", ObjectKeys.Segment(Alice, Request, Video, 7, Sha256), ObjectKind.Segment, "video/iso.segment", 7);
        AssertKey($"{At}/video-clips/{Video}/video.json", ObjectKeys.VideoRecord(Alice, Request, Video), ObjectKind.VideoRecord, "application/json");
        Assert.Equal(Video, ObjectKeys.Poster(Alice, Request, Video).VideoId);
    }

    [Theory]
    [InlineData("frame_1_1700000000000.png", 1)]
    [InlineData("frame_0_1700000000000.webp", 0)]
    [InlineData("generated_frame_12_1700000000000.jpeg", 12)]
    public void Frames_of_the_former_product_are_read(string file, int number)
    {
        var key = ObjectKey.Parse($"alice/req_1_a/reference-frames/{file}");
        Assert.Equal((ObjectKind.FormerFrame, number), (key.Kind, key.Number));
    }

    [Theory]
    [InlineData("alice/req_1_a")]
    [InlineData("alice/req_1_a/")]
    [InlineData("/alice/req_1_a/manifest.json")]
    [InlineData("alice/req_1_a/manifest.json/")]
    [InlineData("alice//req_1_a/manifest.json")]
    [InlineData("alice/req_1_a/Manifest.json")]
    [InlineData("alice/vid_1_a/manifest.json")]
    [InlineData("alice/req_1_a/reference-frames/manifest.json")]
    [InlineData("alice/req_1_a/reference-frames/frame_1_aaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/reference-frames/frame_00_aaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/reference-frames/frame_001_aaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/reference-frames/frame_10000_aaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/reference-frames/frame_01_AAAAAAAAAAAA.png")]
    [InlineData("alice/req_1_a/reference-frames/frame_01_aaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/reference-frames/frame_01_aaaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/reference-frames/frame_01_gaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/reference-frames/frame_01_aaaaaaaaaaaa.gif")]
    [InlineData("alice/req_1_a/reference-frames/frame_01_aaaaaaaaaaaa.png.exe")]
    [InlineData("alice/req_1_a/reference-frames/frame_+1_aaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/reference-frames/x/frame_01_aaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/user-uploads/_aaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/user-uploads/.hidden_aaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/user-uploads/a b_aaaaaaaaaaaa.png")]
    [InlineData("alice/req_1_a/video-clips/clip_01_aaaaaaaaaaaa.mov")]
    [InlineData("alice/req_1_a/video-clips/film.mp4")]
    [InlineData("alice/req_1_a/video-clips/vid_1_a/film.mov")]
    [InlineData("alice/req_1_a/video-clips/req_1_a/film.mp4")]
    [InlineData("alice/req_1_a/video-clips/vid_1_a/x/film.mp4")]
    [InlineData("alice/req_1_a/video-clips/vid_1_a/init_AAAAAAAAAAAA.mp4")]
    [InlineData("alice/req_1_a/video-clips/vid_1_a/init_aaaaaaaaaaaa.m4s")]
    [InlineData("alice/req_1_a/video-clips/vid_1_a/segment_1_aaaaaaaaaaaa.m4s")]
    [InlineData("alice/req_1_a/video-clips/vid_1_a/segment_01_aaaaaaaaaaaa.ttml")]
    [InlineData("alice/req_1_a/video-clips/segment_01_aaaaaaaaaaaa.m4s")]
    [InlineData("../req_1_a/manifest.json")]
    [InlineData("reference-frames/req_1_a/manifest.json")]
    public void What_is_not_of_the_layout_is_refused(string text) => Assert.False(ObjectKey.TryParse(text, out _));

    [Fact]
    public void Parts_that_the_layout_does_not_allow_make_no_key()
    {
        Action[] makers =
        [
            () => ObjectKeys.Frame(default, Request, 1, Sha256, "png"), () => ObjectKeys.Frame(Alice, default, 1, Sha256, "png"), () => ObjectKeys.Frame(Alice, Request, 0, Sha256, "png"),
            () => ObjectKeys.Frame(Alice, Request, -1, Sha256, "png"), () => ObjectKeys.Frame(Alice, Request, 10_000, Sha256, "png"), () => ObjectKeys.Frame(Alice, Request, 1, Sha256.ToUpperInvariant(), "png"),
            () => ObjectKeys.Frame(Alice, Request, 1, Sha256[..12], "png"), () => ObjectKeys.Frame(Alice, Request, 1, new string('/', 64), "png"), () => ObjectKeys.Frame(Alice, Request, 1, Sha256, "../png"),
            () => ObjectKeys.Frame(Alice, Request, 1, Sha256, "gif"), () => ObjectKeys.Film(Alice, Request, default, "mp4"), () => ObjectKeys.Film(Alice, Request, Video, "exe"),
            () => ObjectKeys.UserPrefix(default), () => ObjectKeys.RequestPrefix(Alice, default), () => ObjectKeys.VideoPrefix(Alice, Request, default),
        ];
        Assert.All(makers, make => Assert.ThrowsAny<ArgumentException>(make));
    }

    [Fact]
    public void A_prefix_contains_what_lies_below_it_alone()
    {
        var key = ObjectKeys.Frame(Alice, Request, 1, Sha256, "png");
        Assert.True(ObjectKeys.UserPrefix(Alice).Contains(key) && ObjectKeys.RequestPrefix(Alice, Request).Contains(key) && ObjectKeys.FramesPrefix(Alice, Request).Contains(key));
        Assert.False(ObjectKeys.UploadsPrefix(Alice, Request).Contains(key) || ObjectKeys.UserPrefix(UserId.Parse("alice@example.co")).Contains(key) || default(ObjectPrefix).Contains(key));
        Assert.False(ObjectKeys.RequestPrefix(Alice, RequestId.Parse("req_1700000000000_abc123de")).Contains(key));
    }

    private static void AssertKey(string text, ObjectKey key, ObjectKind kind, string contentType, int number = 0)
    {
        Assert.Equal((text, kind, contentType, number), (key.ToString(), key.Kind, key.ContentType, key.Number));
        Assert.Equal(kind is ObjectKind.Manifest or ObjectKind.VideoRecord, key.IsRewritten);
        Assert.Equal((Alice, Request), (key.UserId, key.RequestId));
        Assert.Equal(key, ObjectKey.Parse(text));
    }
}
