using System.Runtime.CompilerServices;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace VideoService.Videos;

/// <summary>
/// Reads what HLS films have so far, for all in this process who wait for it. A film is read once for each time that the reader of events has seen it go on, however many wait: that is at once after a commit here, else within
/// 250 ms, and takes one statement for all films.
/// </summary>
internal sealed class PlaylistReader(EventReader reader, VideoTable videos, PinTable pins, SegmentTable segments, TimeProvider clock)
{
    private readonly ConditionalWeakTable<Sight, Lazy<Task<PlayableFilm>>> _looks = [];

    /// <summary>The film as it is now.</summary>
    /// <exception cref="FrameVideo.Hosting.ProblemException">There is none.</exception>
    public async Task<PlayableFilm> ReadAsync(UserId userId, VideoId videoId, CancellationToken cancellationToken)
    {
        // Before the segments: of one that ends in between all are named.
        var row = await videos.RequireAsync(userId, videoId, cancellationToken);
        var known = await segments.ListAsync(videoId, cancellationToken);
        return new PlayableFilm(row, [.. (await pins.PiecesAsync([videoId], cancellationToken))[videoId]], known);
    }

    /// <summary>The film as soon as it answers a question, or has ended; as it is after some time, or when somebody gives up, else.</summary>
    /// <param name="film">The film as it was read last.</param>
    /// <param name="isEnough">The question.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="stopping">Ends the waiting early, without an error.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FrameVideo.Hosting.ProblemException">The film was removed.</exception>
    public async Task<PlayableFilm> WaitAsync(PlayableFilm film, Func<PlayableFilm, bool> isEnough, TimeSpan patience, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        var late = Task.Delay(patience, clock, end.Token);
        using var followed = reader.Follow(StateOf(film.Row));
        while (film.Row.IsOpen && !isEnough(film))
        {
            var sight = followed.Now;
            if (sight.State?.Revision <= film.Row.Revision)
            {
                if (await Task.WhenAny(sight.Passed, late) == late) break;
                continue;
            }

            film = await _looks.GetValue(sight, _ => new Lazy<Task<PlayableFilm>>(() => ReadAsync(film.Row.UserId, film.Row.VideoId, CancellationToken.None))).Value.WaitAsync(cancellationToken);
        }

        await end.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return film;
    }

    private static ResourceState StateOf(VideoRow row) => new()
    {
        UserId = row.UserId,
        ResourceId = row.VideoId.ToString(),
        Number = row.EventNumber,
        Revision = row.Revision,
        Status = row.Status,
        Stage = row.Stage,
        Progress = row.Progress,
        IsEnded = !row.IsOpen,
    };
}

/// <summary>An HLS film and what lies in the store of it.</summary>
/// <param name="Row">The film.</param>
/// <param name="Pieces">Its pieces.</param>
/// <param name="Segments">Its segments, of all tracks.</param>
internal sealed record PlayableFilm(VideoRow Row, IReadOnlyList<VideoPieceRow> Pieces, IReadOnlyList<VideoSegmentRow> Segments);
