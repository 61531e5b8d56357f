using FrameVideo.Contracts;
using FrameVideo.Storage;
using VideoService.Rendering;

namespace VideoService.Videos;

/// <summary>Cuts the pieces of an HLS film into segments and puts these into its folder. Named by their bytes, they are found again by whoever does the same, and a playlist that was read stays true.</summary>
internal sealed class PutSegments(FilmRenderer renderer, SegmentTable segments, IObjectStore store)
{
    /// <summary>The places of those pieces that need no cut: all of them where the film has no playlist. One of which the head alone was cut needs it.</summary>
    public async Task<IReadOnlySet<int>> DoneAsync(VideoRow row, FilmPlan plan, CancellationToken cancellationToken) => row.Asked.Format == VideoFormat.Hls
        ? (await segments.ListAsync(row.VideoId, cancellationToken)).Where(segment => segment.Track == VideoSegmentRow.Video).GroupBy(segment => segment.Position)
            .Where(piece => piece.Key < plan.Pieces.Count && Playlist.IsWhole(piece, plan.Pieces[piece.Key].FrameCount, row.Fps)).Select(piece => piece.Key).ToHashSet()
        : Enumerable.Range(0, plan.Pieces.Count).ToHashSet();

    /// <summary>The segments of one piece.</summary>
    /// <param name="row">The film.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="position">Which of its pieces.</param>
    /// <param name="path">The piece's file; others beside it are written and removed.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="ObjectStoreException">The store does not take them now.</exception>
    public Task<IReadOnlyList<VideoSegmentRow>> RunAsync(VideoRow row, FilmPlan plan, int position, string path, CancellationToken cancellationToken) => BesideAsync(path, async beside =>
    {
        var piece = plan.Pieces[position];
        return await PutAsync(row, VideoSegmentRow.Video, position, piece.Number, await renderer.SegmentAsync(plan, piece, path, beside, cancellationToken), cancellationToken);
    });

    /// <summary>The segments of the beginning of a piece that has a head: those that the whole piece will have, too.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public Task<IReadOnlyList<VideoSegmentRow>> HeadAsync(VideoRow row, FilmPlan plan, int position, Piece head, string path, CancellationToken cancellationToken) => BesideAsync(path, async beside =>
        await PutAsync(row, VideoSegmentRow.Video, position, head.Number, await renderer.SegmentAsync(plan, head, path, beside, cancellationToken), cancellationToken));

    /// <summary>The segments of the film's sound; none where it has none, is of another format, or has them already.</summary>
    /// <param name="row">The film.</param>
    /// <param name="path">The sound's file; others beside it are written and removed.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="ObjectStoreException">The store does not take them now.</exception>
    public async Task<IReadOnlyList<VideoSegmentRow>> SoundAsync(VideoRow row, string? path, CancellationToken cancellationToken)
    {
        if (path is null || row.Asked.Format != VideoFormat.Hls || (await segments.ListAsync(row.VideoId, cancellationToken)).Any(segment => segment.Track == VideoSegmentRow.Sound)) return [];
        return await BesideAsync(path, async beside =>
            await PutAsync(row, VideoSegmentRow.Sound, position: 0, number: 1, await renderer.SegmentSoundAsync(path, beside, cancellationToken), cancellationToken));
    }

    /// <summary>The film's captions, in one segment, which is as long as the film; none where it has no text track, is of another format, or has them already.</summary>
    /// <param name="row">The film.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="path">A file that is written anew.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="ObjectStoreException">The store does not take them now.</exception>
    public async Task<IReadOnlyList<VideoSegmentRow>> CaptionsAsync(VideoRow row, FilmPlan plan, string path, CancellationToken cancellationToken)
    {
        if (!row.HasCaptionTrack || (await segments.ListAsync(row.VideoId, cancellationToken)).Any(segment => segment.Track == VideoSegmentRow.Captions)) return [];
        await File.WriteAllTextAsync(path, WebVtt.Segment(plan), cancellationToken);
        var key = await PutAsync(path, sha256 => ObjectKeys.Segment(row.UserId, row.RequestId, row.VideoId, 1, sha256, "vtt"), cancellationToken);
        return [new VideoSegmentRow { VideoId = row.VideoId, Track = VideoSegmentRow.Captions, Seconds = plan.FrameCount / (double)plan.Settings.Fps, ObjectKey = key, InitKey = key }];
    }

    private static async Task<IReadOnlyList<VideoSegmentRow>> BesideAsync(string path, Func<string, Task<IReadOnlyList<VideoSegmentRow>>> cut)
    {
        var beside = $"{path}.segments";
        try
        {
            return await cut(beside);
        }
        finally
        {
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(beside)!, $"{Path.GetFileName(beside)}*")) File.Delete(file);
        }
    }

    private async Task<IReadOnlyList<VideoSegmentRow>> PutAsync(VideoRow row, string track, int position, int number, SegmentedPiece cut, CancellationToken cancellationToken)
    {
        var init = await PutAsync(cut.InitPath, sha256 => ObjectKeys.Init(row.UserId, row.RequestId, row.VideoId, sha256), cancellationToken);
        var rows = new List<VideoSegmentRow>();
        foreach (var segment in cut.Segments)
        {
            var key = await PutAsync(segment.Path, sha256 => ObjectKeys.Segment(row.UserId, row.RequestId, row.VideoId, number, sha256), cancellationToken);
            rows.Add(new VideoSegmentRow { VideoId = row.VideoId, Track = track, Position = position, Part = rows.Count, Seconds = segment.Seconds, ObjectKey = key, InitKey = init });
        }

        return rows;
    }

    private async Task<ObjectKey> PutAsync(string path, Func<string, ObjectKey> name, CancellationToken cancellationToken)
    {
        var file = await FinishedFile.SpoolAsync(path, cancellationToken);
        var key = name(file.Sha256);
        if (await store.PutAsync(key, file, cancellationToken) == PutOutcome.Conflict) throw new IOException($"{key} lies in the store with other bytes.");
        return key;
    }
}
