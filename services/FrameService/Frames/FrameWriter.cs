using System.Data.Common;
using FrameService.Retention;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Storage;

namespace FrameService.Frames;

/// <summary>Writes a frame whose picture is safe, with the session's counters and the event, in one transaction of the caller's.</summary>
internal sealed class FrameWriter(SessionTable sessions, FrameTable frames, ParkedTable parked, IObjectStore store)
{
    /// <summary>Puts a picture into a frame of a taken session; the row that comes back is to be saved.</summary>
    /// <exception cref="ObjectStoreUnavailableException">The object was there and is not any more; put again, it will be.</exception>
    public async Task<SessionRow> WriteAsync(DbTransaction transaction, SessionRow session, FrameRow frame, KeptPicture picture)
    {
        if (picture.WasThere || (!picture.IsParked && await SupersededTable.HasAsync(transaction, picture.Key))) await RequireThereAsync(transaction, session.Key, picture.Key);
        if (picture.Parked is { Length: > 0 } content) await parked.ParkAsync(transaction, session.Key, picture.Key, content);
        frame = await SettleAsync(transaction, frame);
        await frames.WriteAsync(transaction, frame);
        // The plan of a generation stands: a picture put beyond it makes no frames between.
        session = session with { FramesRevision = session.FramesRevision + 1, FrameCount = session.IsOpen ? session.FrameCount : Math.Max(session.FrameCount, frame.Number) };
        return await sessions.AppendAsync(
            transaction,
            session,
            frame.State == FrameStatus.Inline ? "session.frame_inline" : "session.frame_stored",
            new { session.RequestId, frame = frame.Number, frame.ObjectKey, frame.Sha256 });
    }

    /// <summary>
    /// An object to which no row points may be swept, and one that was replaced may be removed, until this transaction has taken the session, since those take it, too. Whoever finds one there, or has put
    /// what was being removed at that moment, looks again from here.
    /// </summary>
    private async Task RequireThereAsync(DbTransaction transaction, SessionKey session, ObjectKey key)
    {
        if ((await FrameTable.PointedAsync(transaction, session)).Contains(key)) return;
        await using var found = await store.GetAsync(key, new ByteRange(0, 0), CancellationToken.None)
            ?? throw new ObjectStoreUnavailableException($"{key} was removed at this very moment; send it again.");
    }

    /// <summary>The frame with the status that its picture has now: one read as inline may have been moved to the store since.</summary>
    public static async Task<FrameRow> SettleAsync(DbTransaction transaction, FrameRow frame) =>
        frame is { State: FrameStatus.Inline, ObjectKey: { } key } && !await ParkedTable.HasAsync(transaction, key) ? frame with { Status = WireText.Of(FrameStatus.Stored) } : frame;
}
