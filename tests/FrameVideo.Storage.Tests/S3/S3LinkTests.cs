using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.Time.Testing;
using static FrameVideo.Storage.Tests.TemporaryFolder;

namespace FrameVideo.Storage.Tests;

[Needs(TestServers.S3)]
public sealed class S3LinkTests(S3Bucket bucket) : IClassFixture<S3Bucket>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [ServerFact]
    public async Task A_link_gives_the_object_whole_or_in_part_to_whoever_has_it()
    {
        using var s3 = new S3TestStore(bucket.Bucket, options => options.KeyPrefix = "deep/er/");
        var key = FrameKey("a+b|c:d=e@f.example");
        using var file = await _folder.Spooled([1, 2, 3, 4, 5]);
        await s3.Store.PutAsync(key, file, CancellationToken.None);
        var link = s3.Store.Link(key);

        using var whole = await _http.GetAsync(link.Url);
        Assert.Equal([1, 2, 3, 4, 5], await whole.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", whole.Content.Headers.ContentType!.ToString());
        Assert.Contains("immutable", whole.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
        using var part = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Get, link.Url) { Headers = { Range = new RangeHeaderValue(1, 2) } });
        Assert.Equal((HttpStatusCode.PartialContent, "2-3"), (part.StatusCode, string.Join('-', await part.Content.ReadAsByteArrayAsync())));
        Assert.Equal(key, s3.Store.KeyOf(link.Url));

        using var changed = await _http.GetAsync(link.Url.Replace("frame_01", "frame_02", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, changed.StatusCode);
    }

    [ServerFact]
    public async Task A_link_that_is_over_is_refused()
    {
        // Signed for two minutes by a clock that is as far behind, but for a moment.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddSeconds(3) - TimeSpan.FromMinutes(2));
        using var s3 = new S3TestStore(bucket.Bucket, options => options.LinkLifetime = TimeSpan.FromMinutes(2), clock);
        using var file = await _folder.Spooled([1]);
        await s3.Store.PutAsync(FrameKey(), file, CancellationToken.None);
        var link = s3.Store.Link(FrameKey());
        await TestKit.Wait.UntilAsync(
            async () =>
            {
                using var answer = await _http.GetAsync(link.Url);
                return answer.StatusCode == HttpStatusCode.Forbidden;
            },
            "the end of the link");
    }

    [Fact]
    public void The_same_link_is_given_until_half_its_life_is_over()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var s3 = Store(clock, new BasicAWSCredentials("a", "b"));
        var first = s3.Store.Link(FrameKey());
        clock.Advance(TimeSpan.FromMinutes(29));
        Assert.Equal(first, s3.Store.Link(FrameKey()));
        clock.Advance(TimeSpan.FromMinutes(2));
        var second = s3.Store.Link(FrameKey());
        Assert.NotEqual(first.Url, second.Url);
        Assert.InRange(second.ExpiresAt - clock.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));
        Assert.NotEqual(second, s3.Store.Link(FrameKey(number: 2)));
    }

    [Fact]
    public void A_link_ends_with_the_credentials_that_signed_it()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var end = clock.GetUtcNow().AddMinutes(20);
        using var s3 = Store(clock, new Temporary(end.UtcDateTime));
        var link = s3.Store.Link(FrameKey());
        Assert.InRange(link.ExpiresAt, end.AddSeconds(-1), end);
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.NotSame(link, s3.Store.Link(FrameKey()));
    }

    [Fact]
    public void Links_name_the_server_that_browsers_reach()
    {
        using var s3 = Store(TimeProvider.System, new BasicAWSCredentials("a", "b"), options => options.PublicEndpoint = "https://films.example");
        var url = s3.Store.Link(FrameKey()).Url;
        Assert.StartsWith("https://films.example/films/alice/", url, StringComparison.Ordinal);
        Assert.Equal(FrameKey(), s3.Store.KeyOf(url));
    }

    private static S3TestStore Store(TimeProvider clock, AWSCredentials credentials, Action<S3ObjectStoreOptions>? change = null)
    {
        var options = new S3ObjectStoreOptions { Bucket = "films", Endpoint = "http://127.0.0.1:9", ForcePathStyle = true };
        change?.Invoke(options);
        return new S3TestStore(options, clock, credentials);
    }

    /// <summary>Credentials as a role gives them.</summary>
    private sealed class Temporary : AWSCredentials
    {
        public Temporary(DateTime end) => Expiration = end;

        public override ImmutableCredentials GetCredentials() => new("a", "b", "token");
    }
}
