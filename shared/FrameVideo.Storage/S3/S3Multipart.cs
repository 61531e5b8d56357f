using System.Collections.Concurrent;
using Amazon.S3;
using Amazon.S3.Model;
using FrameVideo.Contracts;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Storage;

/// <summary>Long objects in parts, which are read from the file as they travel. What was begun and not completed is aborted, so that no part stays behind.</summary>
internal sealed partial class S3Multipart(S3Connection s3, S3Reads reads, ILogger<S3ObjectStore> log)
{
    /// <summary>Files longer than this travel in parts, in bytes.</summary>
    public const long Threshold = 64L * 1024 * 1024;

    private const long PartLength = 16L * 1024 * 1024;
    private const int MaxParts = 10_000;
    private const int PartsAtATime = 4;

    /// <summary>Puts a file that overwrites nothing: a taken name is told as <see cref="AmazonS3Exception"/> with 412.</summary>
    public async Task<PutOutcome> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken)
    {
        // Nothing of a long film travels in vain.
        if (await reads.CompareAsync(s3.NameOf(key), file.Sha256, file.Length, cancellationToken) is { } early) return early;
        var begin = new InitiateMultipartUploadRequest
        {
            BucketName = s3.Bucket,
            Key = s3.NameOf(key),
            ContentType = key.ContentType,
            ServerSideEncryptionMethod = s3.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = s3.Options.KmsKeyId,
            ChecksumAlgorithm = s3.HasChecksums ? ChecksumAlgorithm.CRC32 : null,
        };
        begin.Headers.CacheControl = S3Headers.CacheControlOf(key);
        begin.Metadata[S3Headers.Sha256] = file.Sha256;
        var upload = (await s3.AskAsync(token => s3.Client.InitiateMultipartUploadAsync(begin, token), key.ToString(), cancellationToken)).UploadId;
        try
        {
            var parts = await PutPartsAsync(key, file, upload, cancellationToken);

            // Not every server takes the condition when an upload is completed (Ceph 16 passes over it): there this look is all that keeps an object that came meanwhile.
            if (await reads.CompareAsync(s3.NameOf(key), file.Sha256, file.Length, cancellationToken) is { } outcome)
            {
                await AbortAsync(key, upload);
                return outcome;
            }

            await CompleteAsync(key, upload, parts, cancellationToken);
            return PutOutcome.Stored;
        }
        catch
        {
            await AbortAsync(key, upload);
            throw;
        }
    }

    private async Task<IEnumerable<UploadPartResponse>> PutPartsAsync(ObjectKey key, SpooledFile file, string upload, CancellationToken cancellationToken)
    {
        var length = Math.Max(PartLength, (file.Length + MaxParts - 1) / MaxParts);
        var parts = new ConcurrentBag<UploadPartResponse>();
        var numbers = Enumerable.Range(1, (int)((file.Length + length - 1) / length));
        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = PartsAtATime, CancellationToken = cancellationToken }, async (number, one) =>
        {
            var offset = (number - 1) * length;
            var request = new UploadPartRequest
            {
                BucketName = s3.Bucket,
                Key = s3.NameOf(key),
                UploadId = upload,
                PartNumber = number,
                FilePath = file.Path,
                FilePosition = offset,
                PartSize = Math.Min(length, file.Length - offset),
                UseChunkEncoding = false,
                ChecksumAlgorithm = s3.HasChecksums ? ChecksumAlgorithm.CRC32 : null,
            };
            parts.Add(await s3.SendAsync(token => s3.Client.UploadPartAsync(request, token), $"part {number} of {key}", one));
        });
        return parts.OrderBy(part => part.PartNumber);
    }

    private async Task CompleteAsync(ObjectKey key, string upload, IEnumerable<UploadPartResponse> parts, CancellationToken cancellationToken)
    {
        var request = new CompleteMultipartUploadRequest { BucketName = s3.Bucket, Key = s3.NameOf(key), UploadId = upload, IfNoneMatch = "*" };
        request.AddPartETags(parts);

        // Putting parts together takes the server a while for a long film, so the upload's own time counts.
        await s3.SendAsync(token => s3.Client.CompleteMultipartUploadAsync(request, token), key.ToString(), cancellationToken);
    }

    private async Task AbortAsync(ObjectKey key, string upload)
    {
        try
        {
            // Not the caller's token: that may be why it ends.
            await s3.AskAsync(token => s3.Client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = s3.Bucket, Key = s3.NameOf(key), UploadId = upload }, token), key.ToString(), CancellationToken.None);
        }
        catch (Exception e) when (e is ObjectStoreException or AmazonS3Exception)
        {
            LeftBehind(key, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Parts of an upload of {Key} that failed are left in the bucket; a lifecycle rule for incomplete uploads removes them. {Reason}")]
    private partial void LeftBehind(ObjectKey key, string reason);
}
