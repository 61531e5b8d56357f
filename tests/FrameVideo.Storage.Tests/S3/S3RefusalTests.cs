using Amazon.Runtime;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using static FrameVideo.Storage.Tests.TemporaryFolder;

namespace FrameVideo.Storage.Tests;

/// <summary>Outage, missing and forbidden are three answers, of every verb.</summary>
[Needs(TestServers.S3)]
public sealed class S3RefusalTests(S3Bucket bucket) : IClassFixture<S3Bucket>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Verbs => new("put", "replace", "get", "part", "list", "users", "delete", "deletePrefix", "probe", "former", "formerList");

    public void Dispose() => _folder.Dispose();

    [ServerTheory]
    [MemberData(nameof(Verbs))]
    public async Task A_missing_bucket_is_told_by_name(string verb)
    {
        using var s3 = new S3TestStore(bucket.Bucket, options => options.Bucket = "no-such-bucket");
        var told = await Assert.ThrowsAsync<BucketNotFoundException>(() => Do(s3, verb));
        Assert.Contains("\"no-such-bucket\"", told.Message, StringComparison.Ordinal);
        Assert.Contains(bucket.Bucket.Endpoint.ToString().TrimEnd('/'), told.Message, StringComparison.Ordinal);
    }

    [ServerTheory]
    [MemberData(nameof(Verbs))]
    public async Task A_wrong_secret_is_forbidden(string verb)
    {
        using var s3 = new S3TestStore(bucket.Bucket, credentials: new BasicAWSCredentials(bucket.Bucket.AccessKey, "wrong"));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => Do(s3, verb));
    }

    [ServerTheory]
    [MemberData(nameof(Verbs))]
    public async Task An_unknown_key_is_forbidden(string verb)
    {
        using var s3 = new S3TestStore(bucket.Bucket, credentials: new BasicAWSCredentials("nobody", "secret"));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => Do(s3, verb));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_server_that_is_not_there_is_an_outage(string verb)
    {
        using var s3 = new S3TestStore(new S3ObjectStoreOptions { Bucket = "films", Endpoint = $"http://127.0.0.1:{Ports.Free()}", ForcePathStyle = true }, null, new BasicAWSCredentials("a", "b"));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => Do(s3, verb));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_name_that_leads_nowhere_is_an_outage(string verb)
    {
        using var s3 = new S3TestStore(new S3ObjectStoreOptions { Bucket = "films", Endpoint = "http://no-such-host.invalid", ForcePathStyle = true }, null, new BasicAWSCredentials("a", "b"));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => Do(s3, verb));
    }

    [ServerFact]
    public async Task Bytes_that_were_changed_behind_the_stores_back_are_noticed_when_they_are_read()
    {
        using var s3 = new S3TestStore(bucket.Bucket);
        using var file = await _folder.Spooled([1, 2, 3]);
        await s3.Store.PutAsync(FrameKey(), file, CancellationToken.None);
        await s3.Bare.PutObjectAsync(new()
        {
            BucketName = bucket.Bucket.Name,
            Key = FrameKey().ToString(),
            InputStream = new MemoryStream([1, 2, 4]),
            UseChunkEncoding = false,
            Metadata = { ["sha256"] = Sha256([1, 2, 3]) },
        });
        await using var whole = await s3.Store.GetAsync(FrameKey(), null, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidDataException>(() => whole!.Content.CopyToAsync(Stream.Null));

        // A part has no hash of its own.
        await using var part = await s3.Store.GetAsync(FrameKey(), new ByteRange(0, 1), CancellationToken.None);
        await part!.Content.CopyToAsync(Stream.Null);
    }

    [ServerTheory]
    [InlineData(new byte[] { 1, 2, 3 }, PutOutcome.Same)]
    [InlineData(new byte[] { 1, 2, 4 }, PutOutcome.Conflict)]
    [InlineData(new byte[] { 1, 2 }, PutOutcome.Conflict)]
    public async Task An_object_that_came_by_other_means_is_compared_by_its_bytes(byte[] there, PutOutcome outcome)
    {
        using var s3 = new S3TestStore(bucket.Bucket);
        var key = FrameKey(number: 20 + there.Length + there[^1]);
        await s3.Bare.PutObjectAsync(new() { BucketName = bucket.Bucket.Name, Key = key.ToString(), InputStream = new MemoryStream(there), UseChunkEncoding = false });
        using var file = await _folder.Spooled([1, 2, 3]);
        Assert.Equal(outcome, await s3.Store.PutAsync(key, file, CancellationToken.None));
    }

    [ServerFact]
    public async Task What_is_kept_beside_the_bytes()
    {
        using var s3 = new S3TestStore(bucket.Bucket);
        using var file = await _folder.Spooled([9]);
        await s3.Store.PutAsync(FrameKey(number: 9), file, CancellationToken.None);
        await s3.Store.ReplaceAsync(ManifestKey(), new byte[2], CancellationToken.None);
        var frame = await s3.Bare.GetObjectMetadataAsync(bucket.Bucket.Name, FrameKey(number: 9).ToString());
        var manifest = await s3.Bare.GetObjectMetadataAsync(bucket.Bucket.Name, ManifestKey().ToString());
        Assert.Equal(("image/png", "max-age=31536000, private, immutable", Sha256([9])), (frame.Headers.ContentType, frame.Headers.CacheControl, frame.Metadata["sha256"]));
        Assert.Equal(("application/json", "no-cache", Sha256(new byte[2])), (manifest.Headers.ContentType, manifest.Headers.CacheControl, manifest.Metadata["sha256"]));
    }

    [ServerFact]
    public async Task A_spooled_file_that_was_cut_is_not_put()
    {
        using var s3 = new S3TestStore(bucket.Bucket);
        using var file = await _folder.Spooled([1, 2, 3]);
        await File.WriteAllBytesAsync(file.Path, [1, 2]);
        await Assert.ThrowsAsync<InvalidDataException>(() => s3.Store.PutAsync(FrameKey(number: 10), file, CancellationToken.None));
        Assert.Null(await s3.Store.GetAsync(FrameKey(number: 10), null, CancellationToken.None));
    }

    private async Task Do(S3TestStore s3, string verb)
    {
        using var file = await _folder.Spooled([1]);
        var prefix = ObjectKeys.UserPrefix(FrameKey().UserId);
        var store = s3.Store;
        await (verb switch
        {
            "put" => store.PutAsync(FrameKey(), file, CancellationToken.None),
            "replace" => store.ReplaceAsync(ManifestKey(), new byte[1], CancellationToken.None),
            "get" => store.GetAsync(FrameKey(), null, CancellationToken.None),
            "part" => store.GetAsync(FrameKey(), new ByteRange(null, 0), CancellationToken.None),
            "list" => store.ListAsync(prefix, CancellationToken.None).ToListAsync().AsTask(),
            "users" => store.ListUsersAsync(CancellationToken.None).ToListAsync().AsTask(),
            "delete" => store.DeleteAsync(FrameKey(), CancellationToken.None),
            "deletePrefix" => store.DeleteAsync(prefix, CancellationToken.None),
            "probe" => store.ProbeAsync(CancellationToken.None),
            "former" => s3.Former.ReadAsync("x", CancellationToken.None),
            _ => s3.Former.ListAsync("", CancellationToken.None).ToListAsync().AsTask(),
        });
    }
}
