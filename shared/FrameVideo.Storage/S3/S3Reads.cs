using System.Globalization;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace FrameVideo.Storage;

/// <summary>Opens objects, by their names in the bucket.</summary>
internal sealed class S3Reads(S3Connection s3, TimeProvider clock)
{
    /// <summary>Opens an object, whole or a part of it; null where there is none.</summary>
    /// <exception cref="RangeNotSatisfiableException">The range begins past the end.</exception>
    public async Task<StoredObject?> OpenAsync(string name, ByteRange? range, CancellationToken cancellationToken)
    {
        var part = range ?? default;
        part.Check();
        var request = new GetObjectRequest { BucketName = s3.Bucket, Key = name };

        // The last 0 bytes are no range that a header can ask for; the first one tells how long the object is.
        var isNothing = part is { From: null, To: 0 };
        if (part != default) request.ByteRange = new Amazon.S3.Model.ByteRange(isNothing ? "bytes=0-0" : Text(part));
        try
        {
            var answer = await s3.AskAsync(token => s3.Client.GetObjectAsync(request, token), name, cancellationToken);
            if (!isNothing) return Opened(answer, name);
            answer.Dispose();
            throw new RangeNotSatisfiableException(Place(answer).Total);
        }
        catch (AmazonS3Exception answer) when (S3Errors.IsMissing(answer))
        {
            return null;
        }
        catch (AmazonS3Exception answer) when (S3Errors.IsPastTheEnd(answer))
        {
            return await RefuseAsync(name, cancellationToken);
        }
    }

    /// <summary>What is known of an object; null where there is none.</summary>
    public async Task<GetObjectMetadataResponse?> HeadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await s3.AskAsync(token => s3.Client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = s3.Bucket, Key = name }, token), name, cancellationToken);
        }
        catch (AmazonS3Exception answer) when (S3Errors.IsMissing(answer))
        {
            return null;
        }
    }

    /// <summary>The SHA-256 of an object's bytes, read whole; null where there is none.</summary>
    public async Task<string?> HashAsync(string name, CancellationToken cancellationToken)
    {
        await using var found = await OpenAsync(name, null, cancellationToken);
        return found is null ? null : Convert.ToHexStringLower(await SHA256.HashDataAsync(found.Content, cancellationToken));
    }

    /// <summary>What lies under a name, compared with what was to be put there; null where nothing does.</summary>
    public async Task<PutOutcome?> CompareAsync(string name, string sha256, long length, CancellationToken cancellationToken)
    {
        if (await HeadAsync(name, cancellationToken) is not { } there) return null;
        if (there.ContentLength != length) return PutOutcome.Conflict;

        // Without our metadata, such as after a copy by other means, the bytes themselves have to tell.
        var hash = there.Metadata[S3Headers.Sha256] is { Length: 64 } known ? known : await HashAsync(name, cancellationToken);
        return hash is null ? null : hash == sha256 ? PutOutcome.Same : PutOutcome.Conflict;
    }

    private StoredObject Opened(GetObjectResponse answer, string name)
    {
        var (offset, total) = Place(answer);
        var sha256 = answer.ContentLength == total && answer.Metadata[S3Headers.Sha256] is { Length: 64 } known ? known : null;
        var modified = answer.LastModified is { } time ? new DateTimeOffset(time.ToUniversalTime(), TimeSpan.Zero) : default;
        return new StoredObject(new S3Body(answer, name, sha256, s3, clock), offset, answer.ContentLength, total, modified);
    }

    private async Task<StoredObject?> RefuseAsync(string name, CancellationToken cancellationToken) =>
        await HeadAsync(name, cancellationToken) is { } there ? throw new RangeNotSatisfiableException(there.ContentLength) : null;

    /// <summary>Where the content begins, and how long the object is: <c>bytes 3-5/10</c>, or all of it.</summary>
    private static (long Offset, long Total) Place(GetObjectResponse answer)
    {
        if (answer.ContentRange is not { Length: > 0 } range) return (0, answer.ContentLength);
        var text = range.AsSpan(range.IndexOf(' ', StringComparison.Ordinal) + 1);
        var (dash, slash) = (text.IndexOf('-'), text.IndexOf('/'));
        return (long.Parse(text[..dash], CultureInfo.InvariantCulture), long.Parse(text[(slash + 1)..], CultureInfo.InvariantCulture));
    }

    private static string Text(ByteRange range) => range switch
    {
        { From: { } from, To: { } to } => string.Create(CultureInfo.InvariantCulture, $"bytes={from}-{to}"),
        { From: { } from } => string.Create(CultureInfo.InvariantCulture, $"bytes={from}-"),
        _ => string.Create(CultureInfo.InvariantCulture, $"bytes=-{range.To}"),
    };
}
