using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>
/// A store of bytes under the names of the layout, with few verbs. Every verb throws <see cref="ObjectStoreUnavailableException"/> where the
/// store does not answer, <see cref="ObjectStoreForbiddenException"/> where it refuses, and <see cref="BucketNotFoundException"/> where there is none: none of these
/// is ever told as "not there".
/// </summary>
public interface IObjectStore
{
    /// <summary>
    /// Puts an object that is never overwritten: whole or not at all, durable once this returns. The file is read from its start, so a retry can read it again.
    /// </summary>
    Task<PutOutcome> PutAsync(ObjectKey key, SpooledFile file, CancellationToken cancellationToken);

    /// <summary>Writes one of the two records that are rewritten (<see cref="ObjectKey.IsRewritten"/>; others are an <see cref="ArgumentException"/>). Readers see the former or the new one, whole.</summary>
    Task ReplaceAsync(ObjectKey key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Opens an object, whole or a part of it; null where there is none.</summary>
    /// <exception cref="RangeNotSatisfiableException">The range begins past the end.</exception>
    Task<StoredObject?> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken);

    /// <summary>Lists a folder and all below it, by key in ordinal order. Names that are no keys of the layout are passed over.</summary>
    IAsyncEnumerable<ObjectEntry> ListAsync(ObjectPrefix prefix, CancellationToken cancellationToken);

    /// <summary>The users of whom anything lies in the store, each once, in ordinal order.</summary>
    IAsyncEnumerable<UserId> ListUsersAsync(CancellationToken cancellationToken);

    /// <summary>A link that works without headers, for reading alone; whether the object is there is not asked.</summary>
    Link Link(ObjectKey key);

    /// <summary>
    /// The key that a URL names in this store, whichever form the URL has; null for every other URL, be it ever so like. Nobody is asked, and a signature in it is not checked:
    /// that a URL is ours says where an object would lie, not that it lies there, nor who may read it.
    /// </summary>
    ObjectKey? KeyOf(string url);

    /// <summary>Removes an object; false where there was none.</summary>
    Task<bool> DeleteAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Removes a folder and all below it, and answers how many objects that were.</summary>
    Task<int> DeleteAsync(ObjectPrefix prefix, CancellationToken cancellationToken);

    /// <summary>Asks the store whether it answers, for health checks; throws where it does not.</summary>
    Task ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>What a put found.</summary>
public enum PutOutcome
{
    /// <summary>The object is new.</summary>
    Stored,

    /// <summary>The same bytes were there already.</summary>
    Same,

    /// <summary>Other bytes are there under this name, and stay.</summary>
    Conflict,
}

/// <summary>One object of a listing.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="LastModified">When it was written.</param>
public sealed record ObjectEntry(ObjectKey Key, long Length, DateTimeOffset LastModified);

/// <summary>A part of an object, both ends included, as in RFC 9110.</summary>
/// <param name="From">First byte, from 0; null with <paramref name="To"/> set means the last <paramref name="To"/> bytes.</param>
/// <param name="To">Last byte; null for the rest.</param>
public readonly record struct ByteRange(long? From, long? To);

/// <summary>An open object. Disposing ends the read.</summary>
/// <param name="Content">The bytes of <paramref name="Offset"/> to <paramref name="Offset"/> + <paramref name="Length"/>, read forward once.</param>
/// <param name="Offset">Where the content begins in the object.</param>
/// <param name="Length">Bytes in the content.</param>
/// <param name="TotalLength">Bytes in the object.</param>
/// <param name="LastModified">When it was written.</param>
public sealed record StoredObject(Stream Content, long Offset, long Length, long TotalLength, DateTimeOffset LastModified) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
