using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>Puts the upload pipeline around the verbs that upload, and one quick second try around opening an object.</summary>
/// <remarks>
/// Listing, deleting and probing pass through. A deletion tells how much it found, which a hidden second try would get wrong, and whoever deletes comes again anyway;
/// a listing cannot be taken up in the middle; a probe is to tell the truth.
/// </remarks>
public sealed class ResilientObjectStore(IObjectStore inner, UploadPipeline uploads) : IObjectStore
{
    /// <inheritdoc/>
    public Task<PutOutcome> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);

        // WaitAsync: a disk that hangs does not see the token, and a put that comes through late puts the same bytes.
        return uploads.RunAsync(
            key,
            file.Length,
            token => inner.PutAsync(key, file, token).WaitAsync(token),
            static outcome => outcome switch { PutOutcome.Stored => "stored", PutOutcome.Same => "same", _ => "conflict" },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(ObjectKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => uploads.RunAsync(
        key,
        content.Length,
        async token =>
        {
            // No WaitAsync: what comes through late would undo a later record.
            await inner.ReplaceAsync(key, content, token);
            return true;
        },
        static _ => "replaced",
        cancellationToken);

    /// <inheritdoc/>
    public async Task<StoredObject?> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.GetAsync(key, range, cancellationToken);
        }
        catch (ObjectStoreUnavailableException)
        {
            return await inner.GetAsync(key, range, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectEntry> ListAsync(ObjectPrefix prefix, CancellationToken cancellationToken) => inner.ListAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<UserId> ListUsersAsync(CancellationToken cancellationToken) => inner.ListUsersAsync(cancellationToken);

    /// <inheritdoc/>
    public ObjectKey? KeyOf(string url) => inner.KeyOf(url);

    /// <inheritdoc/>
    public Link Link(ObjectKey key) => inner.Link(key);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => inner.DeleteAsync(key, cancellationToken);

    /// <inheritdoc/>
    public Task<int> DeleteAsync(ObjectPrefix prefix, CancellationToken cancellationToken) => inner.DeleteAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => inner.ProbeAsync(cancellationToken);
}
