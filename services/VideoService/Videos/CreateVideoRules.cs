using System.Text.RegularExpressions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using VideoService.Clips;

namespace VideoService.Videos;

/// <summary>What the body of <c>POST /v1/videos</c> may say, as far as that can be told without the session.</summary>
internal static partial class CreateVideoRules
{
    private const int MaxNotes = WireLimits.MaxNotes;
    private const int MaxNoteName = WireLimits.MaxNoteName;
    private const int MaxNoteText = WireLimits.MaxNoteText;

    /// <summary>Checks the body and fills in the defaults.</summary>
    /// <param name="body">The body.</param>
    /// <param name="keyOf">The object that a URL of ours names; null for others.</param>
    /// <exception cref="ProblemException">Some fields have values that are not allowed; all of them are named.</exception>
    /// <param name="providers">Who makes clips.</param>
    public static VideoSettings Check(CreateVideoRequest body, Func<string, ObjectKey?> keyOf, ClipProviders providers)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (body.RequestId is null) errors["requestId"] = ["The request ID says whose frames are filmed; it is needed."];
        if (body.Fps is not (null or 24 or 25 or 30 or 50 or 60)) errors["fps"] = ["A film has 24, 25, 30, 50 or 60 pictures a second."];
        if (!AreFrameSeconds(body.SecondsPerFrame)) errors["secondsPerFrame"] = [FrameSeconds];
        if (!AreTransitionSeconds(body.TransitionSeconds)) errors["transitionSeconds"] = [TransitionSeconds];
        if (body.PadColor is { } colour && !Colour().IsMatch(colour)) errors["padColor"] = ["A colour is written #rrggbb, in hex digits."];
        else if (body.PadColor is not null && body.Fit != Fit.Pad) errors["padColor"] = ["A colour is seen with fit pad alone."];
        if (body.FramesRevision < 0) errors["framesRevision"] = ["A revision is 0 or more."];
        if (body.Metadata is { } notes && !AreNotes(notes)) errors["metadata"] = [$"At most {MaxNotes} notes, with names of 1-{MaxNoteName} and texts of at most {MaxNoteText} characters."];
        var audio = AudioRules.Check(body.Audio, keyOf, errors);
        var captions = CaptionRules.Check(body.Captions, errors);
        CheckFrames(body.Frames ?? [], errors);
        CheckClips("clips", body.Clips, providers, errors);
        foreach (var (i, frame) in (body.Frames ?? []).Index()) CheckClips($"frames[{i}].clip", frame?.Clip, providers, errors);
        if (body.MaxCostUsd is < 0 or > 1_000_000m) errors["maxCostUsd"] = ["A film may cost 0 to 1,000,000 dollars."];
        CheckJoints(body.Joints ?? [], body.Transition ?? Transition.Fade, errors);
        Refuse(errors);
        return new VideoSettings
        {
            AspectRatio = body.AspectRatio,
            Resolution = body.Resolution,
            Fps = body.Fps ?? 30,
            Quality = body.Quality ?? VideoQuality.Standard,
            Format = body.Format ?? VideoFormat.Mp4,
            SecondsPerFrame = body.SecondsPerFrame,
            Motion = body.Motion ?? Motion.KenBurns,
            Transition = body.Transition ?? Transition.Fade,
            TransitionSeconds = body.TransitionSeconds ?? Rendering.FilmSettings.UsualTransition,
            TransitionDirection = body.TransitionDirection ?? Direction.Left,
            Frames = body.Frames is { Count: > 0 } ? body.Frames : null,
            Joints = body.Joints is { Count: > 0 } ? body.Joints : null,
            Fit = body.Fit,
            PadColor = body.PadColor,
            OnFrameFailure = body.OnFrameFailure ?? OnFrameFailure.Fail,
            Audio = audio,
            Captions = captions,
            Clips = body.Clips?.Provider is null && providers.Default != ClipProviders.Renderer ? (body.Clips ?? new ClipsRequest()) with { Provider = providers.Default } : body.Clips,
            MaxCostUsd = body.MaxCostUsd,
        };
    }

    /// <summary>Refuses what was found.</summary>
    /// <param name="errors">By field; none are no refusal.</param>
    /// <exception cref="ProblemException">There are some.</exception>
    public static void Refuse(Dictionary<string, string[]> errors)
    {
        const int Told = 10;
        if (errors.Count == 0) return;
        var detail = string.Join(' ', errors.Values.Take(Told).Select(messages => messages[0]));
        throw new ProblemException(ErrorCodes.ValidationFailed, errors.Count > Told ? $"{detail} And {errors.Count - Told} more." : detail, errors);
    }

    private static string FrameSeconds => $"A frame is seen for {WireLimits.MinFrameSeconds} to {WireLimits.MaxFrameSeconds} seconds.";

    private static string TransitionSeconds => $"A transition takes {WireLimits.MinTransitionSeconds} to {WireLimits.MaxTransitionSeconds} seconds.";

    private static void CheckFrames(IReadOnlyList<FrameSettings> frames, Dictionary<string, string[]> errors)
    {
        if (IsTooMany("frames", frames, errors)) return;
        var seen = new HashSet<int>();
        for (var i = 0; i < frames.Count; i++)
        {
            var frame = frames[i];
            if (frame.Number is < 1 or > WireLimits.MaxFrames) errors[$"frames[{i}].number"] = [$"Frames are numbered from 1 to {WireLimits.MaxFrames}."];
            else if (!seen.Add(frame.Number)) errors[$"frames[{i}].number"] = [$"Frame {frame.Number} is named twice."];
            if (!AreFrameSeconds(frame.Seconds)) errors[$"frames[{i}].seconds"] = [FrameSeconds];
            if (frame.Focus is not (null or { X: >= 0 and <= 1, Y: >= 0 and <= 1 })) errors[$"frames[{i}].focus"] = ["A focus has x and y from 0 to 1."];
        }
    }

    private static void CheckClips(string field, ClipsRequest? clips, ClipProviders providers, Dictionary<string, string[]> errors)
    {
        if (clips?.Provider is { } name && !providers.Names.Contains(name, StringComparer.Ordinal)) errors[$"{field}.provider"] = [$"Clips are made here by {string.Join(" or ", providers.Names)}."];
        if (clips?.Prompt is { } prompt && (prompt.Length is 0 or > WireLimits.MaxClipPrompt || !Words().IsMatch(prompt))) errors[$"{field}.prompt"] = [$"What happens in a clip is told in 1 to {WireLimits.MaxClipPrompt} characters, without control characters."];
    }

    private static void CheckJoints(IReadOnlyList<JointSettings> joints, Transition usual, Dictionary<string, string[]> errors)
    {
        if (IsTooMany("joints", joints, errors)) return;
        var seen = new HashSet<int>();
        for (var i = 0; i < joints.Count; i++)
        {
            var joint = joints[i];
            if (joint.After is < 1 or > WireLimits.MaxFrames) errors[$"joints[{i}].after"] = [$"Frames are numbered from 1 to {WireLimits.MaxFrames}."];
            else if (!seen.Add(joint.After)) errors[$"joints[{i}].after"] = [$"The joint after frame {joint.After} is named twice."];
            if (!AreTransitionSeconds(joint.Seconds)) errors[$"joints[{i}].seconds"] = [TransitionSeconds];
            else if (joint.Seconds is not null && (joint.Transition ?? usual) == Transition.Cut) errors[$"joints[{i}].seconds"] = ["A cut takes no time."];
        }
    }

    private static bool IsTooMany<T>(string field, IReadOnlyList<T> entries, Dictionary<string, string[]> errors)
        where T : class
    {
        if (entries.Count > WireLimits.MaxFrames) errors[field] = [$"At most {WireLimits.MaxFrames} entries, one for each frame."];
        else if (entries.Any(entry => entry is null)) errors[field] = [$"{field} has no null among its entries."];
        return errors.ContainsKey(field);
    }

    private static bool AreFrameSeconds(double? seconds) => seconds is null or (>= WireLimits.MinFrameSeconds and <= WireLimits.MaxFrameSeconds);

    private static bool AreTransitionSeconds(double? seconds) => seconds is null or (>= WireLimits.MinTransitionSeconds and <= WireLimits.MaxTransitionSeconds);

    private static bool AreNotes(IReadOnlyDictionary<string, string> notes) =>
        notes.Count <= MaxNotes && notes.All(note => note.Key.Length is >= 1 and <= MaxNoteName && note.Value is { Length: <= MaxNoteText });

    [GeneratedRegex(WireLimits.Words, RegexOptions.None, 1000)]
    private static partial Regex Words();

    [GeneratedRegex(WireLimits.Colour + @"\z", RegexOptions.None, 1000)]
    private static partial Regex Colour();
}
