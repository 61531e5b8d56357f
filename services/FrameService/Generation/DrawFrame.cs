using System.Data.Common;
using FrameService.Frames;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Telemetry;

namespace FrameService.Generation;

/// <summary>One frame of an attempt, drawn for the first time or again. A picture that is there is seen until the new one is safe, and stays where there will be none.</summary>
internal sealed partial class DrawFrame(
    SessionTable sessions, FrameTable frames, FrameWriter writer, PictureKeeper keeper, FrameArtists artists, DrawnTable remembered, FrameMetrics metrics, TimeProvider clock, ILogger<DrawFrame> logger)
{
    public async Task RunAsync(Attempt attempt, FrameRow frame)
    {
        await attempt.WriteAsync(async (transaction, row) => await MarkAsync(transaction, row, frame.Number), isStep: false);
        var redraw = JsonText.Read<Redraw>(frame.Redraw);
        FrameBrief brief;
        DrawnPicture drawing;
        try
        {
            if (attempt.Halted is { } halted) throw new HaltedException(halted);
            brief = BriefOf(attempt.Session, redraw?.Over(frame) ?? frame, redraw);
            drawing = await metrics.TimeAsync(
                "frame", Tracing.Begin("frame draw")?.SetTag(Tracing.Frame, frame.Number), clock, () => artists.DrawAsync(attempt.Session, brief, (frame.Provider, frame.Model), attempt.Token));
        }
        catch (Exception exception) when (!attempt.Token.IsCancellationRequested && (exception as ProblemException)?.Code != ErrorCodes.StorageUnavailable)
        {
            // One failed frame is one failed frame: the others go on, unless they would meet the same.
            var fault = FaultOf(exception);
            if (exception is BudgetExceededException or ProviderException { Kind: ProviderFault.Credit or ProviderFault.Refused }) attempt.Halt(fault);
            if (exception is HaltedException) NotTried(frame.Number, fault.Code);
            else NotDrawn(exception, frame.Number);
            await attempt.WriteAsync(async (transaction, row) => await FailAsync(transaction, row, frame, fault));
            return;
        }

        using var turn = drawing;
        using var content = new MemoryStream(drawing.Frame.Bytes, writable: false);
        var picture = await keeper.KeepFrameAsync(attempt.Key, frame.Number, content, attempt.Token);
        // It is paid: a process that is killed from here on, or a session that is taken up elsewhere, finds it again.
        if (drawing.Fingerprint is { } fingerprint) await remembered.RememberAsync(attempt.Key, fingerprint, picture.Key);
        await attempt.WriteAsync(async (transaction, row) =>
        {
            var present = (await FrameTable.FindAsync(transaction, row.Key, frame.Number))!;
            if (!IsWanted(frame, present)) return row;
            var words = redraw is null ? present : redraw.Over(present) with { Prompt = redraw.WantsPrompt ? brief.Prompt : redraw.Prompt ?? present.Prompt };
            // One that was asked for while the first was being drawn comes next.
            var done = words.With(picture, drawing.Provider, drawing.Model, brief.Seed) with { Redraw = redraw is null ? present.Redraw : null };
            row = await writer.WriteAsync(transaction, row, done, picture);
            var ready = await FrameTable.CountReadyAsync(transaction, row.Key);
            return row with { PicturesMade = row.PicturesMade + 1, Progress = Math.Max(row.Progress, Math.Min(99, 5 + (95 * ready / Math.Max(1, row.FrameCount)))) };
        });
    }

    /// <summary>Whether what was drawn is still what is asked for: a person's picture that came meanwhile is wanted more than ours, and a later wish more than an earlier one.</summary>
    private static bool IsWanted(FrameRow drawn, FrameRow present) => drawn.Redraw is null ? !present.HasPicture : present.Redraw == drawn.Redraw;

    private static FrameBrief BriefOf(SessionRow session, FrameRow frame, Redraw? redraw)
    {
        var prompt = redraw is { WantsPrompt: true } ? WriteStory.PromptOf(session, frame.Number, frame.Description!)
            : frame.Prompt ?? frame.SceneStory ?? frame.Description ?? session.OriginalPrompt ?? "";
        return new FrameBrief(
            prompt, frame.Description ?? "", frame.SceneStory, frame.Number, session.FrameCount, session.StyleOrDefault, session.MoodOrDefault, session.AspectRatio, redraw?.Seed ?? session.Seed ?? 0);
    }

    private async Task<SessionRow> MarkAsync(DbTransaction transaction, SessionRow row, int number)
    {
        var present = (await FrameTable.FindAsync(transaction, row.Key, number))!;
        if (!present.HasPicture) await frames.WriteAsync(transaction, present with { Status = WireText.Of(FrameStatus.Generating) });
        return row;
    }

    /// <summary>What a failure is to whoever reads of it.</summary>
    private static ResourceError FaultOf(Exception exception) => exception switch
    {
        HaltedException halted => halted.Error,
        ProviderException fault => fault.ToError(),
        ProblemException problem => new ResourceError(problem.Code.Code, problem.Message, Retryable: problem.Code.Retryable),
        BudgetExceededException => new ResourceError(ErrorCodes.BudgetExceeded.Code, exception.Message),
        _ => new ResourceError(ErrorCodes.GenerationFailed.Code, "", Retryable: true),
    };

    private async Task<SessionRow> FailAsync(DbTransaction transaction, SessionRow row, FrameRow frame, ResourceError fault)
    {
        var present = (await FrameTable.FindAsync(transaction, row.Key, frame.Number))!;
        if (!IsWanted(frame, present)) return row;
        var message = present.HasPicture ? $"Frame {frame.Number} could not be made again; its former picture stays. {fault.Message}" : $"Frame {frame.Number} could not be made. {fault.Message}";
        var error = fault with { Message = message.TrimEnd(), Frame = frame.Number };
        await frames.WriteAsync(transaction, present with
        {
            Status = present.HasPicture ? present.Status : WireText.Of(FrameStatus.Failed),
            Error = JsonText.Write(error),
            Redraw = frame.Redraw is null ? present.Redraw : null,
        });
        return await sessions.AppendAsync(transaction, row, "session.frame_failed", new { row.RequestId, frame = frame.Number, error });
    }

    [LoggerMessage(LogLevel.Error, "Frame {Frame} could not be drawn")]
    private partial void NotDrawn(Exception exception, int frame);

    [LoggerMessage(LogLevel.Warning, "Frame {Frame} is not tried: another one of this attempt has met {Code}")]
    private partial void NotTried(int frame, string code);

    /// <summary>Another frame of the attempt has met what this one would meet.</summary>
    private sealed class HaltedException(ResourceError error) : Exception
    {
        public ResourceError Error => error;
    }
}
