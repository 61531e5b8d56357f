using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace VideoService.Videos;

/// <summary>The statements on what a film is made of: <c>video_frames</c>, <c>video_frame_failures</c> and <c>video_pieces</c>.</summary>
internal sealed class PinTable(DbDataSource database)
{
    private const string FrameColumns = "video_id, number, status, object_key, sha256, width, height, timestamp, description, prompt, scene_story";
    private const string PieceColumns = "video_id, position, kind, number, start_frame, frame_count, object_key, status";

    /// <summary>Adds a frame; <paramref name="inline"/> are its bytes where the store does not have them.</summary>
    public Task InsertAsync(DbTransaction transaction, VideoFrameRow row, byte[]? inline) => transaction.Connection!.ExecuteAsync(
        $"""
        INSERT INTO video_frames ({FrameColumns}, inline)
        VALUES (@VideoId, @Number, @Status, @ObjectKey, @Sha256, @Width, @Height, @Timestamp, @Description, @Prompt, @SceneStory, @inline)
        """,
        new { row.VideoId, row.Number, row.Status, row.ObjectKey, row.Sha256, row.Width, row.Height, row.Timestamp, row.Description, row.Prompt, row.SceneStory, inline },
        transaction);

    /// <summary>Adds the pieces.</summary>
    public Task InsertAsync(DbTransaction transaction, IEnumerable<VideoPieceRow> rows) => transaction.Connection!.ExecuteAsync(
        $"INSERT INTO video_pieces ({PieceColumns}) VALUES (@VideoId, @Position, @Kind, @Number, @StartFrame, @FrameCount, @ObjectKey, @Status)", rows, transaction);

    /// <summary>Adds frames that the film goes without; one that is there already stays.</summary>
    public Task InsertAsync(DbTransaction transaction, IEnumerable<VideoFrameFailureRow> rows) => transaction.Connection!.ExecuteAsync(
        "INSERT INTO video_frame_failures (video_id, number, error) VALUES (@VideoId, @Number, @Error) ON CONFLICT (video_id, number) DO NOTHING", rows, transaction);

    /// <summary>Forgets that pictures were missing or damaged which had been pinned: they are looked for again.</summary>
    public Task ForgetFailuresAsync(DbTransaction transaction, VideoId videoId) => transaction.Connection!.ExecuteAsync(
        "DELETE FROM video_frame_failures WHERE video_id = @videoId AND number IN (SELECT number FROM video_frames WHERE video_id = @videoId)", new { videoId }, transaction);

    /// <summary>The frames that some films go without.</summary>
    public async Task<ILookup<VideoId, VideoFrameFailureRow>> FailuresAsync(IEnumerable<VideoId> videoIds, CancellationToken cancellationToken)
    {
        var (names, ids) = ListOf(videoIds);
        if (names.Length == 0) return Array.Empty<VideoFrameFailureRow>().ToLookup(row => row.VideoId);
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<VideoFrameFailureRow>(new CommandDefinition(
                $"SELECT video_id, number, error FROM video_frame_failures WHERE video_id IN ({names}) ORDER BY video_id, number", ids, cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.ToLookup(row => row.VideoId);
    }

    /// <summary>The frames of a film, in order.</summary>
    public async Task<IReadOnlyList<VideoFrameRow>> FramesAsync(VideoId videoId, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<VideoFrameRow>(new CommandDefinition(
                $"SELECT {FrameColumns} FROM video_frames WHERE video_id = @videoId ORDER BY number", new { videoId }, cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }

    /// <summary>The bytes of an inline frame; null where the store is to be asked.</summary>
    public async Task<byte[]?> InlineAsync(VideoId videoId, int number, CancellationToken cancellationToken)
    {
        return await database.ReadAsync(
            connection => connection.QuerySingleOrDefaultAsync<byte[]?>(new CommandDefinition(
                "SELECT inline FROM video_frames WHERE video_id = @videoId AND number = @number", new { videoId, number }, cancellationToken: cancellationToken)),
            cancellationToken);
    }

    /// <summary>The pieces of a film that a transaction has taken.</summary>
    public Task<IEnumerable<VideoPieceRow>> PiecesAsync(DbTransaction transaction, VideoId videoId) => transaction.Connection!.QueryAsync<VideoPieceRow>(
        $"SELECT {PieceColumns} FROM video_pieces WHERE video_id = @videoId ORDER BY position", new { videoId }, transaction);

    /// <summary>Writes the pieces in place of those that were there.</summary>
    public async Task ReplaceAsync(DbTransaction transaction, VideoId videoId, IEnumerable<VideoPieceRow> rows)
    {
        await transaction.Connection!.ExecuteAsync("DELETE FROM video_pieces WHERE video_id = @videoId", new { videoId }, transaction);
        await InsertAsync(transaction, rows);
    }

    /// <summary>The pieces of some films, in order.</summary>
    public async Task<ILookup<VideoId, VideoPieceRow>> PiecesAsync(IEnumerable<VideoId> videoIds, CancellationToken cancellationToken)
    {
        var (names, ids) = ListOf(videoIds);
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<VideoPieceRow>(new CommandDefinition(
                $"SELECT {PieceColumns} FROM video_pieces WHERE video_id IN ({names}) ORDER BY video_id, position", ids, cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.ToLookup(row => row.VideoId);
    }

    // Dapper's own list is an array to Npgsql, for which SQLite has no word.
    private static (string Names, DynamicParameters Ids) ListOf(IEnumerable<VideoId> videoIds)
    {
        var ids = new DynamicParameters();
        var names = string.Join(", ", videoIds.Select((id, i) =>
        {
            ids.Add($"id{i}", id.ToString());
            return $"@id{i}";
        }));
        return (names, ids);
    }
}
