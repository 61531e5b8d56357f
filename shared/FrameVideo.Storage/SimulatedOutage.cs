using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>
/// Storage that refuses is simulated here, and only where <c>Storage:Simulate:OutageFile</c> names a file: while that file exists, every verb that asks the store
/// throws <see cref="ObjectStoreUnavailableException"/>. For tests, and for <c>deploy/run prove</c>, which cuts storage in the middle of work.
/// </summary>
/// <remarks>Links are still given, as a store's signer gives them: making one asks nobody.</remarks>
public sealed class SimulatedOutage(IObjectStore inner, string outageFile) : IObjectStore
{
    /// <inheritdoc/>
    public async Task<PutOutcome> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken)
    {
        ThrowDuringOutage();
        return await inner.PutAsync(key, file, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ReplaceAsync(ObjectKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ThrowDuringOutage();
        await inner.ReplaceAsync(key, content, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<StoredObject?> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        ThrowDuringOutage();
        return await inner.GetAsync(key, range, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectEntry> ListAsync(ObjectPrefix prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowDuringOutage();
        await foreach (var entry in inner.ListAsync(prefix, cancellationToken))
        {
            ThrowDuringOutage();
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<UserId> ListUsersAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ThrowDuringOutage();
        await foreach (var user in inner.ListUsersAsync(cancellationToken)) yield return user;
    }

    /// <inheritdoc/>
    public ObjectKey? KeyOf(string url) => inner.KeyOf(url);

    /// <inheritdoc/>
    public Link Link(ObjectKey key) => inner.Link(key);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        ThrowDuringOutage();
        return await inner.DeleteAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> DeleteAsync(ObjectPrefix prefix, CancellationToken cancellationToken)
    {
        ThrowDuringOutage();
        return await inner.DeleteAsync(prefix, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        ThrowDuringOutage();
        await inner.ProbeAsync(cancellationToken);
    }

    private void ThrowDuringOutage()
    {
        if (File.Exists(outageFile)) throw new ObjectStoreUnavailableException("An outage of the object store is simulated.");
    }
}
