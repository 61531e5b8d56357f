using FrameVideo.Contracts;
using FrameVideo.Hosting;

namespace VideoService.Videos;

/// <summary>What the body of <c>POST /v1/videos</c> may say.</summary>
internal static class CreateVideoRules
{
    private const int MaxNotes = WireLimits.MaxNotes;
    private const int MaxNoteName = WireLimits.MaxNoteName;
    private const int MaxNoteText = WireLimits.MaxNoteText;

    /// <summary>Checks the body and fills in the defaults.</summary>
    /// <exception cref="ProblemException">Some fields have values that are not allowed; all of them are named.</exception>
    public static VideoSettings Check(CreateVideoRequest body)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (body.RequestId is null) errors["requestId"] = ["The request ID says whose frames are filmed; it is needed."];
        if (body.Fps is not (null or 24 or 25 or 30 or 50 or 60)) errors["fps"] = ["A film has 24, 25, 30, 50 or 60 pictures a second."];
        if (body.SecondsPerFrame is not (null or (>= 0.5 and <= 60))) errors["secondsPerFrame"] = ["A frame is seen for 0.5 to 60 seconds."];
        if (body.FramesRevision < 0) errors["framesRevision"] = ["A revision is 0 or more."];
        if (body.Metadata is { } notes && !AreNotes(notes)) errors["metadata"] = [$"At most {MaxNotes} notes, with names of 1-{MaxNoteName} and texts of at most {MaxNoteText} characters."];
        if (errors.Count > 0) throw new ProblemException(ErrorCodes.ValidationFailed, string.Join(' ', errors.Values.Select(messages => messages[0])), errors);
        return new VideoSettings
        {
            AspectRatio = body.AspectRatio,
            Fps = body.Fps ?? 30,
            Quality = body.Quality ?? VideoQuality.Standard,
            SecondsPerFrame = body.SecondsPerFrame,
            Motion = body.Motion ?? Motion.KenBurns,
            Transition = body.Transition ?? Transition.Fade,
            Fit = body.Fit,
            OnFrameFailure = body.OnFrameFailure ?? OnFrameFailure.Fail,
        };
    }

    private static bool AreNotes(IReadOnlyDictionary<string, string> notes) =>
        notes.Count <= MaxNotes && notes.All(note => note.Key.Length is >= 1 and <= MaxNoteName && note.Value is { Length: <= MaxNoteText });
}
