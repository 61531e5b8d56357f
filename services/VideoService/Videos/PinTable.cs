using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace VideoService.Videos;

/// <summary>The statements on what a film is made of: <c>video_frames</c> and <c>video_pieces</c>.</summary>
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

    /// <summary>The pieces of some films, in order.</summary>
    public async Task<ILookup<VideoId, VideoPieceRow>> PiecesAsync(IEnumerable<VideoId> videoIds, CancellationToken cancellationToken)
    {
        // Dapper's own list is an array to Npgsql, for which SQLite has no word.
        var ids = new DynamicParameters();
        var names = string.Join(", ", videoIds.Select((id, i) =>
        {
            ids.Add($"id{i}", id.ToString());
            return $"@id{i}";
        }));
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<VideoPieceRow>(new CommandDefinition(
                $"SELECT {PieceColumns} FROM video_pieces WHERE video_id IN ({names}) ORDER BY video_id, position", ids, cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.ToLookup(row => row.VideoId);
    }
}
