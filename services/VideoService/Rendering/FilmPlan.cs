using System.Globalization;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>
/// A film cut into pieces: a pure function of settings and frames. The pieces cover the film without gap or overlap, none is empty, and each depends
/// on its own frames and their own time alone: one changed picture, motion or transition changes one clip and at most two joints, or one joint.
/// </summary>
internal sealed class FilmPlan
{
    /// <summary>Goes into every hash; raised whenever the same inputs would give other bytes.</summary>
    public const int RendererVersion = 2;

    private FilmPlan(FilmSettings settings, int frameCount, IReadOnlyList<Shot> shots, IReadOnlyList<Joint> joints, IReadOnlyList<Piece> pieces) =>
        (Settings, FrameCount, Shots, Joints, Pieces) = (settings, frameCount, shots, joints, pieces);

    /// <summary>What it was made from.</summary>
    public FilmSettings Settings { get; }

    /// <summary>Film frames in all.</summary>
    public int FrameCount { get; }

    /// <summary>The frames in order, each with its place.</summary>
    public IReadOnlyList<Shot> Shots { get; }

    /// <summary>What stands between the frames, cuts included, in order: one less than there are shots.</summary>
    public IReadOnlyList<Joint> Joints { get; }

    /// <summary>Clips and joints in the order of the film.</summary>
    public IReadOnlyList<Piece> Pieces { get; }

    /// <summary>Cuts a film into pieces.</summary>
    /// <param name="settings">What the film is to look like.</param>
    /// <param name="frames">Its frames in the order of the film, at least one.</param>
    /// <param name="encoderVersion">The encoder's version, part of each hash; may be empty where no piece will be stored, as in a dry run.</param>
    /// <exception cref="FilmPlanException">A setting lies outside its range, or there are more frames than film frames.</exception>
    public static FilmPlan Create(FilmSettings settings, IReadOnlyList<FilmFrame> frames, string encoderVersion)
    {
        Check(settings, frames);
        var places = Places(settings, frames);
        var shots = new Shot[frames.Count];
        for (var i = 0; i < shots.Length; i++) shots[i] = Shot.Of(settings, frames[i], places[i], places[i + 1] - places[i]);
        var joints = new Joint[shots.Length - 1];
        for (var i = 0; i < joints.Length; i++) joints[i] = Joint.Of(settings, frames[i], shots[i], shots[i + 1]);

        for (var i = 0; i < shots.Length; i++)
            shots[i] = shots[i] with { SeenFrom = i == 0 ? places[0] : joints[i - 1].StartFrame, SeenTo = i == joints.Length ? places[^1] : joints[i].StartFrame + joints[i].FrameCount };

        var common = CommonInputs(settings, encoderVersion);
        var pieces = new List<Piece>(2 * shots.Length);
        var start = 0;
        for (var i = 0; i < shots.Length; i++)
        {
            var end = i < joints.Length ? joints[i].StartFrame : places[^1];
            pieces.Add(Piece.Clip(shots[i], start, end - start, common, i == 0 ? HeadOf(settings, end) : 0));
            start = end;
            if (i == joints.Length || joints[i].FrameCount == 0) continue;
            pieces.Add(Piece.Between(joints[i], shots[i], shots[i + 1], common));
            start += joints[i].FrameCount;
        }
        return new FilmPlan(settings, places[^1], shots, joints, pieces);
    }

    /// <summary>
    /// Where each frame's place begins, and the film's end: round(D x fps x (shares before it) / (all shares)), halves upwards; with equal shares, place k of N at
    /// round(k x D x fps / N). Sums are rounded and not parts, so nothing drifts.
    /// </summary>
    private static int[] Places(FilmSettings settings, IReadOnlyList<FilmFrame> frames)
    {
        var all = frames.Sum(frame => frame.Share);
        var places = new int[frames.Count + 1];
        var before = 0.0;
        for (var i = 0; i <= frames.Count; i++)
        {
            // The end is exactly the film's, whatever the shares add up to.
            var at = i < frames.Count ? before * settings.DurationSeconds * settings.Fps / all : settings.DurationSeconds * settings.Fps;
            places[i] = (int)Math.Round(at, MidpointRounding.AwayFromZero);
            // No clip is empty.
            if (i > 0 && places[i] == places[i - 1])
                throw new FilmPlanException($"{frames.Count} frames do not fit in {settings.DurationSeconds:0.###} s at {settings.Fps} pictures a second: frame {frames[i - 1].Number} would not be seen.");
            if (i < frames.Count) before += frames[i].Share;
        }
        return places;
    }

    /// <summary>Of a film that plays while it is rendered, two seconds of a first clip that is longer than three.</summary>
    private static int HeadOf(FilmSettings settings, int frameCount) => settings.Format == VideoFormat.Hls && frameCount > 3 * settings.Fps ? 2 * settings.Fps : 0;

    private static string CommonInputs(FilmSettings settings, string encoderVersion) => string.Create(
        CultureInfo.InvariantCulture,
        $"renderer {RendererVersion}\nencoder {encoderVersion}\n{string.Join(' ', EncoderArguments.For(settings))}\n");

    private static void Check(FilmSettings settings, IReadOnlyList<FilmFrame> frames)
    {
        if (settings.Fps is not (24 or 25 or 30 or 50 or 60)) throw new FilmPlanException("A film has 24, 25, 30, 50 or 60 pictures a second.");
        if (settings.DurationSeconds is not (>= 0.5 and <= 60_000)) throw new FilmPlanException("A film lasts from half a second to 60,000 seconds.");
        if (!IsSide(settings.Width) || !IsSide(settings.Height)) throw new FilmPlanException("A film's sides are even numbers of pixels from 16 to 8192.");
        if (settings.TransitionSeconds is not (>= WireLimits.MinTransitionSeconds and <= WireLimits.MaxTransitionSeconds))
            throw new FilmPlanException($"A transition takes {WireLimits.MinTransitionSeconds} to {WireLimits.MaxTransitionSeconds} seconds.");
        if (frames.Count == 0) throw new FilmPlanException("A film needs at least one frame.");
        if (!frames.All(frame => double.IsFinite(frame.Share) && frame.Share > 0)) throw new FilmPlanException("Every frame is seen for some time.");
        if (frames.Select(frame => frame.Number).Distinct().Count() != frames.Count) throw new FilmPlanException("Two frames have the same number.");
        if (frames.Any(frame => frame.Number < 1)) throw new FilmPlanException("Frames are numbered from 1.");
        if (frames.Any(frame => frame.Sha256 is not { Length: 64 } || !frame.Sha256.All(char.IsAsciiHexDigitLower)))
            throw new FilmPlanException("A frame's SHA-256 has 64 lower-case hex digits.");
    }

    private static bool IsSide(int pixels) => pixels is >= 16 and <= 8192 && pixels % 2 == 0;
}
