using Npgsql;

namespace FrameVideo.Api.Tests.Reads;

/// <summary>
/// Many sessions with their frames, films and clips, written by PostgreSQL itself, as the services would have written them: what is of one session, or of one film, together. One user has half of all, the others have few each.
/// </summary>
internal static class ReadRows
{
    /// <summary>Frames of each session, and clips of each film.</summary>
    public const int FramesOfEach = 6;

    /// <summary>Who has half of everything.</summary>
    public const string Busy = "busy";

    private const int OfEachOther = 50;

    /// <summary>The i-th session: whose it is, its ID, its age.</summary>
    private const string Sessions =
        """
        SELECT i, CASE WHEN i % 2 = 0 THEN 'busy' ELSE 'user' || (i / @few) END AS user_id, 'req_' || (1700000000000 + i::bigint * 1000) || '_' || substr(md5('s' || i), 1, 9) AS request_id,
          'vid_' || (1700000500000 + i::bigint * 1000) || '_' || substr(md5('v' || i), 1, 9) AS video_id, timestamptz '2026-01-01' + i * interval '1 second' AS at
        FROM generate_series(1, @count) i
        """;

    private const string Fill =
        $$$"""
        INSERT INTO frames.sessions (user_id, request_id, status, progress, revision, frames_revision, manifest_revision, event_number, original_prompt, style, mood, video_duration, frame_count,
          aspect_ratio, seed, story, metadata, pictures_made, provider, created_at, updated_at)
        SELECT user_id, request_id, 'completed', 100, 9, 6, 9, 8, 'a paper boat crosses a stormy sea, and a lighthouse shows it the way home', 'Cartoon', 'Dramatic', 30, 6, '1280:720', i,
          '{"title":"The paper boat ' || i || '","overallStory":"A boat of paper leaves the harbour before dawn. The storm finds it at noon, and at night the lighthouse brings it home.","scenes":['
            || (SELECT string_agg('{"sceneNumber":' || n || ',"timeframe":"0:0' || n || '-0:1' || n || '","description":"The boat rides wave ' || n || ' of the storm, small against a wall of grey water"}', ',') FROM generate_series(1, 6) n) || ']}',
          '{"project":"p' || i % 97 || '","note":"from the campaign"}', 6, 'draft', at, at
        FROM ({{{Sessions}}}) s;

        INSERT INTO frames.frames (user_id, request_id, number, status, revision, timestamp, description, prompt, scene_story, object_key, sha256, content_type, bytes, width, height, provider, model, seed, updated_at)
        SELECT user_id, request_id, n, 'stored', 2, '0:' || lpad((n * 5 - 5)::text, 2, '0'), 'The boat rides wave ' || n || ' of the storm, small against a wall of grey water',
          'A paper boat on a stormy sea, wave ' || n || ', dramatic light, wide shot, cartoon hand', 'The storm has found the boat; this is wave ' || n || ' of six.',
          user_id || '/' || request_id || '/reference-frames/frame_0' || n || '_' || substr(md5('f' || i || '-' || n), 1, 12) || '.png', md5('f' || i || '-' || n) || md5('g' || i || '-' || n), 'image/png',
          81234 + n, 1280, 720, 'draft', 'draft-1', i + n, at
        FROM ({{{Sessions}}}) s, generate_series(1, 6) n ORDER BY i, n;

        INSERT INTO videos.videos (video_id, user_id, request_id, status, progress, revision, event_number, attempt, settings, frames_revision, duration, fps, width, height, film_key, poster_key, sha256, bytes,
          created_at, started_at, completed_at)
        SELECT video_id, user_id, request_id, 'completed', 100, 12, 7, 1, '{"fps":30,"quality":"standard","seed":1}', 6, 30, 30, 1280, 720, user_id || '/' || request_id || '/video-clips/' || video_id || '/film.mp4',
          user_id || '/' || request_id || '/video-clips/' || video_id || '/poster.jpg', md5('v' || i) || md5('w' || i), 3600000, at, at, at
        FROM ({{{Sessions}}}) s;

        INSERT INTO videos.video_pieces (video_id, position, kind, number, start_frame, frame_count, object_key, status)
        SELECT video_id, n, 'clip', n, n * 150 - 150, 150, user_id || '/' || request_id || '/video-clips/clip_0' || n || '_' || substr(md5('c' || i || '-' || n), 1, 12) || '.mp4', 'completed'
        FROM ({{{Sessions}}}) s, generate_series(1, 6) n ORDER BY i, n;
        """;

    /// <summary>Writes so many sessions into the schemas of both services, and tells the planner. Vacuumed, as rows of some age are: else the server would do that while it is measured.</summary>
    public static async Task FillAsync(string connectionString, int count)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (var statement in Fill.Split(";\n\n", StringSplitOptions.RemoveEmptyEntries).Append("VACUUM ANALYZE"))
        {
            await using var command = new NpgsqlCommand(statement.Trim().TrimEnd(';'), connection) { CommandTimeout = 0 };
            if (statement.Contains("@count", StringComparison.Ordinal))
            {
                command.Parameters.AddWithValue("count", count);
                command.Parameters.AddWithValue("few", 2 * OfEachOther);
            }

            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Some of the sessions, spread over all ages and users, with their films.</summary>
    public static async Task<IReadOnlyList<SampledRow>> SampleAsync(string connectionString, int count)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT user_id, request_id, video_id, created_at FROM videos.videos ORDER BY md5(video_id) LIMIT @count", connection);
        command.Parameters.AddWithValue("count", count);
        var rows = new List<SampledRow>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) rows.Add(new SampledRow(reader.GetString(0), reader.GetString(1), reader.GetString(2), new DateTimeOffset(reader.GetDateTime(3), TimeSpan.Zero)));
        return rows;
    }
}

/// <summary>A session and its film.</summary>
internal sealed record SampledRow(string User, string Session, string Film, DateTimeOffset CreatedAt);
