using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace FrameService.Tests.Database;

/// <summary>What many writers at a time must not break.</summary>
public abstract class ConcurrencyTests(RunningFrameService service)
{
    [ServerFact]
    public async Task Who_follows_the_deletions_misses_none_however_many_are_written_at_a_time()
    {
        var ids = new List<RequestId>();
        for (var i = 0; i < 30; i++)
        {
            ids.Add(RequestId.New(TimeProvider.System));
            await service.Http.PutPictureAsync(ids[^1], 1, Pictures.Png()).ReadAsync<Frame>();
        }

        var deletions = service.App.Services.GetRequiredService<DeletionTable>();
        var followed = new List<RequestId>();
        // As who has followed a database that was lost since: what this one hands out comes after all of that.
        var after = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 1;
        var deleting = Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (id, token) =>
        {
            using var answer = await service.Http.DeleteAsync($"/v1/sessions/{id}", token);
            Assert.Equal(200, (int)answer.StatusCode);
        });
        await Wait.UntilAsync(
            async () =>
            {
                var isDone = deleting.IsCompleted;
                foreach (var deletion in await deletions.FeedAsync(after, 100, CancellationToken.None))
                {
                    followed.Add(deletion.RequestId!.Value);
                    after = deletion.Sequence;
                }

                return isDone;
            },
            "the deletions");
        await deleting;
        Assert.Equal(ids.Order(), followed.Order());
    }

    [ServerFact]
    public async Task Uploads_at_a_time_do_not_fill_the_parking_beyond_its_cap()
    {
        var picture = Pictures.Png();
        var room = 5 * picture.Length;
        var small = (RunningFrameService)Activator.CreateInstance(service.GetType())!;
        small.Settings = [$"Frames:MaxParkedBytesPerUser={room}", "Storage:Upload:MaxAttempts=1"];
        await small.InitializeAsync();
        small.App.StoreIsDown = true;
        var http = small.Http;
        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(async number =>
        {
            using var answer = await http.PutPictureAsync(RequestId.New(TimeProvider.System), number, picture);
            return (int)answer.StatusCode;
        }));
        Assert.Equal(5, answers.Count(status => status == 201));
        Assert.Equal(15, answers.Count(status => status == 503));
        Assert.Equal("storage-unavailable", (await http.PutPictureAsync(RequestId.New(TimeProvider.System), 1, picture).RefusalAsync()).Code);
        await small.DisposeAsync();
    }

    [ServerFact]
    public async Task Saves_of_one_session_at_a_time_leave_one_whole_session()
    {
        var id = RequestId.New(TimeProvider.System);
        var picture = "data:image/png;base64," + Convert.ToBase64String(Pictures.Png());
        await Task.WhenAll(Enumerable.Range(1, 8).Select(async n =>
        {
            using var answer = await service.Http.PostAsync("/v1/sessions", new { requestId = id, frames = Enumerable.Range(1, n).Select(number => new { number, imageUrl = picture }) });
            Assert.True(answer.IsSuccessStatusCode);
        }));
        var session = await service.Http.GetAsync<Session>($"/v1/sessions/{id}");
        Assert.Equal(Enumerable.Range(1, session.FrameCount), session.Frames!.Select(frame => frame.Number));
        var events = await service.Http.GetAsync<Page<Event>>($"/v1/sessions/{id}/events?limit=100");
        Assert.Equal(Enumerable.Range(1, events.Items.Count).Select(number => (long)number), events.Items.Select(entry => entry.Number));
    }
}

public sealed class ConcurrencyOnSqlite(RunningFrameService service) : ConcurrencyTests(service), IClassFixture<RunningFrameService>;

[Needs(TestServers.Postgres)]
public sealed class ConcurrencyOnPostgres(FrameServiceOnPostgres service) : ConcurrencyTests(service), IClassFixture<FrameServiceOnPostgres>
{
    [ServerFact]
    public async Task The_hot_reads_go_by_their_index()
    {
        await using var connection = new Npgsql.NpgsqlConnection(service.ConnectionString + ";Search Path=frames;Options=-c enable_seqscan=off -c enable_bitmapscan=off");
        await connection.OpenAsync();
        Assert.Contains("frames_pkey", await PlanAsync("SELECT * FROM frames WHERE user_id = 'u' AND request_id = 'r' ORDER BY number"), StringComparison.Ordinal);
        const string Newest = "SELECT * FROM sessions WHERE user_id = 'u' AND deleted_at IS NULL {0} ORDER BY created_at DESC, request_id DESC LIMIT 20";
        foreach (var older in new[] { "", "AND (created_at, request_id) < (now(), 'r')" })
        {
            var plan = await PlanAsync(string.Format(null, Newest, older));
            Assert.Contains("sessions_newest", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
            if (older.Length > 0) Assert.Contains("Index Cond: ((user_id = 'u'::text) AND (ROW(created_at, request_id) <", plan, StringComparison.Ordinal);
        }

        async Task<string> PlanAsync(string statement)
        {
            await using var command = new Npgsql.NpgsqlCommand("EXPLAIN " + statement, connection);
            await using var lines = await command.ExecuteReaderAsync();
            var plan = new List<string>();
            while (await lines.ReadAsync()) plan.Add(lines.GetString(0));
            return string.Join('\n', plan);
        }
    }

    [ServerFact]
    public async Task Two_instances_share_the_work_and_each_piece_is_done_once()
    {
        await using var other = await service.StartAnotherAsync();
        using var second = other.Client();
        var ids = new List<RequestId>();
        for (var i = 0; i < 8; i++)
            ids.Add((await (i % 2 == 0 ? service.Http : second).PostAsync("/v1/sessions", new { prompt = $"a boat and {i} gulls", frameCount = 2 }).ReadAsync<Session>()).Id);
        foreach (var id in ids)
        {
            var session = await second.EndedAsync(id);
            Assert.Equal((SessionStatus.Completed, 2), (session.Status, session.Usage!.Pictures));
            var events = await service.Http.GetAsync<Page<Event>>($"/v1/sessions/{id}/events");
            Assert.Equal(["session.story_ready", "session.frame_stored", "session.frame_stored", "session.completed"], events.Items.Select(entry => entry.Type));
            Assert.All(events.Items, entry => Assert.Equal(1, entry.Attempt));
        }
    }
}
