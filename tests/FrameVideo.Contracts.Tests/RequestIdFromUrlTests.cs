namespace FrameVideo.Contracts.Tests;

public sealed class RequestIdFromUrlTests
{
    private const string Key = "alice/req_1_a/reference-frames/frame_01_aaaaaaaaaaaa.png";

    [Theory]
    [InlineData("https://bucket.s3.eu-west-1.amazonaws.com/" + Key)]
    [InlineData("https://s3.eu-west-1.amazonaws.com/bucket/" + Key)]
    [InlineData("http://127.0.0.1:9000/bucket/deep/er/" + Key)]
    [InlineData("https://bucket.s3.amazonaws.com/" + Key + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260101%2Feu%2Fs3%2Faws4_request&X-Amz-Signature=00ff#top")]
    [InlineData("https://bucket.s3.amazonaws.com/alice%2Freq_1_a%2Freference-frames%2Fframe_01_aaaaaaaaaaaa.png")]
    [InlineData("https://bucket.s3.amazonaws.com/alice%2freq_1_a%2freference-frames/frame_01_aaaaaaaaaaaa.png")]
    [InlineData("https://bucket.s3.amazonaws.com/%61lice/%72eq_1_a/reference%2Dframes/frame_01_aaaaaaaaaaaa.png")]
    [InlineData("https://app.example/image-proxy?key=alice%2Freq_1_a%2Freference-frames%2Fframe_01_aaaaaaaaaaaa.png&w=400")]
    [InlineData("https://app.example/image-proxy?w=400&KEY=" + Key)]
    [InlineData("/api/image-proxy?key=" + Key)]
    [InlineData("api/image-proxy?key=" + Key)]
    [InlineData("?key=" + Key)]
    [InlineData("s3://bucket/" + Key)]
    [InlineData("S3://bucket/" + Key)]
    [InlineData(Key)]
    [InlineData("/" + Key)]
    [InlineData("//cdn.example/" + Key)]
    [InlineData("http://127.0.0.1:8080/v1/objects/" + Key + "?token=v1.1.YQ.aa")]
    [InlineData("/v1/sessions/req_1_a/frames/3/image")]
    [InlineData("https://films.example/frames/v1/sessions/req_1_a/frames/12/image?token=v1.1.YQ.aa")]
    [InlineData("https://b/alice/req_1_a/user-uploads/x.png")]
    [InlineData("https://b/alice/req_1_a/video-clips/vid_1_a/film.mp4")]
    [InlineData("https://b/x/alice/req_1_a/manifest.json")]
    [InlineData("https://b/auth0%7C5/req_1_a/reference-frames/generated_frame_3_1700000000000.png")]
    [InlineData("https://b/" + Key + "?key=" + Key)]
    [InlineData("https://user:pass@b/" + Key)]
    public void The_id_is_found_in_every_form_of_a_storage_url(string url) => Assert.Equal(RequestId.Parse("req_1_a"), RequestId.FromUrl(url));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("req_1_a")]
    [InlineData("https://b/req_1_a")]
    [InlineData("https://b/alice/req_1_a")]
    [InlineData("https://b/alice/req_1_a/")]
    [InlineData("https://b/alice/req_1_a/reference-frames")]
    [InlineData("https://b/alice/req_1_a/other/x.png")]
    [InlineData("https://b/alice/x/reference-frames/req_1_a.png")]
    [InlineData("https://b/alice/x/reference-frames/req_1_a")]
    [InlineData("https://b/alice/REQ_1_A/reference-frames/x.png")]
    [InlineData("https://b/alice/req_1_a.bak/reference-frames/x.png")]
    [InlineData("https://b/al%20ice/req_1_a/reference-frames/x.png")]
    [InlineData("https://b/x?id=req_1_a")]
    [InlineData("https://b/x?redirect=/" + Key)]
    [InlineData("https://b/x?monkey=" + Key)]
    [InlineData("https://b/x?a=key=" + Key)]
    [InlineData("https://b/x#" + Key)]
    [InlineData("https://b/x#?key=" + Key)]
    [InlineData("https://b/x%23/..%2f" + Key)]
    [InlineData("https://alice/req_1_a/reference-frames/x.png")]
    [InlineData("//alice/req_1_a/reference-frames/x.png")]
    [InlineData("s3://alice/req_1_a/reference-frames/x.png")]
    [InlineData("https://alice%2Freq_1_a%2Freference-frames%2Fx@b/y")]
    [InlineData("https://alice:req_1_a@b/reference-frames/x.png")]
    [InlineData("https://b/alice/session_1700000000000_a/reference-frames/x.png")]
    [InlineData("https://b/alice/req-1-a/reference-frames/x.png")]
    [InlineData("https://b/alice%252Freq_1_a%252Freference-frames%252Fx.png")]
    [InlineData("https://b/alice/req_1_a/reference-frames/../../../x.png")]
    [InlineData("https://b/%2e%2e/alice/req_1_a/reference-frames/x.png")]
    [InlineData("https://b/alice\\req_1_a\\reference-frames\\x.png")]
    [InlineData("https://b/alice/req_1_a/reference-frames/x%00.png")]
    [InlineData("https://b/alice/\uff52eq_1_a/reference-frames/x.png")]
    [InlineData("https://b\uff0falice\uff0freq_1_a\uff0freference-frames\uff0fx.png")]
    [InlineData("/v1/sessions/req_1_a/frames/3/regenerate")]
    [InlineData("/v1/sessions/req_1_a")]
    [InlineData("/v2/sessions/req_1_a/frames/3/image")]
    [InlineData("data:image/png;base64,alice/req_1_a/reference-frames/x.png")]
    [InlineData("DATA:,/" + Key)]
    public void What_merely_looks_like_one_is_not_found(string? url) => Assert.Null(RequestId.FromUrl(url));

    [Theory]
    [InlineData("https://b/" + Key + "?key=alice/req_2_b/reference-frames/x.png")]
    [InlineData("https://b/x?key=" + Key + "&key=bob/req_2_b/manifest.json")]
    [InlineData("https://b/alice/req_1_a/video-clips/bob/req_2_b/video-clips/x.mp4")]
    [InlineData("/v1/sessions/req_1_a/frames/3/image?key=alice/req_2_b/manifest.json")]
    public void Two_different_ids_are_none(string url) => Assert.Null(RequestId.FromUrl(url));

    [Fact]
    public void A_url_that_is_too_long_is_not_read() => Assert.Null(RequestId.FromUrl($"https://b/{Key}?{new string('a', StorageUrl.MaxLength)}"));

    [Fact]
    public void The_key_is_found_whole_or_not_at_all()
    {
        Assert.Equal(ObjectKey.Parse(Key), StorageUrl.FindKey($"https://b/bucket/{Key}?x=y"));
        Assert.Null(StorageUrl.FindKey($"https://b/bucket/{Key}/more"));
        Assert.Null(StorageUrl.FindKey("https://b/alice/req_1_a/reference-frames/holiday.png"));
        Assert.Null(StorageUrl.FindKey($"https://b/{Key}?key=alice/req_1_a/manifest.json"));
    }
}
