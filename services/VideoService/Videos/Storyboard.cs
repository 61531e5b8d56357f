using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>How long a film is and which part of it each frame has, as it was asked for.</summary>
internal static class Storyboard
{
    /// <summary>How long a frame is seen where neither the caller nor the session says.</summary>
    private const double DefaultSecondsPerFrame = 5;

    /// <summary>
    /// The film's length: what the frames' own seconds and <c>secondsPerFrame</c> make together; without the latter the session's, in which frames without seconds of
    /// their own share what is left. Where each frame has its own, they are the length.
    /// </summary>
    /// <param name="asked">The settings.</param>
    /// <param name="numbers">All frames of the session.</param>
    /// <param name="sessionSeconds">How long the session says that the film is.</param>
    public static double LengthOf(VideoSettings asked, IReadOnlyCollection<int> numbers, double? sessionSeconds)
    {
        var own = OwnSeconds(asked);
        // Of decimals, as people add them up.
        var sum = (double)numbers.Where(own.ContainsKey).Sum(number => (decimal)own[number]);
        var others = numbers.Count(number => !own.ContainsKey(number));
        if (others == 0) return sum;
        return asked.SecondsPerFrame is { } each ? sum + each * others : sessionSeconds ?? DefaultSecondsPerFrame * numbers.Count;
    }

    /// <summary>All frames with what is wished for them; a share is not above 0 where the others' own seconds leave no time.</summary>
    /// <param name="asked">The settings.</param>
    /// <param name="frames">All frames of the session, those without a picture too.</param>
    /// <param name="duration">The film's length in seconds.</param>
    public static IReadOnlyList<FilmFrame> Of(VideoSettings asked, IReadOnlyCollection<FilmFrame> frames, double duration)
    {
        var own = OwnSeconds(asked);
        var looks = (asked.Frames ?? []).ToDictionary(look => look.Number);
        var joints = (asked.Joints ?? []).ToDictionary(joint => joint.After);
        var others = frames.Count(frame => !own.ContainsKey(frame.Number));
        var left = duration - frames.Sum(frame => own.GetValueOrDefault(frame.Number));
        // Where all have the same, one is the share of each: the places in the film are then those of the even formula to the last bit.
        var even = others == frames.Count ? 1 : asked.SecondsPerFrame ?? left / others;
        return
        [
            .. frames.Select(frame => frame with
            {
                Share = own.TryGetValue(frame.Number, out var seconds) ? seconds : even,
                Look = looks.GetValueOrDefault(frame.Number),
                Joint = joints.GetValueOrDefault(frame.Number),
            }),
        ];
    }

    private static Dictionary<int, double> OwnSeconds(VideoSettings asked) =>
        (asked.Frames ?? []).Where(frame => frame.Seconds is not null).ToDictionary(frame => frame.Number, frame => frame.Seconds!.Value);
}
