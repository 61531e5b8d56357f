using System.Runtime.CompilerServices;
using FrameVideo.Contracts;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Storage;

/// <summary>Keeps objects in a bucket of S3, or of a server that speaks S3.</summary>
/// <remarks>Nothing is tried again in here but what another put of the same name has crossed: attempts, pauses and the breaker are <see cref="StorePipeline"/>'s.</remarks>
internal sealed class S3ObjectStore : IObjectStore, IDisposable
{
    private readonly S3Connection _s3;
    private readonly S3Reads _reads;
    private readonly S3Uploads _uploads;
    private readonly S3Listing _listing;
    private readonly S3Links _links;
    private readonly IReadOnlyList<KeyRoot> _addresses;

    public S3ObjectStore(S3Connection s3, TimeProvider clock, ILogger<S3ObjectStore> log)
    {
        _s3 = s3;
        _reads = new S3Reads(s3, clock);
        _uploads = new S3Uploads(s3, _reads, new S3Multipart(s3, log));
        _listing = new S3Listing(s3);
        _links = new S3Links(s3, clock);
        _addresses = S3Addresses.Of(s3.Options);
    }

    /// <inheritdoc/>
    public Task<PutOutcome> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken)
    {
        Named(key.IsEmpty);
        ArgumentNullException.ThrowIfNull(file);
        return _uploads.PutAsync(key, file, cancellationToken);
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(ObjectKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Named(key.IsEmpty);
        return key.IsRewritten ? _uploads.ReplaceAsync(key, content, cancellationToken) : throw new ArgumentException($"{key} is never rewritten.", nameof(key));
    }

    /// <inheritdoc/>
    public Task<StoredObject?> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        Named(key.IsEmpty);
        return _reads.OpenAsync(_s3.NameOf(key), range, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectEntry> ListAsync(ObjectPrefix prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Named(prefix.IsEmpty);
        await foreach (var page in _listing.PagesAsync(_s3.NameOf(prefix), cancellationToken))
        {
            foreach (var found in page)
            {
                if (_s3.KeyOf(found.Key) is { } key) yield return new ObjectEntry(key, found.Size ?? 0, S3Listing.TimeOf(found));
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UserId> ListUsersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var folder in _listing.FoldersAsync(_s3.Options.KeyPrefix, cancellationToken))
        {
            if (UserId.TryParse(folder, out var user)) yield return user;
        }
    }

    /// <inheritdoc/>
    public Link Link(ObjectKey key)
    {
        Named(key.IsEmpty);
        return _links.For(key);
    }

    /// <inheritdoc/>
    public ObjectKey? KeyOf(string url) => KeyRoot.FindKey(url, _addresses);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Named(key.IsEmpty);
        var isThere = await _reads.HeadAsync(_s3.NameOf(key), cancellationToken) is not null;

        // Also where it is not there: the answer to HEAD has no body, so a missing bucket looks like a missing object until it is asked otherwise.
        await _listing.DeleteAsync(key, cancellationToken);
        return isThere;
    }

    /// <inheritdoc/>
    public Task<int> DeleteAsync(ObjectPrefix prefix, CancellationToken cancellationToken)
    {
        Named(prefix.IsEmpty);
        return _listing.DeleteAsync(_s3.NameOf(prefix), cancellationToken);
    }

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => _listing.ProbeAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _links.Dispose();

    private static void Named(bool isEmpty)
    {
        if (isEmpty) throw new ArgumentException("The default value names no object.");
    }
}
