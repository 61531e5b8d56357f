using System.Runtime.CompilerServices;
using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>Puts the pipelines around a store: uploads are tried again with patience, opening an object and beginning a listing once and quickly.</summary>
/// <remarks>
/// Deleting is not tried again: it tells how much it found, which a hidden second try would get wrong, and whoever deletes comes again anyway. A listing cannot be taken up
/// in the middle. A probe is to tell the truth.
/// </remarks>
public sealed class ResilientObjectStore(IObjectStore inner, StorePipeline pipeline) : IObjectStore
{
    /// <inheritdoc/>
    public Task<PutOutcome> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);

        // WaitAsync: a disk that hangs does not see the token, and a put that comes through late puts the same bytes.
        return pipeline.UploadAsync(
            "put",
            key,
            file.Length,
            token => inner.PutAsync(key, file, token).WaitAsync(token),
            static outcome => outcome switch { PutOutcome.Stored => "stored", PutOutcome.Same => "same", _ => "conflict" },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(ObjectKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => pipeline.UploadAsync(
        "replace",
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
    public Task<StoredObject?> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken) =>
        pipeline.ReadAsync("get", key, token => inner.GetAsync(key, range, token), static found => found is null ? "missing" : "found", cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectEntry> ListAsync(ObjectPrefix prefix, CancellationToken cancellationToken) =>
        ListAsync(prefix, token => inner.ListAsync(prefix, token), cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<UserId> ListUsersAsync(CancellationToken cancellationToken) => ListAsync("users", inner.ListUsersAsync, cancellationToken);

    /// <inheritdoc/>
    public ObjectKey? KeyOf(string url) => inner.KeyOf(url);

    /// <inheritdoc/>
    public Link Link(ObjectKey key) => inner.Link(key);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => pipeline.OnceAsync("delete", key, token => inner.DeleteAsync(key, token), cancellationToken);

    /// <inheritdoc/>
    public Task<int> DeleteAsync(ObjectPrefix prefix, CancellationToken cancellationToken) => pipeline.OnceAsync("delete", prefix, token => inner.DeleteAsync(prefix, token), cancellationToken);

    /// <inheritdoc/>
    public Task ProbeAsync(CancellationToken cancellationToken) => pipeline.ProbeAsync(inner.ProbeAsync, cancellationToken);

    private async IAsyncEnumerable<T> ListAsync<T>(object what, Func<CancellationToken, IAsyncEnumerable<T>> list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (entries, isAny) = await pipeline.ReadAsync(
            "list",
            what,
            async _ =>
            {
                // The caller's own token: the listing goes on after this attempt at its beginning.
                var entries = list(cancellationToken).GetAsyncEnumerator(cancellationToken);
                try
                {
                    return (entries, await entries.MoveNextAsync());
                }
                catch
                {
                    await entries.DisposeAsync();
                    throw;
                }
            },
            static begun => begun.Item2 ? "found" : "missing",
            cancellationToken);
        await using (entries)
        {
            for (; isAny; isAny = await entries.MoveNextAsync()) yield return entries.Current;
        }
    }
}
