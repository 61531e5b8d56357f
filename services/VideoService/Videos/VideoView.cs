using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using VideoService.Retention;

namespace VideoService.Videos;

/// <summary>Shows rows as callers see them, with addresses.</summary>
internal sealed class VideoView(PublicLinks links, IObjectStore store, PinTable pins, FilmRetention retention)
{
    /// <summary>Where a film is found, as a path of this service.</summary>
    public static string PathOf(VideoId videoId) => $"/v1/videos/{videoId}";

    /// <summary>The same, as clients call it.</summary>
    public string Self(VideoId videoId) => links.To(PathOf(videoId));

    /// <summary>One film.</summary>
    public async Task<Video> ShowAsync(VideoRow row, CancellationToken cancellationToken) => (await ShowAsync([row], cancellationToken))[0];

    /// <summary>Some films, in their order.</summary>
    public async Task<IReadOnlyList<Video>> ShowAsync(IReadOnlyList<VideoRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return [];
        var pieces = await pins.PiecesAsync(rows.Select(row => row.VideoId), cancellationToken);
        return [.. rows.Select(row => Show(row, pieces[row.VideoId]))];
    }

    private Video Show(VideoRow row, IEnumerable<VideoPieceRow> pieces)
    {
        var self = Self(row.VideoId);
        return new Video
        {
            Id = row.VideoId,
            RequestId = row.RequestId,
            UserId = row.UserId,
            Status = row.State,
            Stage = row.Stage is { } stage ? WireText.Parse<VideoStage>(stage) : null,
            Progress = row.Progress,
            Duration = row.Duration,
            Fps = row.Fps,
            Width = row.Width,
            Height = row.Height,
            Clips = [.. pieces.Where(piece => piece.IsClip).Select(ShowClip)],
            FramesRevision = row.FramesRevision,
            Sha256 = row.Sha256,
            Bytes = row.Bytes,
            ObjectKey = row.FilmKey,
            Usage = new Usage("framevideo", 0, 0),
            Metadata = row.Metadata is { } notes ? JsonSerializer.Deserialize<Dictionary<string, string>>(notes, WireJson.Options) : null,
            CreatedAt = row.CreatedAt,
            StartedAt = row.StartedAt,
            CompletedAt = row.CompletedAt,
            ExpiresAt = retention.ExpiryOf(row),
            Error = row.Error is { } error ? JsonSerializer.Deserialize<ResourceError>(error, WireJson.Options) : null,
            Links = new VideoLinks(self, $"{self}/events", row.IsOpen ? $"{self}/cancel" : null, LinkTo(row.FilmKey), LinkTo(row.PosterKey)),
        };
    }

    private Clip ShowClip(VideoPieceRow piece)
    {
        var isThere = piece.Status == VideoPieceRow.Completed;
        return new Clip(piece.Number, piece.Status, piece.StartFrame, piece.FrameCount, isThere ? LinkTo(piece.ObjectKey) : null);
    }

    private string? LinkTo(ObjectKey? key) => key is { } there ? store.Link(there).Url : null;
}
