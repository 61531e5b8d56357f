using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using FrameVideo.Contracts;
using Microsoft.Extensions.Options;

namespace FrameVideo.Storage;

/// <summary>A bucket with the client that speaks to it: every request to the server goes through <see cref="AskAsync"/> or <see cref="SendAsync"/>.</summary>
internal sealed class S3Connection : IDisposable
{
    // Each read of a file is a turn on the thread pool; sixteen uploads at a time hold four megabytes of these.
    private const int SendBuffer = 256 * 1024;
    private readonly S3HttpClients _http;
    private readonly TimeProvider _clock;

    /// <summary>Makes the client; nothing is asked yet.</summary>
    /// <param name="options">The bucket's.</param>
    /// <param name="clock">Time-outs are this clock's.</param>
    /// <param name="credentials">For tests; else the SDK finds them by its own chain.</param>
    public S3Connection(IOptions<S3ObjectStoreOptions> options, TimeProvider clock, AWSCredentials? credentials = null)
    {
        (Options, _clock) = (options.Value, clock);
        _http = new S3HttpClients(Options.MaxConnections);
        Credentials = credentials;
        Client = ClientFor(Options.Endpoint);
    }

    public S3ObjectStoreOptions Options { get; }

    public AmazonS3Client Client { get; }

    public string Bucket => Options.Bucket;

    /// <summary>The server, for people.</summary>
    public string Place => Options.Endpoint ?? $"AWS {Options.Region}";

    public AWSCredentials? Credentials { get; }

    public bool HasChecksums => Options.Checksums == "when-supported";

    /// <summary>Whether the way to the server is.</summary>
    public bool IsEncrypted => Options.Endpoint?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) != true;

    public ServerSideEncryptionMethod? Encryption => Options.Encryption switch
    {
        "AES256" => ServerSideEncryptionMethod.AES256,
        "aws:kms" => ServerSideEncryptionMethod.AWSKMS,
        _ => null,
    };

    /// <summary>The name of a key, or of a prefix, in the bucket.</summary>
    public string NameOf(object key) => Options.KeyPrefix + key;

    /// <summary>The key that a name in the bucket is; null where it is none.</summary>
    public ObjectKey? KeyOf(string name) =>
        name.StartsWith(Options.KeyPrefix, StringComparison.Ordinal) && ObjectKey.TryParse(name.AsSpan(Options.KeyPrefix.Length), null, out var key) ? key : null;

    /// <summary>A client for an endpoint; null for AWS.</summary>
    public AmazonS3Client ClientFor(string? endpoint)
    {
        var config = new AmazonS3Config
        {
            // Polly is the only retrier.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            ThrottleRetries = false,
            Timeout = Timeout.InfiniteTimeSpan,
            HttpClientFactory = _http,
            BufferSize = SendBuffer,
            ForcePathStyle = Options.ForcePathStyle,
            RequestChecksumCalculation = HasChecksums ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = HasChecksums ? ResponseChecksumValidation.WHEN_SUPPORTED : ResponseChecksumValidation.WHEN_REQUIRED,

            // An AWS_ENDPOINT_URL in the environment would lead to a bucket that no setting names.
            IgnoreConfiguredEndpointUrls = true,
        };
        if (endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Options.Region);
        }
        else
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = Options.Region ?? "us-east-1";
        }

        return Credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(Credentials, config);
    }

    /// <summary>Asks for something small, within <see cref="S3ObjectStoreOptions.ReadTimeout"/>; every failure comes in the store's words.</summary>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> request, string what, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Options.ReadTimeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await request(either.Token);
        }
        catch (Exception e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectStoreUnavailableException($"The object store at {Place} has not answered for {what} within {Options.ReadTimeout.TotalSeconds} s.", e);
        }
        catch (Exception e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (S3Errors.Tell(e, this, what) is not { } told) throw;
            throw told;
        }
    }

    /// <summary>Sends something of any size, as long as the caller's token lets it; every failure comes in the store's words.</summary>
    public async Task<T> SendAsync<T>(Func<CancellationToken, Task<T>> request, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await request(cancellationToken);
        }
        catch (Exception e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (S3Errors.Tell(e, this, what) is not { } told) throw;
            throw told;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _http.Dispose();
    }
}
