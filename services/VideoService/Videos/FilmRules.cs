using System.Globalization;
using FrameVideo.Contracts;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>What a film may be asked for, as far as that hangs on its session and on the operator's limits.</summary>
internal static class FilmRules
{
    /// <summary>Names fields that do not fit the session's frames.</summary>
    /// <param name="asked">What was asked for, each field allowed by itself.</param>
    /// <param name="numbers">The session's frames, in order, at least one.</param>
    /// <exception cref="FrameVideo.Hosting.ProblemException">A frame that is not there, or nothing that follows one.</exception>
    public static void RequireFrames(VideoSettings asked, IReadOnlyList<int> numbers)
    {
        var known = numbers.ToHashSet();
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (i, frame) in (asked.Frames ?? []).Index())
        {
            if (!known.Contains(frame.Number)) errors[$"frames[{i}].number"] = [$"The session has no frame {frame.Number}; it has {numbers.Count}, the last is {numbers[^1]}."];
        }
        foreach (var (i, joint) in (asked.Joints ?? []).Index())
        {
            if (joint.After == numbers[^1]) errors[$"joints[{i}].after"] = [$"Frame {joint.After} is the last one; nothing comes after it."];
            else if (!known.Contains(joint.After)) errors[$"joints[{i}].after"] = [$"The session has no frame {joint.After}; it has {numbers.Count}, the last is {numbers[^1]}."];
        }
        CreateVideoRules.Refuse(errors);
    }

    /// <summary>The same wishes without those for frames that are no longer there; for a film that is asked for again.</summary>
    public static VideoSettings WithoutOthers(VideoSettings asked, IReadOnlyCollection<int> numbers) => asked with
    {
        Frames = asked.Frames?.Where(frame => numbers.Contains(frame.Number)).ToList(),
        Joints = asked.Joints?.Where(joint => numbers.Contains(joint.After)).ToList(),
    };

    /// <summary>Refuses frames whose own seconds leave no time for the others.</summary>
    public static void RequireTime(IReadOnlyCollection<FilmFrame> storyboard, FilmSettings film)
    {
        var without = storyboard.Where(frame => !(frame.Share > 0)).ToList();
        if (without.Count == 0) return;
        var own = storyboard.Sum(frame => frame.Look?.Seconds ?? 0);
        CreateVideoRules.Refuse(new(StringComparer.Ordinal)
        {
            ["frames"] = [string.Create(CultureInfo.InvariantCulture, $"The frames' own seconds are {own:0.###}, the film's {film.DurationSeconds:0.###}: nothing is left for the other {without.Count}. Give less, or secondsPerFrame for the others.")],
        });
    }

    /// <summary>Refuses a film that is larger than the operator allows.</summary>
    public static void RequireSize(VideoSettings asked, AspectRatio ratio, int width, int height, long maxPixels)
    {
        if ((long)width * height <= maxPixels) return;
        var largest = Enum.GetValues<Resolution>().Where(resolution => FilmSize.Of(ratio, resolution) is var (w, h) && (long)w * h <= maxPixels).Select(WireText.Of).LastOrDefault();
        var advice = largest is null ? "" : $" The largest resolution of {ratio} here is {largest}.";
        CreateVideoRules.Refuse(new(StringComparer.Ordinal)
        {
            [asked.Resolution is null ? "aspectRatio" : "resolution"] =
                [string.Create(CultureInfo.InvariantCulture, $"A film of {width} x {height} has more pixels than the {maxPixels / 1_000_000.0:0.##} million that are allowed here.{advice}")],
        });
    }
}
