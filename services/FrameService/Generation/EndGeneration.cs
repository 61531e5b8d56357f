using System.Data.Common;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;

namespace FrameService.Generation;

/// <summary>How work on a session ends, each time within the transaction that ends it: the row that comes back is to be saved.</summary>
internal sealed class EndGeneration(SessionTable sessions, FrameTable frames)
{
    private static readonly HashSet<string> Halting = new(StringComparer.Ordinal) { ErrorCodes.InsufficientCredit.Code, ErrorCodes.BudgetExceeded.Code, ErrorCodes.ProviderRefused.Code };

    /// <summary>Ends it as its frames let it: paused where that was asked for, completed where every frame has a picture, else as it was before or failed.</summary>
    public async Task<SessionRow> SettleAsync(DbTransaction transaction, SessionRow row)
    {
        var from = JsonText.Enum<SessionStatus>(row.ReturnTo);
        var missing = (await FrameTable.ListAsync(transaction, row.Key)).Where(frame => !frame.HasPicture).ToList();
        row = row with { ReturnTo = null };
        if ((from is null or SessionStatus.AwaitingApproval) && row.PausesAfter(SessionStage.Story)) return await PauseAsync(transaction, row, SessionStage.Story);
        // Uploads that nobody has saved stay what they were.
        if (from == SessionStatus.Draft) return row with { Status = WireText.Of(SessionStatus.Draft), Stage = null, Progress = 0 };
        if (missing.Count == 0) return row.PausesAfter(SessionStage.Frames) ? await PauseAsync(transaction, row, SessionStage.Frames) : await CompleteAsync(transaction, row);
        if (from == SessionStatus.Canceled) return await CancelAsync(transaction, row);
        var message = missing.Count == 1 ? $"Frame {missing[0].Number} has no picture." : $"{missing.Count} frames have no picture, frame {missing[0].Number} among them.";
        return await FailAsync(transaction, row, ReasonOf(missing, message));
    }

    /// <summary>Why frames are missing: where that is known of one, what is known of it; of several, what all would meet counts for more than what is one frame's own.</summary>
    private static ResourceError ReasonOf(List<FrameRow> missing, string message)
    {
        var told = missing.Select(frame => JsonText.Read<ResourceError>(frame.Error)).OfType<ResourceError>().Where(error => error.Code != ErrorCodes.GenerationFailed.Code)
            .OrderByDescending(error => Halting.Contains(error.Code)).FirstOrDefault();
        return told is null ? new ResourceError(ErrorCodes.GenerationFailed.Code, message, missing[0].Number, true) : told with { Message = missing.Count == 1 ? told.Message : $"{message} {told.Message}" };
    }

    public async Task<SessionRow> FailAsync(DbTransaction transaction, SessionRow row, ResourceError error)
    {
        await frames.ReleaseAsync(transaction, row.Key);
        row = row with { Status = WireText.Of(SessionStatus.Failed), Stage = null, ReturnTo = null, Error = JsonText.Write(error) };
        return await sessions.AppendAsync(transaction, row, "session.failed", new { row.RequestId, error });
    }

    /// <summary>Frames that were made stay, also those that were to be made again.</summary>
    public async Task<SessionRow> CancelAsync(DbTransaction transaction, SessionRow row)
    {
        await frames.ReleaseAsync(transaction, row.Key);
        row = row with { Status = WireText.Of(SessionStatus.Canceled), Stage = null, ReturnTo = null };
        return await sessions.AppendAsync(
            transaction, row, "session.canceled", new { row.RequestId, row.FrameCount, framesReady = await FrameTable.CountReadyAsync(transaction, row.Key) });
    }

    private Task<SessionRow> CompleteAsync(DbTransaction transaction, SessionRow row)
    {
        row = row with { Status = WireText.Of(SessionStatus.Completed), Stage = null, Progress = 100, Error = null };
        return sessions.AppendAsync(transaction, row, "session.completed", new { row.RequestId, row.FrameCount });
    }

    private Task<SessionRow> PauseAsync(DbTransaction transaction, SessionRow row, SessionStage stage)
    {
        row = row with { Status = WireText.Of(SessionStatus.AwaitingApproval), Stage = WireText.Of(stage), Error = null };
        return sessions.AppendAsync(transaction, row, "session.awaiting_approval", new { row.RequestId, stage });
    }
}
