using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>The playlist of an HLS film, made of rows: whichever instance is asked, it names what lies in the store by now.</summary>
internal static class VideoPlaylist
{
    /// <summary>How long the playlist's own link works: a film is watched more than once.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(48);

    /// <summary>How long a caller is kept waiting for the first segment; players give up after twenty seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>No segment of sound is longer.</summary>
    private const double SoundSeconds = 3;

    public static void MapVideoPlaylist(this IEndpointRouteBuilder routes) => routes
        .MapGet("/v1/videos/{videoId}/playlist.m3u8", GetAsync).OpenByVideo(VideoEndpoints.RequestOfAsync).MayBeEmbedded().WithName("getVideoPlaylist").WithTags("Videos")
        .WithSummary("The HLS playlist of a film whose format is hls; it plays while the film is rendered.")
        .WithDescription(
            "An EVENT playlist (RFC 8216) of fragmented MP4 that grows by each clip and transition as soon as those before it are there, begins with two seconds of a longer first clip, and ends with the film, be it completed, failed or canceled. Before the first segment is there it waits for up to "
            + "15 s, then answers 409 `video-not-completed`. A film with sound has two such playlists, `track=video` and `track=sound`, and one with captions as a track has a third, `track=captions` (WebVTT, whole from the start); without `track` what leads to them is answered. Every address in it works without headers; `links.playlist` of the video is this address for players, which send none.")
        .WithText(Playlist.MediaType)
        .WithErrors(ErrorCodes.InvalidVideoId, ErrorCodes.TokenExpired, ErrorCodes.InvalidToken, ErrorCodes.VideoNotFound, ErrorCodes.PlaylistNotFound, ErrorCodes.VideoNotCompleted, ErrorCodes.ValidationFailed, ErrorCodes.DatabaseUnavailable);

    /// <summary>Where it is, as a path of this service.</summary>
    public static string PathOf(VideoId videoId) => $"{VideoView.PathOf(videoId)}/playlist.m3u8";

    /// <summary>The film is of another format.</summary>
    public static ProblemException NotFound(VideoRow row) => new(ErrorCodes.PlaylistNotFound, $"The film is {WireText.Of(row.Asked.Format)}; ask for one with the format hls.");

    private static async Task<Results<ContentHttpResult, NotModified>> GetAsync(
        VideoId videoId, string? track, Caller caller, HttpContext context, PlaylistReader reader, IObjectStore store, PublicLinks links, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var film = await reader.ReadAsync(caller.UserId, videoId, cancellationToken);
        var row = film.Row;
        if (row.Asked.Format != VideoFormat.Hls) throw NotFound(row);
        if (track is null && Playlist.HasLead(row)) return Answer(context, Playlist.Lead(row, name => TrackOf(links, row, name)));
        var isThere = track is null or VideoSegmentRow.Video || (track == VideoSegmentRow.Sound && row.Asked.Audio is not null) || (track == VideoSegmentRow.Captions && row.HasCaptionTrack);
        if (!isThere) throw ProblemException.Field("track", "A track is video, or sound or captions where the film has them.");
        film = await reader.WaitAsync(film, now => Playable(now, track).Count > 0, Patience, lifetime.ApplicationStopping, cancellationToken);
        row = film.Row;
        var playable = Playable(film, track);
        if (playable.Count == 0)
        {
            throw row.IsOpen
                ? new ProblemException(ErrorCodes.VideoNotCompleted, $"Nothing of it can be played yet: the video is {row.Status}. Come again.")
                : new ProblemException(ErrorCodes.VideoNotCompleted, $"Nothing of it can be played: the video is {row.Status}. A retry goes on with it.") { RetryAfter = Timeout.InfiniteTimeSpan };
        }

        if (track == VideoSegmentRow.Captions) return Answer(context, Playlist.Captions(playable[0], key => store.Link(key).Url));
        var longest = track == VideoSegmentRow.Sound ? SoundSeconds : film.Pieces.Max(piece => Math.Min(piece.FrameCount, EncoderArguments.MostOfGroup)) / (double)row.Fps;
        return Answer(context, Playlist.Write(row, longest, playable, key => store.Link(key).Url));
    }

    private static IReadOnlyList<VideoSegmentRow> Playable(PlayableFilm film, string? track) => track switch
    {
        VideoSegmentRow.Sound => Playlist.Sound(film),
        VideoSegmentRow.Captions => [.. film.Segments.Where(segment => segment.Track == VideoSegmentRow.Captions)],
        _ => Playlist.Pictures(film),
    };

    private static Results<ContentHttpResult, NotModified> Answer(HttpContext context, string text)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        return Conditional.IsCurrent(context, Conditional.Digest([text])) ? NotModified.Answer : TypedResults.Text(text, Playlist.MediaType);
    }

    private static string TrackOf(PublicLinks links, VideoRow row, string track)
    {
        var link = links.WithoutHeaders(row.UserId, PathOf(row.VideoId), LinkLifetime);
        return $"{link}{(link.Contains('?', StringComparison.Ordinal) ? '&' : '?')}track={track}";
    }
}
