using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>Lists names page by page, in the order of S3, which is that of their bytes; and removes all that begin with one.</summary>
internal sealed class S3Listing(S3Connection s3)
{
    /// <summary>Pages of at most 1000, which is as many as one deletion takes.</summary>
    public async IAsyncEnumerable<List<S3Object>> PagesAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = s3.Bucket, Prefix = prefix };
        ListObjectsV2Response page;
        do
        {
            page = await s3.AskAsync(token => s3.Client.ListObjectsV2Async(request, token), $"the list of {prefix}", cancellationToken);
            if (page.S3Objects is { Count: > 0 } objects) yield return objects;
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    /// <summary>The names of the folders directly below a prefix, without it and without their slash.</summary>
    public async IAsyncEnumerable<string> FoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = s3.Bucket, Prefix = prefix, Delimiter = "/" };
        ListObjectsV2Response page;
        do
        {
            page = await s3.AskAsync(token => s3.Client.ListObjectsV2Async(request, token), "the list of users", cancellationToken);
            foreach (var folder in page.CommonPrefixes ?? []) yield return folder[prefix.Length..^1];
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    /// <summary>Removes all below a prefix; answers how many keys of the layout that were. Removing one that is gone is no error, so two deletions at once count the same twice.</summary>
    public async Task<int> DeleteAsync(string prefix, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var page in PagesAsync(prefix, cancellationToken))
        {
            var request = new DeleteObjectsRequest { BucketName = s3.Bucket, Quiet = true, Objects = [.. page.Select(found => new KeyVersion { Key = found.Key })] };
            await s3.AskAsync(token => s3.Client.DeleteObjectsAsync(request, token), prefix, cancellationToken);
            count += page.Count(found => s3.KeyOf(found.Key) is not null);
        }

        return count;
    }

    /// <summary>Removes an object that may be gone already.</summary>
    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) =>
        s3.AskAsync(token => s3.Client.DeleteObjectAsync(s3.Bucket, s3.NameOf(key), token), key.ToString(), cancellationToken);

    /// <summary>Asks for one name. Unlike HEAD, whose answers have no body, this tells a missing bucket from a forbidden one by its code.</summary>
    public Task ProbeAsync(CancellationToken cancellationToken) => s3.AskAsync(
        token => s3.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = s3.Bucket, Prefix = s3.Options.KeyPrefix, MaxKeys = 1 }, token), "a probe", cancellationToken);

    /// <summary>When an object was written.</summary>
    public static DateTimeOffset TimeOf(S3Object found) => found.LastModified is { } time ? new DateTimeOffset(time.ToUniversalTime(), TimeSpan.Zero) : default;
}
