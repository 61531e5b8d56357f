using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>The objects of a bucket under their own names, below the key prefix.</summary>
internal sealed class S3FormerObjects(S3Connection s3, TimeProvider clock) : IFormerObjects
{
    private readonly S3Listing _listing = new(s3);
    private readonly S3Reads _reads = new(s3, clock);

    /// <inheritdoc/>
    public async IAsyncEnumerable<FormerObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in _listing.PagesAsync(s3.NameOf(prefix), cancellationToken))
        {
            // The folders that consoles make are empty objects with a slash at the end.
            foreach (var found in page.Where(found => !found.Key.EndsWith('/')))
                yield return new FormerObject(found.Key[s3.Options.KeyPrefix.Length..], found.Size ?? 0, S3Listing.TimeOf(found));
        }
    }

    /// <inheritdoc/>
    public Task<StoredObject?> ReadAsync(string name, CancellationToken cancellationToken) => _reads.OpenAsync(s3.NameOf(name), null, cancellationToken);

    /// <inheritdoc/>
    public async Task<PutOutcome> CopyAsync(FormerObject from, ObjectKey key, string sha256, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (key.IsEmpty || key.IsRewritten) throw new ArgumentException($"{key} is no name for a copy.", nameof(key));
        var source = await _reads.HeadAsync(s3.NameOf(from.Name), cancellationToken) ?? throw new FileNotFoundException($"{from.Name} is not there any more.", from.Name);
        if (source.ContentLength != from.Length) throw new InvalidDataException($"{from.Name} has another length than when it was listed.");

        // Asked first, since not every server takes the condition on a copy.
        if (await _reads.CompareAsync(s3.NameOf(key), sha256, from.Length, cancellationToken) is { } early) return early;
        var request = new CopyObjectRequest
        {
            SourceBucket = s3.Bucket,
            SourceKey = s3.NameOf(from.Name),
            DestinationBucket = s3.Bucket,
            DestinationKey = s3.NameOf(key),
            ETagToMatch = source.ETag,
            IfNoneMatch = "*",
            MetadataDirective = S3MetadataDirective.REPLACE,
            ContentType = key.ContentType,
            ServerSideEncryptionMethod = s3.Encryption,
            ServerSideEncryptionKeyManagementServiceKeyId = s3.Options.KmsKeyId,
        };
        request.CacheControl = S3Headers.CacheControlOf(key);
        request.Metadata[S3Headers.Sha256] = sha256;
        try
        {
            await s3.SendAsync(token => s3.Client.CopyObjectAsync(request, token), from.Name, cancellationToken);
            return PutOutcome.Stored;
        }
        catch (AmazonS3Exception answer) when (S3Errors.IsTaken(answer))
        {
            // Either condition: the name was taken meanwhile, or the former object was written again.
            return await _reads.CompareAsync(s3.NameOf(key), sha256, from.Length, cancellationToken)
                ?? throw new InvalidDataException($"{from.Name} was written again since it was listed.", answer);
        }
    }
}
