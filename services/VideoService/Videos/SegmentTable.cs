using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace VideoService.Videos;

/// <summary>The statements on <c>video_segments</c>: what the playlists of HLS films name.</summary>
internal sealed class SegmentTable(DbDataSource database)
{
    private const string Columns = "video_id, track, position, part, seconds, object_key, init_key";

    /// <summary>Adds segments; those that are there already stay.</summary>
    public static Task InsertAsync(DbTransaction transaction, IEnumerable<VideoSegmentRow> rows) => transaction.Connection!.ExecuteAsync(
        $"INSERT INTO video_segments ({Columns}) VALUES (@VideoId, @Track, @Position, @Part, @Seconds, @ObjectKey, @InitKey) ON CONFLICT (video_id, track, position, part) DO NOTHING", rows, transaction);

    /// <summary>The film is cut anew: its playlist begins anew.</summary>
    public static Task ForgetAsync(DbTransaction transaction, VideoId videoId) =>
        transaction.Connection!.ExecuteAsync("DELETE FROM video_segments WHERE video_id = @videoId", new { videoId }, transaction);

    /// <summary>The segments of a film, in order.</summary>
    public async Task<IReadOnlyList<VideoSegmentRow>> ListAsync(VideoId videoId, CancellationToken cancellationToken) => (await database.ReadAsync(
        connection => connection.QueryAsync<VideoSegmentRow>(new CommandDefinition(
            $"SELECT {Columns} FROM video_segments WHERE video_id = @videoId ORDER BY track, position, part", new { videoId }, cancellationToken: cancellationToken)),
        cancellationToken)).AsList();
}
