using System.Globalization;
using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>
/// A film cut into pieces: a pure function of settings and frames. The pieces cover the film without gap or overlap, none is empty, and each depends
/// on its own frames alone: one changed picture changes one clip and at most two joints.
/// </summary>
internal sealed class FilmPlan
{
    /// <summary>Goes into every hash; raised whenever the same inputs would give other bytes.</summary>
    public const int RendererVersion = 1;

    /// <summary>A transition's length in seconds, where the neighbours are long enough.</summary>
    public const double TransitionSeconds = 0.8;

    private FilmPlan(FilmSettings settings, int frameCount, IReadOnlyList<Shot> shots, IReadOnlyList<Piece> pieces) =>
        (Settings, FrameCount, Shots, Pieces) = (settings, frameCount, shots, pieces);

    /// <summary>What it was made from.</summary>
    public FilmSettings Settings { get; }

    /// <summary>Film frames in all.</summary>
    public int FrameCount { get; }

    /// <summary>The frames in order, with the time in which each is seen.</summary>
    public IReadOnlyList<Shot> Shots { get; }

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
        var joints = JointPositions(settings, frames);
        var halves = HalfTransitions(settings, joints);

        var shots = new Shot[frames.Count];
        for (var i = 0; i < shots.Length; i++)
        {
            var start = joints[i] - halves[i];
            shots[i] = Shoot(settings, frames[i], start, joints[i + 1] + halves[i + 1] - start);
        }

        var common = CommonInputs(settings, encoderVersion);
        var pieces = new List<Piece>(2 * shots.Length);
        for (var i = 0; i < shots.Length; i++)
        {
            if (halves[i] > 0) pieces.Add(Piece.Create(PieceKind.Joint, joints[i] - halves[i], 2 * halves[i], [shots[i - 1], shots[i]], common));
            var start = joints[i] + halves[i];
            pieces.Add(Piece.Create(PieceKind.Clip, start, joints[i + 1] - halves[i + 1] - start, [shots[i]], common));
        }
        return new FilmPlan(settings, joints[^1], shots, pieces);
    }

    /// <summary>
    /// Where the pictures change: place k of N begins at round(k x D x fps / N), halves upwards. A picture that fills several places is seen through all of them, and there
    /// is no joint between them.
    /// </summary>
    private static int[] JointPositions(FilmSettings settings, IReadOnlyList<FilmFrame> frames)
    {
        var places = frames.Sum(frame => frame.Places);
        var positions = new int[frames.Count + 1];
        var k = 0;
        for (var i = 0; i <= frames.Count; i++)
        {
            positions[i] = (int)Math.Round(k * settings.DurationSeconds * settings.Fps / places, MidpointRounding.AwayFromZero);
            if (i < frames.Count) k += frames[i].Places;
        }
        return positions;
    }

    /// <summary>
    /// Half of each transition in film frames; 0 is a cut, and stands at both ends of the film. Whole halves keep a transition exactly centred; a
    /// quarter of the shorter neighbour on each side makes at most half of it, so that every clip keeps at least half of its time.
    /// </summary>
    private static int[] HalfTransitions(FilmSettings settings, int[] joints)
    {
        var halves = new int[joints.Length];
        if (settings.Transition == Transition.Cut) return halves;
        var wanted = (int)Math.Round(TransitionSeconds * settings.Fps / 2, MidpointRounding.AwayFromZero);
        for (var k = 1; k < joints.Length - 1; k++)
            halves[k] = Math.Min(wanted, Math.Min(joints[k] - joints[k - 1], joints[k + 1] - joints[k]) / 4);
        return halves;
    }

    private static Shot Shoot(FilmSettings settings, FilmFrame frame, int start, int count)
    {
        var fit = settings.Fit ?? PictureFit.Automatic(frame.Width, frame.Height, settings.Width, settings.Height);
        var path = MotionPath.For(settings.Motion, fit, frame.Number, settings.Seed, (double)count / settings.Fps);
        return new Shot(frame.Number, frame.Sha256, fit, start, count, path);
    }

    private static string CommonInputs(FilmSettings settings, string encoderVersion) => string.Create(
        CultureInfo.InvariantCulture,
        $"renderer {RendererVersion}\nencoder {encoderVersion}\n{string.Join(' ', EncoderArguments.For(settings))}\n");

    private static void Check(FilmSettings settings, IReadOnlyList<FilmFrame> frames)
    {
        if (settings.Fps is not (24 or 25 or 30 or 50 or 60)) throw new FilmPlanException("A film has 24, 25, 30, 50 or 60 pictures a second.");
        if (settings.DurationSeconds is not (>= 0.5 and <= 60_000)) throw new FilmPlanException("A film lasts from half a second to 60,000 seconds.");
        if (!IsSide(settings.Width) || !IsSide(settings.Height)) throw new FilmPlanException("A film's sides are even numbers of pixels from 16 to 4096.");
        if (frames.Count == 0) throw new FilmPlanException("A film needs at least one frame.");

        // Below one film frame for each, two positions could round to the same.
        if (frames.Any(frame => frame.Places < 1)) throw new FilmPlanException("A frame fills at least its own place.");
        var places = frames.Sum(frame => frame.Places);
        if (settings.DurationSeconds * settings.Fps < places)
            throw new FilmPlanException($"{places} frames do not fit in {settings.DurationSeconds:0.###} s at {settings.Fps} pictures a second.");
        if (frames.Select(frame => frame.Number).Distinct().Count() != frames.Count) throw new FilmPlanException("Two frames have the same number.");
        if (frames.Any(frame => frame.Number < 1)) throw new FilmPlanException("Frames are numbered from 1.");
        if (frames.Any(frame => frame.Sha256 is not { Length: 64 } || !frame.Sha256.All(char.IsAsciiHexDigitLower)))
            throw new FilmPlanException("A frame's SHA-256 has 64 lower-case hex digits.");
    }

    private static bool IsSide(int pixels) => pixels is >= 16 and <= 4096 && pixels % 2 == 0;
}
