using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using Amazon.S3.Model;
using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>Presigned links, the same one for a key until half of its life is over, so that browsers cache. Another process gives other links; each works.</summary>
internal sealed class S3Links : IDisposable
{
    private readonly S3Connection _s3;
    private readonly TimeProvider _clock;
    private readonly AmazonS3Client _client;
    private readonly Protocol _protocol;
    private readonly KeptLinks _kept = new();

    public S3Links(S3Connection s3, TimeProvider clock)
    {
        (_s3, _clock) = (s3, clock);
        var endpoint = s3.Options.PublicEndpoint ?? s3.Options.Endpoint;
        _client = s3.ClientFor(endpoint);
        _protocol = endpoint?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS;
    }

    /// <summary>A link for reading.</summary>
    public Link For(ObjectKey key)
    {
        var now = _clock.GetUtcNow();
        if (_kept.TryGet(key, now.UtcTicks, out var kept)) return kept;
        var link = Sign(key, now);
        var half = (link.ExpiresAt - now) / 2;
        if (half > TimeSpan.Zero) _kept.Keep(key, link, now.UtcTicks, (now + half).UtcTicks);
        return link;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Link Sign(ObjectKey key, DateTimeOffset now)
    {
        try
        {
            var expires = now + LinkLife.Of(key, _s3.Options.LinkLifetime);
            if (EndOfCredentials() is { } end && end > now && end < expires) expires = end;
            expires = expires.AddTicks(-(expires.Ticks % TimeSpan.TicksPerSecond));
            var request = new GetPreSignedUrlRequest { BucketName = _s3.Bucket, Key = _s3.NameOf(key), Verb = HttpVerb.GET, Protocol = _protocol, Expires = expires.UtcDateTime };

            // Whoever put the object, a browser takes it for what its name says.
            request.ResponseHeaderOverrides.ContentType = key.ContentType;
            request.ResponseHeaderOverrides.ContentDisposition = $"inline; filename=\"{key.DownloadName}\"";
            return new Link(_client.GetPreSignedURL(request), expires);
        }
        catch (AmazonClientException e)
        {
            throw new ObjectStoreForbiddenException($"No link can be signed: {e.Message}", e);
        }
    }

    /// <summary>When temporary credentials end, as far as the SDK says.</summary>
    private DateTimeOffset? EndOfCredentials()
    {
        var credentials = _s3.Credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials(_client.Config);

        // Asked for, they are renewed where they are about to end.
        return credentials.GetCredentials().UseToken && credentials.Expiration is { } end ? new DateTimeOffset(end.ToUniversalTime(), TimeSpan.Zero) : null;
    }
}
