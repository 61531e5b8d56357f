using System.Data.Common;
using FrameService.Generation;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Frames;

/// <summary>Puts one picture under a request ID, known or not: a browser may upload first and save later.</summary>
internal sealed class UploadFrame(
    DbDataSource database, SessionTable sessions, FrameTable frames, DeletionTable deletions, ReadSession read, PictureKeeper keeper, FrameWriter writer, NewSessions drafts, EndGeneration ending)
{
    /// <summary>Uploads or replaces a frame's picture. True beside the frame means that there was none before.</summary>
    /// <exception cref="ProblemException">The picture is refused, the session was deleted, or precondition-failed.</exception>
    public async Task<(FrameRow Frame, bool IsNew)> RunAsync(SessionKey key, int number, Stream content, Precondition precondition, CancellationToken cancellationToken)
    {
        // The look comes first: an unknown session may lie in the store, and a deleted one takes nothing.
        var present = await read.FindAsync(key, cancellationToken);
        // Looked at again within the transaction; here it spares the way of the bytes.
        if (precondition.IsGiven) Require(precondition, present is null ? null : await frames.FindAsync(key, number, cancellationToken));
        // The row comes before the object here alone: else another upload to the new session would find the object and "rebuild" what is being made.
        var picture = await keeper.KeepFrameAsync(key, number, content, cancellationToken, present is null ? () => OpenAsync(key, cancellationToken) : null);
        try
        {
            return await WriteAsync(key, number, picture, precondition, cancellationToken);
        }
        catch (ProblemException problem) when (problem.Code == ErrorCodes.SessionDeleted)
        {
            // The picture was put before the tombstone was seen.
            await deletions.ReopenAsync(key);
            throw;
        }
    }

    /// <summary>A frame that has no picture yet is not there, as far as a picture is put.</summary>
    private static void Require(Precondition precondition, FrameRow? present) => precondition.Require(present is { HasPicture: true } ? present.Revision : null);

    private Task OpenAsync(SessionKey key, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => sessions.InsertAsync(transaction, drafts.Draft(key)), cancellationToken);

    private Task<(FrameRow Frame, bool IsNew)> WriteAsync(SessionKey key, int number, KeptPicture picture, Precondition precondition, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async transaction =>
            {
                var session = (await sessions.LockAsync(transaction, key))!;
                if (session.DeletedAt is not null) throw ReadSession.Deleted();
                var present = await FrameTable.FindAsync(transaction, key, number);
                Require(precondition, present);
                var frame = (present ?? new FrameRow { UserId = key.UserId, RequestId = key.RequestId, Number = number }).With(picture, "upload", null);
                session = await writer.WriteAsync(transaction, session, frame, picture);
                // The picture for which the session had failed may be the one that a person brings.
                if (session.State == SessionStatus.Failed && await FrameTable.CountReadyAsync(transaction, key) >= session.FrameCount) session = await ending.SettleAsync(transaction, session);
                await sessions.SaveAsync(transaction, session);
                return ((await FrameTable.FindAsync(transaction, key, number))!, present is not { HasPicture: true });
            },
            cancellationToken);
}
