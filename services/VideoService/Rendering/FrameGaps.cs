using FrameVideo.Contracts;

namespace VideoService.Rendering;

/// <summary>Closes the gaps that frames without a picture leave in a film.</summary>
internal static class FrameGaps
{
    /// <summary>The frames to be filmed, in their order: a held frame's time goes to the one whose picture is seen instead, and what follows the last of them follows that.</summary>
    /// <param name="storyboard">All frames.</param>
    /// <param name="failed">The numbers of those that have no usable picture.</param>
    /// <param name="mode">What becomes of them.</param>
    public static IReadOnlyList<FilmFrame> Close(IEnumerable<FilmFrame> storyboard, IReadOnlyCollection<int> failed, OnFrameFailure mode)
    {
        var all = storyboard.OrderBy(frame => frame.Number).ToList();
        var shown = all.Where(frame => !failed.Contains(frame.Number)).ToList();
        if (mode != OnFrameFailure.Hold || shown.Count == 0) return shown;
        var numbers = shown.Select(frame => frame.Number).ToList();
        var places = all.ToLookup(frame => failed.Contains(frame.Number) ? HolderOf(frame.Number, numbers) : frame.Number);
        return [.. shown.Select(frame => frame with { Share = places[frame.Number].Sum(place => place.Share), Joint = places[frame.Number].Last().Joint })];
    }

    /// <summary>Whose picture is seen in the time of a frame that has none: the one before it, else the first.</summary>
    /// <param name="number">The frame without a picture.</param>
    /// <param name="shown">The frames that are shown, at least one, in order.</param>
    public static int HolderOf(int number, IReadOnlyList<int> shown) => shown.LastOrDefault(other => other < number, shown[0]);

    /// <summary>As callers see it.</summary>
    /// <param name="errors">Why each frame has no picture, by number.</param>
    /// <param name="shown">The frames that are shown, in order; may be empty.</param>
    /// <param name="mode">What becomes of them.</param>
    /// <param name="unmade">Why no AI service has made a frame's clip, by number; the renderer has.</param>
    public static IReadOnlyList<FrameFailure> Tell(IEnumerable<KeyValuePair<int, ResourceError>> errors, IReadOnlyList<int> shown, OnFrameFailure mode, IEnumerable<KeyValuePair<int, ResourceError>>? unmade = null) =>
        [.. errors.Select(error => mode == OnFrameFailure.Hold
            ? new FrameFailure(error.Key, FrameOutcome.Held, shown.Count == 0 ? null : HolderOf(error.Key, shown), error.Value)
            : new FrameFailure(error.Key, FrameOutcome.Skipped, null, error.Value))
            .Concat((unmade ?? []).Select(error => new FrameFailure(error.Key, FrameOutcome.Rendered, null, error.Value))).OrderBy(failure => failure.Number)];
}
