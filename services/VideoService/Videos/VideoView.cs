using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using VideoService.Clips;
using VideoService.Rendering;
using VideoService.Retention;

namespace VideoService.Videos;

/// <summary>Shows rows as callers see them, with addresses.</summary>
internal sealed class VideoView(PublicLinks links, IObjectStore store, PinTable pins, ClipTaskTable clipTasks, Spending spending, FrameRevisions revisions, FilmRetention retention)
{
    /// <summary>Where a film is found, as a path of this service.</summary>
    public static string PathOf(VideoId videoId) => $"/v1/videos/{videoId}";

    /// <summary>The same, as clients call it.</summary>
    public string Self(VideoId videoId) => links.To(PathOf(videoId));

    /// <summary>One film.</summary>
    public async Task<Video> ShowAsync(VideoRow row, CancellationToken cancellationToken) => (await ShowAsync([row], cancellationToken))[0];

    /// <summary>One film of which it is known whether it is stale.</summary>
    public async Task<Video> ShowAsync(VideoRow row, bool? stale, CancellationToken cancellationToken) => (await ShowAsync([row], _ => stale, cancellationToken))[0];

    /// <summary>What an answer hangs on beside the row's revision, since nothing of the row changes when the session's frames move on.</summary>
    public static string? VariantOf(bool? stale) => stale switch { true => "stale", false => null, null => "unknown" };

    /// <summary>Some films, in their order.</summary>
    public async Task<IReadOnlyList<Video>> ShowAsync(IReadOnlyList<VideoRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return [];
        var present = await revisions.ReadAsync(rows.Select(row => (row.UserId, row.RequestId)), cancellationToken);
        return await ShowAsync(rows, row => present.TryGetValue((row.UserId, row.RequestId), out var revision) ? revision != row.FramesRevision : null, cancellationToken);
    }

    /// <summary>Whether the session's frames have moved on from those that the film shows; null where FrameService does not say.</summary>
    public async Task<bool?> IsStaleAsync(VideoRow row, CancellationToken cancellationToken) =>
        (await revisions.ReadAsync([(row.UserId, row.RequestId)], cancellationToken)).TryGetValue((row.UserId, row.RequestId), out var revision) ? revision != row.FramesRevision : null;

    private async Task<IReadOnlyList<Video>> ShowAsync(IReadOnlyList<VideoRow> rows, Func<VideoRow, bool?> stale, CancellationToken cancellationToken)
    {
        var pieces = await pins.PiecesAsync(rows.Select(row => row.VideoId), cancellationToken);
        var failures = await pins.FailuresAsync(rows.Where(row => row.Asked.OnFrameFailure != OnFrameFailure.Fail).Select(row => row.VideoId), cancellationToken);
        var foreign = rows.Where(row => row.Asked.HasForeignClips).ToList();
        var unmade = await clipTasks.FallenBackAsync([.. foreign.Select(row => row.VideoId)], cancellationToken);
        var used = new Dictionary<VideoId, IReadOnlyList<UsageItem>>();
        foreach (var row in foreign) used[row.VideoId] = await spending.ItemsAsync(row.UserId, row.VideoId.ToString(), cancellationToken);
        return [.. rows.Select(row => Show(row, [.. pieces[row.VideoId]], failures[row.VideoId], unmade[row.VideoId], used.GetValueOrDefault(row.VideoId, []), stale(row)))];
    }

    private Video Show(VideoRow row, IReadOnlyList<VideoPieceRow> pieces, IEnumerable<VideoFrameFailureRow> failures, IEnumerable<ClipWantRow> unmade, IReadOnlyList<UsageItem> used, bool? stale)
    {
        var self = Self(row.VideoId);
        var clips = pieces.Where(piece => piece.IsClip).ToList();
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
            Format = row.Asked.Format,
            Clips = [.. clips.Select(ShowClip)],
            FramesRevision = row.FramesRevision,
            Stale = stale,
            FrameFailures = FrameGaps.Tell(failures.Select(failure => KeyValuePair.Create(failure.Number, failure.Why)), [.. clips.Select(clip => clip.Number)], row.Asked.OnFrameFailure, unmade.Select(want => KeyValuePair.Create(want.Number, want.Why!))),
            Sha256 = row.Sha256,
            Bytes = row.Bytes,
            ObjectKey = row.FilmKey,
            Usage = new Usage("framevideo", 0, used.Sum(item => item.CostUsd)) { Items = used },
            Metadata = row.Metadata is { } notes ? JsonSerializer.Deserialize<Dictionary<string, string>>(notes, WireJson.Options) : null,
            CreatedAt = row.CreatedAt,
            StartedAt = row.StartedAt,
            CompletedAt = row.CompletedAt,
            ExpiresAt = retention.ExpiryOf(row),
            Error = row.Error is { } error ? JsonSerializer.Deserialize<ResourceError>(error, WireJson.Options) : null,
            Links = new VideoLinks(
                self, links.WithoutHeaders(row.UserId, $"{PathOf(row.VideoId)}/events", EventFeed.LinkLifetime), row.IsOpen ? $"{self}/cancel" : null,
                LinkTo(row.FilmKey), LinkTo(row.PosterKey), row.IsRetryable ? $"{self}/retry" : null, stale == true ? $"{self}/rerender" : null,
                row.Asked.Format == VideoFormat.Hls ? links.WithoutHeaders(row.UserId, VideoPlaylist.PathOf(row.VideoId), VideoPlaylist.LinkLifetime) : null,
                row.FilmKey is not null && row.Asked.Captions is not null ? LinkTo(ObjectKeys.Captions(row.UserId, row.RequestId, row.VideoId)) : null),
        };
    }

    private Clip ShowClip(VideoPieceRow piece)
    {
        var isThere = piece.Status == VideoPieceRow.Completed;
        return new Clip(piece.Number, piece.Status, piece.StartFrame, piece.FrameCount, isThere ? LinkTo(piece.ObjectKey) : null);
    }

    private string? LinkTo(ObjectKey? key) => key is { } there ? store.Link(there).Url : null;
}
