using FrameVideo.Contracts;
using VideoService.Clips;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>
/// Cuts a film into pieces of what can be shown. Where frames may fail (skip, hold), every picture is looked at first: one that is missing changes all other
/// pieces, so it should be known before any is rendered.
/// </summary>
internal sealed partial class PlanFilm(PinTable pins, AttemptTable attempts, PinnedPictures pictures, FilmRenderer renderer, ILogger<PlanFilm> logger)
{
    private const int LooksAtATime = 4;

    /// <summary>The film as it can be made now.</summary>
    /// <exception cref="FrameMissingException">No frame is left, this one was the last; likewise <see cref="PictureException"/>.</exception>
    public async Task<PlannedFilm> RunAsync(VideoRow row, Ownership owner)
    {
        var mode = row.Asked.OnFrameFailure;
        var frames = await pins.FramesAsync(row.VideoId, owner.Token);
        var failed = (await FailedAsync(row, mode, owner.Token)).ToDictionary(failure => failure.Number, failure => failure.Why);
        if (mode != OnFrameFailure.Fail)
        {
            var toLookAt = frames.Where(frame => !failed.ContainsKey(frame.Number)).ToList();
            await Parallel.ForEachAsync(toLookAt, new ParallelOptions { MaxDegreeOfParallelism = LooksAtATime, CancellationToken = owner.Token }, async (frame, token) =>
            {
                try
                {
                    await using var picture = await pictures.OpenAsync(frame, token);
                    await renderer.CheckAsync(frame.Film, picture, token);
                }
                catch (Exception problem) when (Failures.OfFrame(problem) is { } error)
                {
                    await GoOnWithoutAsync(row, error, owner);
                    lock (failed) failed[frame.Number] = error;
                }
            });
        }

        // Frames that were never pinned have their time, too.
        var others = failed.Keys.Except(frames.Select(frame => frame.Number)).Select(FilmFrame.WithoutPicture);
        var storyboard = Storyboard.Of(row.Asked, [.. frames.Select(frame => frame.Film), .. others], row.Duration);
        var shown = FrameGaps.Close(storyboard, failed.Keys, mode);
        if (shown.Count == 0) throw new NoFrameLeftException(failed.MinBy(failure => failure.Key).Value);
        var captions = row.Asked.Captions;
        var texts = frames.ToDictionary(frame => frame.Number, frame => captions?.Of(frame.Number, frame.Description));
        shown = [.. shown.Select(frame => frame with { Caption = texts.GetValueOrDefault(frame.Number) })];
        return new PlannedFilm(await renderer.PlanAsync(row.Film, shown, owner.Token), frames, shown, failed);
    }

    /// <summary>Remembers a frame that the film goes without.</summary>
    public async Task GoOnWithoutAsync(VideoRow row, ResourceError error, Ownership owner)
    {
        if (!await attempts.FailFrameAsync(row, error, owner.Token)) owner.Lose();
        WithoutFrame(error.Frame!.Value, error.Message);
    }

    private async Task<IEnumerable<VideoFrameFailureRow>> FailedAsync(VideoRow row, OnFrameFailure mode, CancellationToken cancellationToken) =>
        mode == OnFrameFailure.Fail ? [] : (await pins.FailuresAsync([row.VideoId], cancellationToken))[row.VideoId];

    [LoggerMessage(LogLevel.Warning, "The film goes on without frame {Frame}. {Reason}")]
    private partial void WithoutFrame(int frame, string reason);
}

/// <summary>A film that is cut.</summary>
/// <param name="Plan">Its pieces.</param>
/// <param name="Frames">All frames that were pinned.</param>
/// <param name="Shown">What was cut: those that are seen, in order.</param>
/// <param name="Failed">Those that it goes without, with the reason, by number.</param>
internal sealed record PlannedFilm(FilmPlan Plan, IReadOnlyList<VideoFrameRow> Frames, IReadOnlyList<FilmFrame> Shown, IReadOnlyDictionary<int, ResourceError> Failed)
{
    /// <summary>The clips of AI services that are seen in place of pictures, by number.</summary>
    public IReadOnlyDictionary<int, ClipTaskRow> Footage { get; init; } = new Dictionary<int, ClipTaskRow>();

    /// <summary>Frames that the renderer makes since a service did not, with the reason, by number.</summary>
    public IReadOnlyDictionary<int, ResourceError> Unmade { get; init; } = new Dictionary<int, ResourceError>();

    /// <summary>As callers see it.</summary>
    public IReadOnlyList<FrameFailure> Failures(OnFrameFailure mode) => FrameGaps.Tell(Failed, [.. Plan.Shots.Select(shot => shot.Number)], mode, Unmade);
}
