using System.Data.Common;
using Dapper;
using FrameVideo.Jobs;

namespace FrameService.Sessions;

/// <summary>Where sessions stand, for those who follow them. One with a frame that is parked, or being made again, has not ended: its event is still to come.</summary>
internal sealed class SessionStates(DbDataSource database) : IResourceStates
{
    public async Task<IReadOnlyList<ResourceState>> ReadAsync(IReadOnlyCollection<ResourceKey> keys, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            connection => connection.QueryAsync<ResourceState>(new CommandDefinition(
                $"""
                SELECT s.user_id, s.request_id AS resource_id, s.event_number AS number, s.revision, s.status, s.stage, s.progress,
                  CASE WHEN s.status IN ('completed', 'failed', 'canceled') AND NOT EXISTS (
                    SELECT 1 FROM frames f WHERE f.user_id = s.user_id AND f.request_id = s.request_id AND f.status IN ('inline', 'generating')) THEN 1 ELSE 0 END AS is_ended
                FROM {JsonRows.From(connection)} k
                JOIN sessions s ON s.user_id = k.value ->> 0 AND s.request_id = k.value ->> 1
                WHERE s.deleted_at IS NULL
                """,
                new { keys = JsonRows.Of(keys) },
                cancellationToken: cancellationToken)),
            cancellationToken);
        return rows.AsList();
    }
}
