using Amazon.Runtime;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage.Tests;

/// <summary>A bucket for all tests of one class.</summary>
public sealed class S3Bucket : IAsyncLifetime
{
    public TestBucket Bucket { get; private set; } = null!;

    public async Task InitializeAsync() => Bucket = await S3Server.NewBucketAsync();

    public async Task DisposeAsync() => await Bucket.DisposeAsync();
}

/// <summary>A store on a test's bucket, its parts, and a bare client that goes behind its back.</summary>
internal sealed class S3TestStore : IDisposable
{
    public S3TestStore(TestBucket bucket, Action<S3ObjectStoreOptions>? change = null, TimeProvider? clock = null, AWSCredentials? credentials = null)
        : this(OptionsFor(bucket, change), clock, credentials ?? new BasicAWSCredentials(bucket.AccessKey, bucket.SecretKey))
    {
    }

    public S3TestStore(S3ObjectStoreOptions options, TimeProvider? clock, AWSCredentials credentials)
    {
        clock ??= TimeProvider.System;
        Connection = new S3Connection(Options.Create(options), clock, credentials);
        Store = new S3ObjectStore(Connection, clock, NullLogger<S3ObjectStore>.Instance);
        Former = new S3FormerObjects(Connection, clock);
    }

    public S3Connection Connection { get; }

    public S3ObjectStore Store { get; }

    public S3FormerObjects Former { get; }

    public Amazon.S3.AmazonS3Client Bare => Connection.Client;

    public static S3ObjectStoreOptions OptionsFor(TestBucket bucket, Action<S3ObjectStoreOptions>? change = null)
    {
        var options = new S3ObjectStoreOptions
        {
            Bucket = bucket.Name,
            Endpoint = bucket.Endpoint.ToString().TrimEnd('/'),
            Region = bucket.Region,
            ForcePathStyle = true,
            Checksums = "when-required",
        };
        change?.Invoke(options);
        return options;
    }

    public void Dispose()
    {
        Store.Dispose();
        Connection.Dispose();
    }
}
