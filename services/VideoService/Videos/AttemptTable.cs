using System.Data.Common;
using System.Text.Json;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;

namespace VideoService.Videos;

/// <summary>
/// The statements of a worker. Each writes only while its attempt owns the film (in progress, the same attempt, no tombstone), and says whether it did:
/// a worker that was canceled, or followed by another one, changes nothing any more.
/// </summary>
internal sealed class AttemptTable(DbDataSource database, VideoTable videos, PinTable pins, TimeProvider clock)
{
    // Below the time after which the database ends an idle transaction.
    private static readonly TimeSpan HoldAtMost = TimeSpan.FromSeconds(10);

    private const string Owned = "video_id = @VideoId AND attempt = @Attempt AND status = 'in_progress' AND deleted_at IS NULL";

    /// <summary>Takes a film that is not ended; null where there is nothing to do. Past <paramref name="limit"/> attempts that finished no piece the film fails here.</summary>
    public Task<VideoRow?> BeginAsync(VideoId videoId, int limit, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await videos.LockAsync(transaction, videoId) is not { IsOpen: true } row) return null;
            row = row with
            {
                Status = WireText.Of(VideoStatus.InProgress),
                // One that waits says so until it has come further.
                Stage = row.Stage == WireText.Of(VideoStage.WaitingForStore) || row.Stage == WireText.Of(VideoStage.WaitingForProvider) ? row.Stage : WireText.Of(VideoStage.Loading),
                Attempt = row.Attempt + 1,
                IdleAttempts = row.IdleAttempts + 1,
                StartedAt = row.StartedAt ?? clock.GetUtcNow(),
            };
            if (row.IdleAttempts <= limit)
            {
                await videos.SaveAsync(transaction, row);
                return row;
            }

            await EndAsync(transaction, row, Failures.Exhausted(limit));
            return null;
        },
        cancellationToken);

    /// <summary>Gives the film back without counting the attempt, for the store's outage or this process's end; false where it is not the attempt's any more.</summary>
    public Task<bool> ReleaseAsync(VideoRow row, VideoStage? stage, int progress, CancellationToken cancellationToken) => ExecuteAsync(
        $"""
        UPDATE videos SET revision = revision + 1, idle_attempts = CASE WHEN idle_attempts > 0 THEN idle_attempts - 1 ELSE 0 END, stage = COALESCE(@stage, stage),
          progress = CASE WHEN progress < @progress THEN @progress ELSE progress END
        WHERE {Owned}
        """,
        new { row.VideoId, row.Attempt, stage = stage is { } value ? WireText.Of(value) : null, progress },
        cancellationToken);

    /// <summary>Tells how far it is, and asks whether the attempt still owns the film.</summary>
    public Task<bool> ReportAsync(VideoRow row, VideoStage stage, int progress, CancellationToken cancellationToken) => ExecuteAsync(
        $"UPDATE videos SET revision = revision + 1, stage = @stage, progress = @progress WHERE {Owned}",
        new { row.VideoId, row.Attempt, stage = WireText.Of(stage), progress },
        cancellationToken);

    /// <summary>Asks whether the attempt still owns the film.</summary>
    public async Task<bool> OwnsAsync(VideoRow row, CancellationToken cancellationToken)
    {
        return await database.ReadAsync(
            connection => connection.ExecuteScalarAsync<long>(new CommandDefinition(
                $"SELECT count(*) FROM videos WHERE {Owned}", new { row.VideoId, row.Attempt }, cancellationToken: cancellationToken)),
            cancellationToken) == 1;
    }

    /// <summary>
    /// Writes how the film is cut and how this machine's encoder names its pieces, and answers with the rows; null where the film is not the attempt's any more. A piece that had
    /// another name was made by another encoder or of other frames: it is to be made again.
    /// </summary>
    public Task<IReadOnlyList<VideoPieceRow>?> CutAsync(VideoRow owner, IReadOnlyList<VideoPieceRow> pieces, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            // Whoever removes a piece of the session that no film shows is waited for, and what it removed is not found.
            await VideoTable.LockSessionAsync(transaction, owner.UserId, owner.RequestId);
            if (await LockOwnedAsync(transaction, owner) is null) return null;
            var former = (await pins.PiecesAsync(transaction, owner.VideoId)).AsList();
            var known = former.Where(row => row.Status == VideoPieceRow.Completed).Select(row => row.ObjectKey).ToHashSet();
            var rows = pieces.Select(piece => piece with { Status = known.Contains(piece.ObjectKey) ? VideoPieceRow.Completed : VideoPieceRow.Pending }).ToList();
            await pins.ReplaceAsync(transaction, owner.VideoId, rows);
            // Segments bear their place in the film's time.
            if (!former.Select(PlaceOf).SequenceEqual(rows.Select(PlaceOf))) await SegmentTable.ForgetAsync(transaction, owner.VideoId);
            return (IReadOnlyList<VideoPieceRow>?)rows;

            static (ObjectKey?, int) PlaceOf(VideoPieceRow piece) => (piece.ObjectKey, piece.StartFrame);
        },
        cancellationToken);

    /// <summary>The film goes on without a frame.</summary>
    public Task<bool> FailFrameAsync(VideoRow owner, ResourceError error, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            await VideoTable.LockSessionAsync(transaction, owner.UserId, owner.RequestId);
            if (await LockOwnedAsync(transaction, owner) is null) return false;
            await pins.InsertAsync(transaction, [VideoFrameFailureRow.Of(owner.VideoId, error.Frame!.Value, error)]);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Does something short to what lies under the film's own name, while nobody else can take the film: what a slower attempt does late would else undo the work of the one that
    /// followed it. False, and nothing done, where the film is not the attempt's any more.
    /// </summary>
    public Task<bool> WhileOwnedAsync(VideoRow owner, Func<CancellationToken, Task> action, CancellationToken cancellationToken) =>
        WhileHeldAsync(owner, row => row.State == VideoStatus.InProgress, action, cancellationToken);

    /// <summary>The same where the film ended without a film, and no other attempt has followed.</summary>
    public Task<bool> WhileEndedAsync(VideoRow owner, Func<CancellationToken, Task> action, CancellationToken cancellationToken) =>
        WhileHeldAsync(owner, row => row.State is not (VideoStatus.InProgress or VideoStatus.Completed), action, cancellationToken);

    /// <summary>Segments of the film's sound or captions lie in the store.</summary>
    public Task<bool> AddSegmentsAsync(VideoRow owner, IReadOnlyList<VideoSegmentRow> segments, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await LockOwnedAsync(transaction, owner) is null) return false;
            await SegmentTable.InsertAsync(transaction, segments);
            return true;
        },
        cancellationToken);

    /// <summary>A piece lies in the store, and its segments where it has any: it is marked, told of once where it is a clip, and the attempt was not idle.</summary>
    public Task<bool> CompletePieceAsync(VideoRow owner, VideoPieceRow piece, IReadOnlyList<VideoSegmentRow> segments, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await LockOwnedAsync(transaction, owner) is not { } row) return false;
            row = row with { IdleAttempts = 0 };
            await SegmentTable.InsertAsync(transaction, segments);
            var isNew = await transaction.Connection!.ExecuteAsync(
                "UPDATE video_pieces SET status = 'completed' WHERE video_id = @VideoId AND position = @Position AND status <> 'completed'", piece, transaction) == 1;
            if (isNew && piece.IsClip)
                row = await videos.AppendAsync(transaction, row, "video.clip_completed", new { requestId = row.RequestId, number = piece.Number, objectKey = piece.ObjectKey });
            await videos.SaveAsync(transaction, row);
            return true;
        },
        cancellationToken);

    /// <summary>The film is whole in the store: from this commit on it is seen.</summary>
    public Task<bool> CompleteAsync(VideoRow owner, PublishedFilm film, IReadOnlyList<FrameFailure> frameFailures, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await LockOwnedAsync(transaction, owner) is not { } row) return false;
            row = row with
            {
                Status = WireText.Of(VideoStatus.Completed),
                Stage = null,
                Progress = 100,
                IdleAttempts = 0,
                FilmKey = film.Key,
                PosterKey = film.Poster,
                Sha256 = film.Sha256,
                Bytes = film.Bytes,
                CompletedAt = film.CompletedAt ?? clock.GetUtcNow(),
            };
            row = await videos.AppendAsync(transaction, row, "video.completed", new { requestId = row.RequestId, objectKey = film.Key, sha256 = film.Sha256, bytes = film.Bytes, frameFailures });
            await videos.SaveAsync(transaction, row);
            return true;
        },
        cancellationToken);

    /// <summary>The film cannot be made. Less than <paramref name="idleAttempts"/> attempts without a finished piece leave it as it is, for another one.</summary>
    public Task<bool> FailAsync(VideoRow owner, ResourceError error, int idleAttempts, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await LockOwnedAsync(transaction, owner) is not { } row || row.IdleAttempts < idleAttempts) return false;
            await EndAsync(transaction, row, error);
            return true;
        },
        cancellationToken);

    private async Task EndAsync(DbTransaction transaction, VideoRow row, ResourceError error)
    {
        row = row with { Status = WireText.Of(VideoStatus.Failed), Stage = null, Error = JsonSerializer.Serialize(error, WireJson.Options), CompletedAt = clock.GetUtcNow() };
        row = await videos.AppendAsync(transaction, row, "video.failed", new { requestId = row.RequestId, error });
        await videos.SaveAsync(transaction, row);
    }

    private Task<bool> WhileHeldAsync(VideoRow owner, Func<VideoRow, bool> condition, Func<CancellationToken, Task> action, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await videos.LockAsync(transaction, owner.VideoId) is not { } row || row.Attempt != owner.Attempt || !condition(row)) return false;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(HoldAtMost);
            try
            {
                await action(limit.Token);
                return true;
            }
            catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ObjectStoreUnavailableException("The object store takes too long for so small a thing.", slow);
            }
        },
        cancellationToken);

    private async Task<VideoRow?> LockOwnedAsync(DbTransaction transaction, VideoRow owner)
    {
        var row = await videos.LockAsync(transaction, owner.VideoId);
        return row is { State: VideoStatus.InProgress } && row.Attempt == owner.Attempt ? row : null;
    }

    private async Task<bool> ExecuteAsync(string statement, object parameters, CancellationToken cancellationToken) =>
        await database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(statement, parameters, transaction), cancellationToken) == 1;
}

/// <summary>A film that lies whole in the store and that no row shows yet.</summary>
/// <param name="Key">The film.</param>
/// <param name="Poster">Its poster.</param>
/// <param name="Sha256">Of the film, 64 lower-case hex digits.</param>
/// <param name="Bytes">The film's size.</param>
/// <param name="CompletedAt">When it was whole; the row and the record beside the film say the same. Null in older records.</param>
internal sealed record PublishedFilm(ObjectKey Key, ObjectKey Poster, string Sha256, long Bytes, DateTimeOffset? CompletedAt = null);
