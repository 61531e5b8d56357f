using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FrameService.Tests.Idempotency;

public abstract class IdempotencyTests(RunningFrameService service)
{
    private static readonly object Boat = new { prompt = "a paper boat", frameCount = 1 };
    private static int _keys;
    private readonly string _key = $"key-{Interlocked.Increment(ref _keys)}";

    [ServerFact]
    public async Task Fifty_identical_requests_at_a_time_make_one_session()
    {
        using var http = service.App.Client($"fifty{_key}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => http.PostOnceAsync("/v1/sessions", _key, Boat)));
        Assert.All(answers, answer => Assert.Contains((int)answer.StatusCode, new[] { 202, 409 }));
        Assert.Single(answers, answer => (int)answer.StatusCode == 202 && !answer.IsReplayed());
        foreach (var running in answers.Where(answer => (int)answer.StatusCode == 409))
        {
            Assert.Equal(1, running.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
            Assert.Equal("idempotency-in-progress", (await Task.FromResult(running).RefusalAsync()).Code);
        }

        using var replay = await http.PostOnceAsync("/v1/sessions", _key, Boat);
        Assert.Equal((202, true), ((int)replay.StatusCode, replay.IsReplayed()));
        var session = Assert.Single((await http.GetAsync<Page<Session>>("/v1/sessions")).Items);
        Assert.Equal($"{service.App.Address}/v1/sessions/{session.Id}", replay.Headers.Location!.ToString());
        Assert.Equal(session.Id, (await Task.FromResult(replay).ReadAsync<Session>()).Id);
    }

    [ServerFact]
    public async Task A_saved_session_is_answered_the_same_after_a_restart()
    {
        var body = new { frames = new[] { new { number = 1, imageUrl = "data:image/png;base64," + Convert.ToBase64String(Pictures.Png()) } }, metadata = new { of = _key } };
        using var first = await service.Http.PostOnceAsync("/v1/sessions", _key, body);
        var saved = await Task.FromResult(first).ReadAsync<Session>();
        await service.RestartAsync();
        using var second = await service.Http.PostOnceAsync("/v1/sessions", _key, body);
        Assert.Equal((201, 201, true), ((int)first.StatusCode, (int)second.StatusCode, second.IsReplayed()));
        Assert.Equal(first.Headers.Location!.AbsolutePath, second.Headers.Location!.AbsolutePath);
        var replayed = await Task.FromResult(second).ReadAsync<Session>();
        Assert.Equal((saved.Id, saved.Status, saved.CreatedAt, saved.UpdatedAt, 1L), (replayed.Id, replayed.Status, replayed.CreatedAt, replayed.UpdatedAt, replayed.FramesRevision));
        // The link is one of this life of the service, and works.
        using var picture = await service.Http.GetAsync(replayed.Frames![0].ImageUrl);
        Assert.Equal(200, (int)picture.StatusCode);
        await service.Http.DeleteAsync($"/v1/sessions/{saved.Id}");
        using var third = await service.Http.PostOnceAsync("/v1/sessions", _key, body);
        Assert.True(third.IsReplayed());
        Assert.Equal((410, "outcome-gone"), await CodeAsync(third));
    }

    [ServerFact]
    public async Task A_key_belongs_to_one_request()
    {
        var session = await service.Http.PostOnceAsync("/v1/sessions", _key, Boat).ReadAsync<Session>();
        using var otherBody = await service.Http.PostOnceAsync("/v1/sessions", _key, new { prompt = "a paper boat", frameCount = 2 });
        Assert.Equal((422, "idempotency-key-reused"), await CodeAsync(otherBody));
        using var otherQuery = await service.Http.PostOnceAsync("/v1/sessions?userId=local", _key, Boat);
        Assert.Equal((422, "idempotency-key-reused"), await CodeAsync(otherQuery));
        using var otherPath = await service.Http.PostOnceAsync($"/v1/sessions/{session.Id}/cancel", _key, Boat);
        Assert.Equal((422, "idempotency-key-reused"), await CodeAsync(otherPath));
    }

    [ServerFact]
    public async Task A_key_belongs_to_one_user()
    {
        var ids = new List<RequestId>();
        foreach (var user in new[] { "anna", "berta" })
        {
            using var http = service.App.Client(user);
            ids.Add((await http.PostOnceAsync("/v1/sessions", _key, Boat).ReadAsync<Session>()).Id);
            ids.Add((await http.PostOnceAsync("/v1/sessions", _key, Boat).ReadAsync<Session>()).Id);
        }

        // Named in the body, as back ends with users of their own do.
        ids.Add((await service.Http.PostOnceAsync("/v1/sessions", _key, new { prompt = "a kite", frameCount = 1, userId = "carla" }).ReadAsync<Session>()).Id);
        ids.Add((await service.Http.PostOnceAsync("/v1/sessions", _key, new { prompt = "a kite", frameCount = 1, userId = "carla" }).ReadAsync<Session>()).Id);
        Assert.Equal((ids[0], ids[2], ids[4]), (ids[1], ids[3], ids[5]));
        Assert.Equal(3, ids.Distinct().Count());
    }

    [ServerFact]
    public async Task What_is_refused_does_not_use_a_key_up()
    {
        using (var wrong = await service.Http.PostOnceAsync("/v1/sessions", _key, new { prompt = "" })) Assert.Equal((422, "validation-failed"), await CodeAsync(wrong));
        using (var unreadable = await service.Http.PostOnceAsync("/v1/sessions", _key, new { promt = "a boat" })) Assert.Equal((400, "invalid-json"), await CodeAsync(unreadable));
        var nobody = RequestId.New(TimeProvider.System);
        using (var missing = await service.Http.PostOnceAsync($"/v1/sessions/{nobody}/cancel", _key, new { })) Assert.Equal((404, "session-not-found"), await CodeAsync(missing));
        using var right = await service.Http.PostOnceAsync("/v1/sessions", _key, Boat);
        Assert.Equal((202, false), ((int)right.StatusCode, right.IsReplayed()));
    }

    [ServerFact]
    public async Task A_request_that_changed_a_session_answers_the_same_when_the_session_has_moved_on()
    {
        var session = await service.Http.PostAsync("/v1/sessions", new { prompt = "a long story", frameCount = 200 }).ReadAsync<Session>();
        using var canceled = await service.Http.PostOnceAsync($"/v1/sessions/{session.Id}/cancel", _key, new { });
        using var again = await service.Http.PostOnceAsync($"/v1/sessions/{session.Id}/cancel", _key, new { });
        Assert.Equal((200, false, 200, true), ((int)canceled.StatusCode, canceled.IsReplayed(), (int)again.StatusCode, again.IsReplayed()));
        Assert.Null(again.Headers.Location);
        Assert.Equal(SessionStatus.Canceled, (await Task.FromResult(again).ReadAsync<Session>()).Status);
    }

    [ServerFact]
    public async Task Every_post_of_the_API_minds_the_key()
    {
        var posts = service.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") == true && endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(posts);
        foreach (var post in posts)
        {
            var path = post.RoutePattern.RawText!.Replace("{requestId}", RequestId.New(TimeProvider.System).ToString(), StringComparison.Ordinal).Replace("{number}", "1", StringComparison.Ordinal);
            foreach (var key in new[] { "", "with space", "tab\there", new string('k', 256) })
            {
                using var answer = await service.Http.PostOnceAsync(path, key, new { });
                Assert.Equal((400, "invalid-idempotency-key"), await CodeAsync(answer));
            }

            // An operation that is mapped past the filter would be a fault.
            using var minded = await service.Http.PostOnceAsync(path, new string('k', 255), new { });
            Assert.InRange((int)minded.StatusCode, 200, 499);
        }
    }

    [ServerFact]
    public async Task A_key_whose_process_died_is_free_again_and_the_dead_request_writes_nothing()
    {
        service.Settings = ["Idempotency:Lease=00:00:01"];
        await service.RestartAsync();
        var keys = service.App.Services.GetRequiredService<IdempotencyKeys>();
        var user = UserId.Parse("local");
        var mark = Assert.IsType<IdempotencyClaim.Taken>(await keys.ClaimAsync(user, _key, "of a request that hangs", CancellationToken.None)).Mark;
        Assert.IsType<IdempotencyClaim.Running>(await keys.ClaimAsync(user, _key, "of a request that hangs", CancellationToken.None));
        await service.RestartAsync();
        service.Settings = [];
        keys = service.App.Services.GetRequiredService<IdempotencyKeys>();
        IdempotencyClaim? next = null;
        await Wait.UntilAsync(async () => (next = await keys.ClaimAsync(user, _key, "of another request", CancellationToken.None)) is IdempotencyClaim.Taken, "the key to be free");
        IdempotencyMark.Current = mark;
        var late = service.App.Services.GetRequiredService<DbDataSource>().WriteAsync(transaction => transaction.CompleteRequestAsync(202, "/v1/sessions/req_1_a"), CancellationToken.None);
        await Assert.ThrowsAsync<IdempotencyMarkLostException>(() => late);
        IdempotencyMark.Current = null;
        await keys.EndAsync(((IdempotencyClaim.Taken)next!).Mark, isDone: true);
    }

    private static async Task<(int Status, string Code)> CodeAsync(HttpResponseMessage answer)
    {
        var (status, code, _) = await Task.FromResult(answer).RefusalAsync();
        return (status, code);
    }
}

public sealed class IdempotencyOnSqlite(RunningFrameService service) : IdempotencyTests(service), IClassFixture<RunningFrameService>;

[Needs(TestServers.Postgres)]
public sealed class IdempotencyOnPostgres(FrameServiceOnPostgres service) : IdempotencyTests(service), IClassFixture<FrameServiceOnPostgres>;
