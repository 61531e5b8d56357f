using FrameVideo.Contracts;

namespace FrameVideo.Hosting;

/// <summary>A service's own part of the erasure of a user. Each step may be run again from its beginning: after a KILL, or because the store did not answer.</summary>
public interface IUserEraser
{
    /// <summary>Rows first: buries everything that is living, ends its work, and wipes its texts. From here on nothing of it can be read.</summary>
    Task BuryAsync(ErasureRow erasure, CancellationToken cancellationToken);

    /// <summary>Then objects, those without a row included, and the rest of the rows; false where something has to be finished later.</summary>
    /// <exception cref="Storage.ObjectStoreException">The store does not answer; the rest follows when it does.</exception>
    Task<bool> RemoveAsync(ErasureRow erasure, CancellationToken cancellationToken);

    /// <summary>Counts what would go, and changes nothing.</summary>
    Task CountAsync(UserId userId, Tally tally, CancellationToken cancellationToken);
}
