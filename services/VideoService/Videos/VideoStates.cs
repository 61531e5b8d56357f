using System.Data.Common;
using Dapper;
using FrameVideo.Jobs;

namespace VideoService.Videos;

/// <summary>Where films stand, for those who follow them.</summary>
internal sealed class VideoStates(DbDataSource database) : IResourceStates
{
    public async Task<IReadOnlyList<ResourceState>> ReadAsync(IReadOnlyCollection<ResourceKey> keys, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<ResourceState>(new CommandDefinition(
                $"""
                SELECT v.user_id, v.video_id AS resource_id, v.event_number AS number, v.revision, v.status, v.stage, v.progress,
                  CASE WHEN v.status IN ('completed', 'failed', 'canceled') THEN 1 ELSE 0 END AS is_ended
                FROM {JsonRows.From(connection)} k
                JOIN videos v ON v.user_id = k.value ->> 0 AND v.video_id = k.value ->> 1
                WHERE v.deleted_at IS NULL
                """,
                new { keys = JsonRows.Of(keys) },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }
}
