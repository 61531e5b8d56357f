using FrameVideo.TestKit.Servers;

namespace FrameVideo.Storage.Tests;

[Needs(TestServers.S3)]
public class S3ObjectStoreTests : ObjectStoreContract, IClassFixture<S3Bucket>
{
    private readonly S3TestStore _s3;

    public S3ObjectStoreTests(S3Bucket bucket)
        : this(bucket, "")
    {
    }

    protected S3ObjectStoreTests(S3Bucket bucket, string keyPrefix)
    {
        ArgumentNullException.ThrowIfNull(bucket);
        _s3 = new S3TestStore(bucket.Bucket, options => options.KeyPrefix = keyPrefix);
    }

    protected override IObjectStore Store => _s3.Store;

    protected override IFormerObjects Former => _s3.Former;

    protected override bool DeletionsShareOut => false;

    public override void Dispose()
    {
        base.Dispose();
        _s3.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override Task WriteFormer(string name, byte[] bytes) =>
        _s3.Bare.PutObjectAsync(new() { BucketName = _s3.Connection.Bucket, Key = _s3.Connection.NameOf(name), InputStream = new MemoryStream(bytes), UseChunkEncoding = false });
}

/// <summary>The same below a prefix, in a bucket that is shared with others.</summary>
[Needs(TestServers.S3)]
public sealed class S3ObjectStoreBelowAPrefixTests(S3Bucket bucket) : S3ObjectStoreTests(bucket, "frame-video/a.b/");
