using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace VideoService.Tests.Videos;

/// <summary>What PostgreSQL allows and SQLite does not: transactions that interleave, and two instances on one database.</summary>
[Needs(TestServers.Postgres)]
public sealed class PostgresTests(VideoServiceOnPostgres service) : IClassFixture<VideoServiceOnPostgres>
{
    [ServerFact]
    public async Task A_video_that_is_asked_for_while_its_session_is_being_deleted_is_not_made()
    {
        var session = await service.SaveAsync(1);
        var deletions = service.App.Services.GetRequiredService<VideoService.Videos.DeletionTable>();
        Task<HttpResponseMessage> asking = null!;
        await service.App.Services.GetRequiredService<DbDataSource>().WriteAsync(
            async transaction =>
            {
                await deletions.BurySessionAsync(transaction, new DeletedSession(1, session.UserId, session.Id));
                asking ??= service.Http.PostAsync("/v1/videos", RunningVideoService.Quick(session));
                await using var watcher = new Npgsql.NpgsqlConnection(service.ConnectionString);
                await watcher.OpenAsync();
                await using var waiting = new Npgsql.NpgsqlCommand("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", watcher);
                await Wait.UntilAsync(async () => (long)(await waiting.ExecuteScalarAsync())! > 0, "the request to wait for the deletion");
                Assert.Empty(await deletions.BuryAsync(transaction, session.UserId, videoId: null, session.Id));
            },
            CancellationToken.None);
        Assert.Equal("session-deleted", (await asking.RefusalAsync()).Code);
    }

    [ServerFact]
    public async Task Two_instances_share_the_renders_and_each_piece_is_encoded_once()
    {
        await using var other = await service.StartAnotherAsync();
        using var second = other.Client();
        var before = service.EncodedPieces.Count;
        var videos = new List<VideoId>();
        for (var i = 0; i < 4; i++)
        {
            var session = await service.SaveAsync(1);
            videos.Add((await (i % 2 == 0 ? service.Http : second).PostAsync("/v1/videos", RunningVideoService.Quick(session)).ReadAsync<Video>()).Id);
        }

        foreach (var id in videos)
        {
            Assert.Equal(VideoStatus.Completed, (await second.EndedAsync(id, TimeSpan.FromSeconds(60))).Status);
            var events = await service.Http.GetAsync<Page<Event>>($"/v1/videos/{id}/events");
            Assert.Equal(["video.clip_completed", "video.completed"], events.Items.Select(entry => entry.Type));
            Assert.All(events.Items, entry => Assert.Equal(1, entry.Attempt));
        }

        // Pictures are the same, but the films' pieces are under four sessions.
        Assert.Equal(4, service.EncodedPieces.Count - before);
    }

    [ServerFact]
    public async Task The_newest_videos_of_a_user_and_of_a_session_are_read_by_their_index()
    {
        await using var connection = new Npgsql.NpgsqlConnection(service.ConnectionString + ";Search Path=videos");
        await connection.OpenAsync();
        await using var undone = await connection.BeginTransactionAsync();
        await using var rows = new Npgsql.NpgsqlCommand(
            """
            INSERT INTO videos (video_id, user_id, request_id, status, settings, frames_revision, duration, fps, width, height, created_at)
            SELECT 'v' || i, 'u', 'r' || i % 300, 'completed', '{}', 1, 1, 24, 1, 1, now() - i * interval '1 s' FROM generate_series(1, 3000) i;
            ANALYZE videos;
            """,
            connection);
        await rows.ExecuteNonQueryAsync();
        foreach (var (where, index) in new[] { ("", "videos_newest"), ("AND request_id = 'r7'", "videos_of_request") })
        {
            await using var command = new Npgsql.NpgsqlCommand($"EXPLAIN SELECT * FROM videos WHERE user_id = 'u' AND deleted_at IS NULL {where} AND (created_at, video_id) < (now(), 'v') ORDER BY created_at DESC, video_id DESC LIMIT 20", connection);
            await using var lines = await command.ExecuteReaderAsync();
            var plan = new List<string>();
            while (await lines.ReadAsync()) plan.Add(lines.GetString(0));
            Assert.Contains(plan, line => line.Contains(index, StringComparison.Ordinal));
            Assert.DoesNotContain(plan, line => line.Contains("Sort", StringComparison.Ordinal));
        }
    }
}
