using FrameService.Frames;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;

namespace FrameService.Sessions;

/// <summary>Finds a session for its user. One that the database does not know is looked for under the caller's own prefix of the store.</summary>
internal sealed class ReadSession(SessionTable sessions, RecoverSession recover)
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
    public Task<(SessionRow Session, IReadOnlyList<FrameRow> Frames)> GetAsync(SessionKey key, CancellationToken cancellationToken) => GetAsync(key, number: null, cancellationToken);

    /// <summary>One frame, for reading.</summary>
    /// <exception cref="ProblemException">session-not-found, or frame-not-found.</exception>
    public async Task<FrameRow> GetFrameAsync(SessionKey key, int number, CancellationToken cancellationToken)
    {
        var (_, frames) = await GetAsync(key, number, cancellationToken);
        return frames.Count > 0 ? frames[0] : throw new ProblemException(ErrorCodes.FrameNotFound, $"Session {key.RequestId} has no frame {number}.");
    }

    private async Task<(SessionRow Session, IReadOnlyList<FrameRow> Frames)> GetAsync(SessionKey key, int? number, CancellationToken cancellationToken)
    {
        var (row, frames) = await sessions.FindAsync(key, number, cancellationToken);
        if (row is null && await recover.RunAsync(key, cancellationToken) is not null) (row, frames) = await sessions.FindAsync(key, number, cancellationToken);
        return row is { DeletedAt: null } ? (row, frames) : throw NotFound(key);
    }

    public static ProblemException Deleted() => new(ErrorCodes.SessionDeleted, "The session was deleted; begin a new one under a new request ID.");

    public static ProblemException NotFound(SessionKey key) => new(ErrorCodes.SessionNotFound, $"There is no session {key.RequestId} of this caller.");
}
