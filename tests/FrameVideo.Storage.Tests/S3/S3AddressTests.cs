using FrameVideo.Contracts;

namespace FrameVideo.Storage.Tests;

/// <summary>Which URLs are ours.</summary>
public sealed class S3AddressTests
{
    private const string Key = "alice/req_1_a/reference-frames/frame_01_aaaaaaaaaaaa.png";

    [Theory]
    [InlineData("https://films.s3.eu-central-1.amazonaws.com/" + Key)]
    [InlineData("https://films.s3.amazonaws.com/" + Key)]
    [InlineData("https://films.s3-eu-central-1.amazonaws.com/" + Key)]
    [InlineData("https://films.s3.dualstack.eu-central-1.amazonaws.com/" + Key)]
    [InlineData("https://s3.eu-central-1.amazonaws.com/films/" + Key)]
    [InlineData("https://s3.amazonaws.com/films/" + Key)]
    [InlineData("http://films.s3.amazonaws.com/" + Key)]
    [InlineData("HTTPS://Films.S3.amazonaws.COM/" + Key)]
    [InlineData("https://films.s3.amazonaws.com:443/" + Key)]
    [InlineData("https://films.s3.eu-central-1.amazonaws.com/" + Key + "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00ff#top")]
    [InlineData("https://films.s3.amazonaws.com/alice%2Freq_1_a%2Freference-frames/frame_01_aaaaaaaaaaaa.png")]
    [InlineData("https://films.s3.amazonaws.com/%61lice/req_1_a/reference%2Dframes/frame_01_aaaaaaaaaaaa.png")]
    [InlineData("s3://films/" + Key)]
    [InlineData("https://old-films.s3.amazonaws.com/" + Key)]
    [InlineData("s3://old-films/" + Key)]
    [InlineData("https://store.example:8443/older/" + Key)]
    [InlineData("https://older.store.example:8443/" + Key)]
    public void Ours_on_AWS(string url) => Assert.Equal(ObjectKey.Parse(Key), Aws(url));

    [Theory]
    [InlineData("https://films.evil.com/" + Key)]
    [InlineData("https://films.s3.amazonaws.com.evil.com/" + Key)]
    [InlineData("https://evil.com/films.s3.amazonaws.com/" + Key)]
    [InlineData("https://films.s3.amazonaws.com@evil.com/" + Key)]
    [InlineData("https://evil.com@films.s3.amazonaws.com/" + Key)]
    [InlineData("https://films.s3.amazonaws.com:8443/" + Key)]
    [InlineData("https://films.s3.amazonaws.com:80/" + Key)]
    [InlineData("https://films.s3.amazonaws.com./" + Key)]
    [InlineData("https://films.s3.amazonaws.com\\@evil.com/" + Key)]
    [InlineData("https://evil.com\\films.s3.amazonaws.com/" + Key)]
    [InlineData("https://evil.com#films.s3.amazonaws.com/" + Key)]
    [InlineData("https://evil.com?films.s3.amazonaws.com/" + Key)]
    [InlineData("https://evil-films.s3.amazonaws.com/" + Key)]
    [InlineData("https://films2.s3.amazonaws.com/" + Key)]
    [InlineData("https://films.s3.us-west-1.amazonaws.com/" + Key)]
    [InlineData("https://s3.amazonaws.com/other/" + Key)]
    [InlineData("https://s3.amazonaws.com/FILMS/" + Key)]
    [InlineData("https://s3.amazonaws.com/films/../other/" + Key)]
    [InlineData("https://s3.amazonaws.com/other/../films/" + Key)]
    [InlineData("https://s3.amazonaws.com//films/" + Key)]
    [InlineData("https://films.s3.amazonaws.com//" + Key)]
    [InlineData("https://films.s3.amazonaws.com/x/" + Key)]
    [InlineData("https://films.s3.amazonaws.com/./" + Key)]
    [InlineData("https://films.s3.amazonaws.com/" + Key + "/x")]
    [InlineData("https://films.s3.amazonaws.com/alice%252Freq_1_a/reference-frames/frame_01_aaaaaaaaaaaa.png")]
    [InlineData("https://films.s3.amazonaws.com/alice/req_1_a/reference-frames/%2e%2e/manifest.json")]
    [InlineData("https://films.s3.amazonaws.com/other.png")]
    [InlineData("https://films.s3.amazonaws.com/?key=" + Key)]
    [InlineData("https://films.s3.amazonaws.com/")]
    [InlineData("https://films.s3.amazonaws.com")]
    [InlineData("//films.s3.amazonaws.com/" + Key)]
    [InlineData("ftp://films.s3.amazonaws.com/" + Key)]
    [InlineData("https:films.s3.amazonaws.com/" + Key)]
    [InlineData(" https://films.s3.amazonaws.com/" + Key)]
    [InlineData("https://films.s3.amazonaws.com /" + Key)]
    [InlineData("https://f%69lms.s3.amazonaws.com/" + Key)]
    [InlineData("s3://films2/" + Key)]
    [InlineData("s3://films@evil/" + Key)]
    [InlineData("https://store.example/older/" + Key)]
    [InlineData("https://store.example:8443/films/" + Key)]
    [InlineData(Key)]
    [InlineData("/" + Key)]
    [InlineData("/films/" + Key)]
    [InlineData("")]
    [InlineData("data:image/png;base64,AAAA")]
    public void Not_ours_on_AWS(string url) => Assert.Null(Aws(url));

    [Theory]
    [InlineData("http://127.0.0.1:9000/films/fv/" + Key, true)]
    [InlineData("https://s3.example/films/fv/" + Key, true)]
    [InlineData("https://films.s3.example/fv/" + Key, true)]
    [InlineData("s3://films/fv/" + Key, true)]
    [InlineData("https://s3.example/films/f%76%2F" + Key, true)]
    [InlineData("https://s3.example/old-films/fv/" + Key, true)]
    [InlineData("https://s3.example/old-films/" + Key, true)]
    [InlineData("http://127.0.0.1:9000/films/" + Key, false)]
    [InlineData("http://127.0.0.1:9000/films/fv2/" + Key, false)]
    [InlineData("http://127.0.0.1:9000/films/FV/" + Key, false)]
    [InlineData("http://127.0.0.1:9001/films/fv/" + Key, false)]
    [InlineData("https://127.0.0.1:9000/films/fv/" + Key, false)]
    [InlineData("http://films.127.0.0.1:9000/fv/" + Key, false)]
    [InlineData("http://localhost:9000/films/fv/" + Key, false)]
    [InlineData("http://s3.example/films/fv/" + Key, false)]
    [InlineData("https://s3.example.evil.com/films/fv/" + Key, false)]
    [InlineData("https://films.s3.amazonaws.com/fv/" + Key, false)]
    public void On_a_server_of_ones_own_only_that_server_counts(string url, bool isOurs) => Assert.Equal(
        isOurs ? ObjectKey.Parse(Key) : null,
        KeyRoot.FindKey(url, S3Addresses.Of(new() { Bucket = "films", Endpoint = "http://127.0.0.1:9000", PublicEndpoint = "https://s3.example", KeyPrefix = "fv/", FormerBuckets = ["old-films"] })));

    private static ObjectKey? Aws(string url) => KeyRoot.FindKey(
        url, S3Addresses.Of(new() { Bucket = "films", Region = "eu-central-1", FormerBuckets = ["old-films", "https://store.example:8443/older"] }));
}
