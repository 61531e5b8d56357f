using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>Puts that overwrite nothing, and the two records that are rewritten.</summary>
/// <remarks>
/// <c>If-None-Match: *</c> lets the server decide who was first. 412 means that the name is taken: the metadata of what lies there tells whether by the same bytes.
/// 409 means that another put of this name was under way: the next try finds out how that ended.
/// </remarks>
internal sealed class S3Uploads(S3Connection s3, S3Reads reads, S3Multipart multipart)
{
    private const int MaxRaces = 5;

    /// <summary>Puts a spooled file, in parts where it is long.</summary>
    public async Task<PutOutcome> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken)
    {
        // Opened out here: a spooled file that is gone is the caller's fault and no outage.
        await using var content = file.OpenRead();
        if (content.Length != file.Length) throw new InvalidDataException("The spooled file is no longer what was hashed.");
        for (var race = 0; ; race++)
        {
            try
            {
                if (file.Length > S3Multipart.Threshold) return await multipart.PutAsync(key, file, cancellationToken);
                content.Position = 0;
                await PutAsync(key, content, file, cancellationToken);
                return PutOutcome.Stored;
            }
            catch (AmazonS3Exception answer) when (S3Errors.IsTaken(answer))
            {
                // Null: whoever had the name has been deleted since, so it is free again.
                if (await reads.CompareAsync(s3.NameOf(key), file.Sha256, file.Length, cancellationToken) is { } outcome) return outcome;
                if (race >= MaxRaces) throw new ObjectStoreUnavailableException($"{key} is taken and not there, again and again.", answer);
            }
            catch (AmazonS3Exception answer) when (S3Errors.IsRace(answer))
            {
                if (race >= MaxRaces) throw new ObjectStoreUnavailableException($"Others put {key} again and again.", answer);
            }
        }
    }

    /// <summary>Writes a record, whatever was there.</summary>
    public async Task ReplaceAsync(ObjectKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        var request = RequestFor(key, stream, Convert.ToHexStringLower(SHA256.HashData(content.Span)), content.Length);
        await s3.SendAsync(token => s3.Client.PutObjectAsync(request, token), key.ToString(), cancellationToken);
    }

    private Task PutAsync(ObjectKey key, FileStream content, SpooledFile file, CancellationToken cancellationToken)
    {
        var request = RequestFor(key, content, file.Sha256, file.Length);
        request.IfNoneMatch = "*";
        return s3.SendAsync(token => s3.Client.PutObjectAsync(request, token), key.ToString(), cancellationToken);
    }

    private PutObjectRequest RequestFor(ObjectKey key, Stream content, string sha256, long length)
    {
        var request = new PutObjectRequest
        {
            BucketName = s3.Bucket,
            Key = s3.NameOf(key),
            InputStream = content,
            AutoCloseStream = false,
            ContentType = key.ContentType,
            ServerSideEncryptionMethod = s3.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = s3.Options.KmsKeyId,

            // One body of known length: a chunked one is what other servers store with its framing.
            UseChunkEncoding = false,

            // The signature covers the checksum, which the spool has made already, and TLS the rest: so nobody reads the file just to hash it again.
            DisablePayloadSigning = s3.HasChecksums && s3.IsEncrypted,
        };
        request.Headers.CacheControl = S3Headers.CacheControlOf(key);
        request.Headers.ContentLength = length;
        request.Metadata[S3Headers.Sha256] = sha256;
        if (s3.HasChecksums) request.ChecksumSHA256 = S3Headers.Base64Of(sha256);
        return request;
    }
}
