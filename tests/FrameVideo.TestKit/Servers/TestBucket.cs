using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace FrameVideo.TestKit.Servers;

/// <summary>A bucket of a test's own, emptied and removed on disposal: the server keeps objects in memory.</summary>
public sealed class TestBucket : IAsyncDisposable
{
    private readonly AmazonS3Client _client;

    private TestBucket(Uri endpoint, string region)
    {
        (Endpoint, Region) = (endpoint, region);
        _client = NewClient();
        Settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Storage:Kind"] = "s3",
            ["Storage:Bucket"] = Name,
            ["Storage:Endpoint"] = endpoint.ToString().TrimEnd('/'),
            ["Storage:Region"] = region,
            ["Storage:ForcePathStyle"] = "true",
            ["Storage:Checksums"] = "when-required",
        };
    }

    public Uri Endpoint { get; }

    public string Name { get; } = $"test-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    public string Region { get; }

    public string AccessKey { get; } = S3Credentials.AccessKey;

    public string SecretKey { get; } = S3Credentials.SecretKey;

    /// <summary>A service's configuration for it; the credentials are in the environment already.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>A bare client of the SDK, which does not retry.</summary>
    /// <param name="through">A proxy in front of the server, or null.</param>
    public AmazonS3Client NewClient(Uri? through = null) => new(new BasicAWSCredentials(AccessKey, SecretKey), new AmazonS3Config
    {
        ServiceURL = (through ?? Endpoint).ToString(),
        AuthenticationRegion = Region,
        ForcePathStyle = true,
        MaxErrorRetry = 0,
        // Resets are repeated ten times unless this is said too.
        MaxStaleConnectionRetries = 0,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    public async ValueTask DisposeAsync()
    {
        try
        {
            await RemoveAsync();
        }
        catch (Exception e) when (e is HttpRequestException or AmazonServiceException { InnerException: HttpRequestException } or AmazonS3Exception { ErrorCode: "NoSuchBucket" })
        {
            // A test may have removed it, or stopped its server, which forgets everything.
        }

        _client.Dispose();
    }

    internal static async Task<TestBucket> CreateAsync(Uri endpoint, string region)
    {
        S3Credentials.Ensure();
        var bucket = new TestBucket(endpoint, region);
        await bucket._client.PutBucketAsync(bucket.Name);
        return bucket;
    }

    private async Task RemoveAsync()
    {
        foreach (var upload in (await _client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Name })).MultipartUploads ?? [])
        {
            await _client.AbortMultipartUploadAsync(Name, upload.Key, upload.UploadId);
        }

        while (await _client.ListVersionsAsync(Name) is { Versions: { Count: > 0 } versions })
        {
            await _client.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = Name, Objects = [.. versions.Select(version => new KeyVersion { Key = version.Key, VersionId = version.VersionId })] });
        }

        await _client.DeleteBucketAsync(Name);
    }
}
