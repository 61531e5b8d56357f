using System.Security.Cryptography;
using FrameVideo.Contracts;
using FrameVideo.TestKit.Faults;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Storage.Tests;

/// <summary>Films above 64 MiB travel in parts.</summary>
[Needs(TestServers.S3)]
public sealed class S3MultipartTests(S3Bucket bucket) : IClassFixture<S3Bucket>, IAsyncLifetime, IDisposable
{
    private static readonly ObjectKey Key = ObjectKeys.Film(UserId.Parse("alice"), RequestId.Parse("req_1_a"), VideoId.Parse("vid_1_a"), "mp4");
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _film = RandomNumberGenerator.GetBytes(70 << 20);
    private S3FaultProxy _proxy = null!;
    private S3TestStore _s3 = null!;
    private SpooledFile _file = null!;

    public async Task InitializeAsync()
    {
        _proxy = await S3FaultProxy.StartAsync(bucket.Bucket.Endpoint);
        _s3 = new S3TestStore(bucket.Bucket, options => options.Endpoint = _proxy.Endpoint.ToString());
        _file = await _folder.Spooled(_film);
    }

    public void Dispose()
    {
        _s3.Dispose();
        _folder.Dispose();
    }

    public async Task DisposeAsync()
    {
        _file.Dispose();
        await _s3.Store.DeleteAsync(Key, CancellationToken.None);
        await _proxy.DisposeAsync();
    }

    [ServerFact]
    public async Task A_long_film_comes_back_whole_and_is_never_overwritten()
    {
        Assert.Equal(PutOutcome.Stored, await PutAsync());
        Assert.Equal(5, _proxy.Requests.Count(request => request.Query.Contains("partNumber", StringComparison.Ordinal)));
        var head = await _s3.Bare.GetObjectMetadataAsync(bucket.Bucket.Name, Key.ToString());
        Assert.Equal(("video/mp4", "max-age=31536000, private, immutable", _file.Sha256), (head.Headers.ContentType, head.Headers.CacheControl, head.Metadata["sha256"]));
        await using (var found = await _s3.Store.GetAsync(Key, null, CancellationToken.None))
            Assert.Equal(_file.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(found!.Content)));

        // The second time not one part travels.
        Assert.Equal(PutOutcome.Same, await PutAsync());
        Assert.Equal(5, _proxy.Requests.Count(request => request.Query.Contains("partNumber", StringComparison.Ordinal)));
        using var other = await _folder.Spooled([1]);
        Assert.Equal(PutOutcome.Conflict, await _s3.Store.PutAsync(Key, other, CancellationToken.None));
    }

    [ServerFact]
    public async Task A_name_that_is_taken_while_the_parts_travel_is_not_overwritten()
    {
        using var other = await _folder.Spooled([1, 2, 3]);
        var held = _proxy.Inject(S3Fault.Stall(FaultPlace.AfterRequestHeaders), 1, request => request.Query.Contains("partNumber=5", StringComparison.Ordinal));
        var put = PutAsync();
        await TestKit.Wait.UntilAsync(() => Task.FromResult(held.Met == 1), "the last part");
        Assert.Equal(PutOutcome.Stored, await _s3.Store.PutAsync(Key, other, CancellationToken.None));
        _proxy.Release();
        Assert.Equal(PutOutcome.Conflict, await put);
        await using var found = await _s3.Store.GetAsync(Key, null, CancellationToken.None);
        Assert.Equal(3, found!.TotalLength);
        Assert.Empty(await UploadsAsync());
    }

    [ServerTheory]
    [InlineData("partNumber=3")]
    [InlineData("uploadId")]
    public async Task An_upload_that_fails_leaves_no_part_behind(string where)
    {
        _proxy.Inject(S3Fault.SlowDown(), 1, request => request.Query.Contains(where, StringComparison.Ordinal) && request.Method is "PUT" or "POST");
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(PutAsync);
        Assert.Empty(await UploadsAsync());
        Assert.Null(await _s3.Store.GetAsync(Key, null, CancellationToken.None));
    }

    [ServerFact]
    public async Task An_upload_that_is_canceled_leaves_no_part_behind()
    {
        using var canceled = new CancellationTokenSource();
        var held = _proxy.Inject(S3Fault.Stall(FaultPlace.MidRequestBody), 1, request => request.Query.Contains("partNumber=2", StringComparison.Ordinal));
        var put = _s3.Store.PutAsync(Key, _file, canceled.Token);
        await TestKit.Wait.UntilAsync(() => Task.FromResult(held.Met == 1), "the second part");
        await canceled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
        Assert.Empty(await UploadsAsync());
    }

    private Task<PutOutcome> PutAsync() => _s3.Store.PutAsync(Key, _file, CancellationToken.None);

    private async Task<IEnumerable<string>> UploadsAsync() =>
        ((await _s3.Bare.ListMultipartUploadsAsync(new Amazon.S3.Model.ListMultipartUploadsRequest { BucketName = bucket.Bucket.Name })).MultipartUploads ?? []).Select(upload => upload.UploadId);
}
