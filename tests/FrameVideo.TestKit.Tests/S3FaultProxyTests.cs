using System.Diagnostics;
using Amazon.S3;
using Amazon.S3.Model;
using FrameVideo.TestKit.Faults;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.TestKit.Tests;

[Needs(TestServers.S3)]
public sealed class S3FaultProxyTests : IAsyncLifetime
{
    private const string Key = "al|ice+@x.org/req_1_a/reference frames/ä=1~.bin";
    private readonly byte[] _bytes = new byte[1_000_000];
    private TestBucket _bucket = null!;
    private S3FaultProxy _proxy = null!;
    private AmazonS3Client _direct = null!;
    private AmazonS3Client _s3 = null!;

    public async Task InitializeAsync()
    {
        new Random(1).NextBytes(_bytes);
        _bucket = await S3Server.NewBucketAsync();
        _proxy = await S3FaultProxy.StartAsync(_bucket.Endpoint);
        (_direct, _s3) = (_bucket.NewClient(), _bucket.NewClient(_proxy.Endpoint));
    }

    public async Task DisposeAsync()
    {
        _s3.Dispose();
        _direct.Dispose();
        await _proxy.DisposeAsync();
        await _bucket.DisposeAsync();
    }

    [ServerFact]
    public async Task What_passes_is_passed_as_it_was_signed()
    {
        await PutAsync(_s3);
        Assert.Equal(_bytes, await GetAsync(_s3));
        Assert.Equal([Key], (await _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket.Name, Prefix = "al|ice+@x.org/" })).S3Objects.Select(found => found.Key));
        Assert.Equal([("PUT", Key), ("GET", Key), ("GET", "")], _proxy.Requests.Select(request => (request.Method, request.Key)));
    }

    [ServerFact]
    public async Task The_next_requests_of_a_kind_are_refused_and_no_others()
    {
        var fault = _proxy.Inject(S3Fault.SlowDown(TimeSpan.FromSeconds(2)), times: 2, request => request.Method == "PUT");
        for (var i = 0; i < 2; i++)
        {
            var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => PutAsync(_s3));
            Assert.Equal((503, "SlowDown"), ((int)refused.StatusCode, refused.ErrorCode));
            Assert.Empty((await _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _bucket.Name })).S3Objects ?? []);
        }

        await PutAsync(_s3);
        Assert.Equal(2, fault.Met);
        _proxy.Inject(S3Fault.Forbidden());
        Assert.Equal(403, (int)(await Assert.ThrowsAsync<AmazonS3Exception>(() => GetAsync(_s3))).StatusCode);
    }

    [ServerTheory]
    [InlineData(FaultPlace.AfterRequestHeaders, false)]
    [InlineData(FaultPlace.MidRequestBody, false)]
    [InlineData(FaultPlace.BeforeAnswer, true)]
    public async Task A_put_is_reset_where_it_was_planned(FaultPlace place, bool isStored)
    {
        _proxy.Inject(S3Fault.Reset(place), times: 1);
        await Assert.ThrowsAnyAsync<Exception>(() => PutAsync(_s3));
        if (isStored) Assert.Equal(_bytes, await GetAsync(_direct));
        else await Assert.ThrowsAsync<NoSuchKeyException>(() => GetAsync(_direct));
        await PutAsync(_s3);
    }

    [ServerFact]
    public async Task A_get_is_reset_in_the_middle_of_its_body()
    {
        await PutAsync(_direct);
        _proxy.Inject(S3Fault.Reset(FaultPlace.MidResponseBody), times: 1);
        using var response = await _s3.GetObjectAsync(_bucket.Name, Key);
        var got = new MemoryStream();
        await Assert.ThrowsAnyAsync<IOException>(() => response.ResponseStream.CopyToAsync(got));
        Assert.InRange(got.Length, 1, _bytes.Length - 1);
    }

    [ServerTheory]
    [InlineData(FaultPlace.MidRequestBody)]
    [InlineData(FaultPlace.MidResponseBody)]
    public async Task A_stalled_request_goes_on_when_it_is_released(FaultPlace place)
    {
        await PutAsync(_direct);
        var fault = _proxy.Inject(S3Fault.Stall(place), times: 1);
        var work = place == FaultPlace.MidRequestBody ? PutAsync(_s3) : GetAsync(_s3);
        await Wait.UntilAsync(() => Task.FromResult(fault.Met == 1), "the stall");
        Assert.False(work.IsCompleted);
        while (!work.IsCompleted)
        {
            _proxy.Release();
            await Task.WhenAny(work, Task.Delay(10));
        }

        await work;
        Assert.Equal(_bytes, await GetAsync(_direct));
    }

    [ServerFact]
    public async Task A_slow_body_takes_its_time()
    {
        var fault = _proxy.Inject(S3Fault.Slow(2_000_000), times: 1);
        var began = Stopwatch.GetTimestamp();
        await PutAsync(_s3);
        Assert.Equal(1, fault.Met);
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(0.45));
    }

    [ServerFact]
    public async Task An_outage_lets_nothing_through_and_ends()
    {
        _proxy.Outage = true;
        await Assert.ThrowsAnyAsync<Exception>(() => PutAsync(_s3));
        await _proxy.RefuseAsync();
        _proxy.Outage = false;
        await Assert.ThrowsAnyAsync<Exception>(() => PutAsync(_s3));
        await _proxy.ListenAsync();
        await PutAsync(_s3);
        // While the port was closed nothing arrived.
        Assert.Equal(["PUT", "PUT"], _proxy.Requests.Select(request => request.Method));
    }

    private async Task PutAsync(AmazonS3Client s3) =>
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = _bucket.Name, Key = Key, InputStream = new MemoryStream(_bytes), UseChunkEncoding = false });

    private async Task<byte[]> GetAsync(AmazonS3Client s3)
    {
        using var response = await s3.GetObjectAsync(_bucket.Name, Key);
        var got = new MemoryStream();
        await response.ResponseStream.CopyToAsync(got);
        return got.ToArray();
    }
}
