using FrameVideo.Contracts;
using FrameVideo.Hosting;
using VideoService.Clips;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>A film that could be made of a session's present frames: a pure function of the session and the settings.</summary>
/// <param name="Session">The session as FrameService told of it.</param>
/// <param name="Settings">What was asked for.</param>
/// <param name="Plan">The film.</param>
/// <param name="Frames">The frames that have pictures, in order.</param>
/// <param name="Missing">Why the others have none, by number; empty unless the settings say how to go on without them.</param>
internal sealed record FilmDraft(Session Session, VideoSettings Settings, FilmPlan Plan, IReadOnlyList<Frame> Frames, IReadOnlyDictionary<int, ResourceError> Missing)
{
    /// <summary>What AI services would be asked for; null where nobody is.</summary>
    public PlannedCalls? Calls { get; init; }

    private static readonly TimeSpan FramesTakeAWhile = TimeSpan.FromSeconds(2);

    /// <summary>Finds the frames and cuts the film.</summary>
    /// <param name="session">The session.</param>
    /// <param name="asked">What was asked for.</param>
    /// <param name="framesRevision">The revision that the caller has seen, where that matters.</param>
    /// <param name="isAgain">Whether it was asked for an earlier film: wishes for frames that are gone since are no mistake.</param>
    /// <param name="maxPixels">Pixels that a film's picture may have.</param>
    /// <exception cref="ProblemException">The frames are not all there, have changed, or no film can be made of them in this way.</exception>
    public static FilmDraft Of(Session session, VideoSettings asked, long? framesRevision, bool isAgain, long maxPixels)
    {
        if (framesRevision is { } expected && expected != session.FramesRevision)
            throw new ProblemException(ErrorCodes.FramesRevisionChanged, $"The session's frames are at revision {session.FramesRevision}, not {expected}. Look at them again.");
        var frames = (session.Frames ?? []).OrderBy(frame => frame.Number).ToList();
        RequireReady(session, frames);
        var missing = RequirePictures(session, frames, asked.OnFrameFailure);
        var numbers = frames.Select(frame => frame.Number).ToList();
        if (isAgain) asked = FilmRules.WithoutOthers(asked, numbers);
        else FilmRules.RequireFrames(asked, numbers);
        var settings = asked with { Seed = session.Seed ?? 0 };
        var ratio = settings.AspectRatio ?? session.AspectRatio;
        var (width, height) = FilmSize.Of(ratio, settings.Resolution);
        FilmRules.RequireSize(settings, ratio, width, height, maxPixels);
        var film = settings.Film(Storyboard.LengthOf(settings, numbers, session.VideoDuration), width, height);
        var storyboard = Storyboard.Of(settings, [.. frames.Select(frame => missing.ContainsKey(frame.Number) ? FilmFrame.WithoutPicture(frame.Number) : FilmOf(frame))], film.DurationSeconds);
        FilmRules.RequireTime(storyboard, film);
        try
        {
            var plan = FilmPlan.Create(film, FrameGaps.Close(storyboard, missing.Keys, settings.OnFrameFailure), encoderVersion: "");
            return new FilmDraft(session, settings, plan, [.. frames.Where(frame => !missing.ContainsKey(frame.Number))], missing);
        }
        catch (FilmPlanException refusal)
        {
            throw new ProblemException(refusal.Code, refusal.Message, inner: refusal);
        }
    }

    /// <summary>The answer of a dry run.</summary>
    public VideoPlan ToPlan() => new(
        "video_plan", Session.RequestId, Session.FramesRevision, Plan.Settings.DurationSeconds, Plan.Settings.Fps, Plan.Settings.Width, Plan.Settings.Height, Plan.FrameCount,
        [.. Frames.Select(frame => new PlannedFrame(frame.Number, frame.Status, frame.ObjectKey!.Value, frame.Sha256!))],
        [.. Plan.Pieces.Where(piece => piece.Kind == PieceKind.Clip).Select(piece => new PlannedClip(piece.Number, piece.Shots[0].Motion, piece.Shots[0].Fit, piece.StartFrame, piece.FrameCount))],
        [.. Plan.Joints.Select(joint => new PlannedJoint(joint.After, joint.Transition, joint.Direction, joint.StartFrame, joint.FrameCount))],
        FrameGaps.Tell(Missing, [.. Plan.Shots.Select(shot => shot.Number)], Settings.OnFrameFailure))
    {
        ProviderCalls = Calls?.Calls ?? [],
        EstimatedCostUsd = Calls?.CostUsd ?? 0,
        EstimatedSeconds = Calls?.Seconds ?? 0,
        BudgetLeftUsd = Calls?.Left.Usd,
        WithinBudget = Calls?.Left.Exceeds(Calls.CostUsd) is null,
    };

    private static FilmFrame FilmOf(Frame frame) => new(frame.Number, frame.Sha256!, frame.Width ?? 0, frame.Height ?? 0);

    private static void RequireReady(Session session, List<Frame> frames)
    {
        // Nobody knows when: whoever approves asks for the film then.
        if (session.Status == SessionStatus.AwaitingApproval) throw new ProblemException(ErrorCodes.FramesNotReady, "The session awaits approval. Approve it, and come again when it is completed.") { RetryAfter = Timeout.InfiniteTimeSpan };
        // Nobody is at work on a session that ended or was never begun, so what is pending there is missing, and coming again would not help.
        var isWaited = session.Status is not (SessionStatus.Draft or SessionStatus.Failed or SessionStatus.Canceled);
        var coming = frames.Where(frame => frame.Status == FrameStatus.Generating || (isWaited && frame.Status == FrameStatus.Pending)).ToList();
        if (session.Status is not (SessionStatus.Queued or SessionStatus.InProgress) && coming.Count == 0) return;
        var which = coming.Count == 0 ? "The session is still being generated." : $"Still being made: {Numbers(coming)}.";
        throw new ProblemException(ErrorCodes.FramesNotReady, $"{which} Come again when the session is completed.") { RetryAfter = FramesTakeAWhile };
    }

    /// <summary>Why frames have no picture, by number, where the film may go without them.</summary>
    private static Dictionary<int, ResourceError> RequirePictures(Session session, List<Frame> frames, OnFrameFailure mode)
    {
        if (frames.Count == 0) throw new ProblemException(ErrorCodes.FramesMissing, "The session has no frames yet; upload or generate some first.");
        var missing = frames.Where(frame => frame.Status is not (FrameStatus.Stored or FrameStatus.Inline) || frame.ObjectKey is null || frame.Sha256 is null).ToList();
        if (missing.Count == 0 || (mode != OnFrameFailure.Fail && missing.Count < frames.Count))
            return missing.ToDictionary(frame => frame.Number, frame => frame.Error ?? new ResourceError(ErrorCodes.FramesMissing.Code, $"Frame {frame.Number} has no picture.", frame.Number));
        throw new ProblemException(
            ErrorCodes.FramesMissing,
            $"No picture: {Numbers(missing)} of {frames.Count}. Upload or regenerate what is missing, then ask again.",
            new Dictionary<string, string[]>(StringComparer.Ordinal) { ["frames"] = [.. missing.Select(frame => $"Frame {frame.Number} of {session.RequestId} has no picture.")] });
    }

    private static string Numbers(List<Frame> frames)
    {
        var shown = string.Join(", ", frames.Take(20).Select(frame => frame.Number));
        return $"frame {shown}{(frames.Count > 20 ? $" and {frames.Count - 20} more" : "")}";
    }
}
