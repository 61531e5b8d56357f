using FrameVideo.Contracts;

namespace FrameVideo.Storage;

/// <summary>
/// What lies in the store under any name, so that an operator's command can take over the layouts of a former product. Names are those of the store itself, below its
/// key prefix: for S3 the key, for a folder the path with slashes. Throws as <see cref="IObjectStore"/> does.
/// </summary>
public interface IFormerObjects
{
    /// <summary>Everything whose name begins so, in ordinal order; all for the empty text. Objects of the present layout are among them.</summary>
    IAsyncEnumerable<FormerObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Opens an object; null where there is none.</summary>
    Task<StoredObject?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Gives the bytes of an object a key beside its name, within the store. What lies under the key stays; the former object stays, too.</summary>
    /// <param name="from">The object, as it was listed.</param>
    /// <param name="key">The new name; not one of the records that are rewritten.</param>
    /// <param name="sha256">Of its bytes, 64 lower-case hex digits: whoever names an object by its hash has read it.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    /// <exception cref="FileNotFoundException">The object is not there any more.</exception>
    /// <exception cref="InvalidDataException">The object has other bytes than when it was listed and read.</exception>
    Task<PutOutcome> CopyAsync(FormerObject from, ObjectKey key, string sha256, CancellationToken cancellationToken);
}

/// <summary>One object under a name of any form.</summary>
/// <param name="Name">Its name in the store.</param>
/// <param name="Length">Bytes.</param>
/// <param name="LastModified">When it was written.</param>
public sealed record FormerObject(string Name, long Length, DateTimeOffset LastModified);
