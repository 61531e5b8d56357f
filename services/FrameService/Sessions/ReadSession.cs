using FrameService.Frames;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>Finds a session for its user. One that the database does not know is looked for under the caller's own prefix of the store.</summary>
internal sealed class ReadSession(SessionTable sessions, FrameTable frames, RecoverSession recover)
{
    /// <summary>The session, for writing; null where neither the database nor the store has it, or where the store does not say.</summary>
    /// <exception cref="ProblemException">It was deleted.</exception>
    public async Task<SessionRow?> FindAsync(SessionKey key, CancellationToken cancellationToken)
    {
        var row = await sessions.FindAsync(key, cancellationToken);
        if (row is { DeletedAt: not null }) throw Deleted();
        if (row is not null) return row;
        try
        {
            return await recover.RunAsync(key, cancellationToken);
        }
        catch (ObjectStoreException)
        {
            // Whoever writes goes on: an outage keeps no picture and no prompt out, and what the store may have of the session stays there.
            return null;
        }
    }

    /// <summary>Makes sure that there is a session to be changed, in the database by then.</summary>
    /// <exception cref="ProblemException">session-deleted, or session-not-found.</exception>
    /// <exception cref="ObjectStoreException">The database does not know it, and the store does not say.</exception>
    public async Task<SessionRow> RequireAsync(SessionKey key, CancellationToken cancellationToken)
    {
        var row = await sessions.FindAsync(key, cancellationToken);
        if (row is { DeletedAt: not null }) throw Deleted();
        return row ?? await recover.RunAsync(key, cancellationToken) ?? throw NotFound(key);
    }

    /// <summary>The session with its frames, for reading: a deleted one is not there.</summary>
    /// <exception cref="ProblemException">session-not-found.</exception>
    public async Task<(SessionRow Session, IReadOnlyList<FrameRow> Frames)> GetAsync(SessionKey key, CancellationToken cancellationToken)
    {
        var row = await sessions.FindAsync(key, cancellationToken);
        row = row switch
        {
            { DeletedAt: not null } => null,
            null => await recover.RunAsync(key, cancellationToken),
            _ => row,
        };
        return row is null ? throw NotFound(key) : (row, await frames.ListAsync(key, cancellationToken));
    }

    public static ProblemException Deleted() => new(ErrorCodes.SessionDeleted, "The session was deleted; begin a new one under a new request ID.");

    public static ProblemException NotFound(SessionKey key) => new(ErrorCodes.SessionNotFound, $"There is no session {key.RequestId} of this caller.");
}
