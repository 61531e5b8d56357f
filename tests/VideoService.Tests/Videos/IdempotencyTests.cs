using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace VideoService.Tests.Videos;

public abstract class IdempotencyTests(RunningVideoService service)
{
    private static int _keys;
    private readonly string _key = $"key-{Interlocked.Increment(ref _keys)}";

    /// <summary>The instances that requests are spread over.</summary>
    protected virtual IReadOnlyList<string> Addresses => [service.App.Address];

    [ServerFact]
    public async Task Fifty_identical_requests_at_a_time_make_one_film()
    {
        var session = await service.SaveAsync(1, UserId.Parse("fifty"));
        var clients = Addresses.Select(address => FrameVideo.TestKit.Http.Client(address, "fifty")).ToList();
        var body = RunningVideoService.Quick(session);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => clients[i % clients.Count].PostOnceAsync("/v1/videos", _key, body)));
        Assert.All(answers, answer => Assert.Contains((int)answer.StatusCode, new[] { 202, 409 }));
        Assert.Single(answers, answer => (int)answer.StatusCode == 202 && !answer.IsReplayed());
        foreach (var client in clients)
        {
            using var replay = await client.PostOnceAsync("/v1/videos", _key, body);
            Assert.Equal((202, true), ((int)replay.StatusCode, replay.IsReplayed()));
        }

        var video = Assert.Single((await clients[0].GetAsync<Page<Video>>("/v1/videos")).Items);
        Assert.Equal(VideoStatus.Completed, (await clients[0].EndedAsync(video.Id)).Status);
        using var changed = await clients[0].PostOnceAsync("/v1/videos", _key, new { requestId = session.RequestId, fps = 25 });
        Assert.Equal(422, (int)changed.StatusCode);
        clients.ForEach(client => client.Dispose());
    }

    [ServerFact]
    public async Task A_film_is_answered_the_same_after_a_restart_as_it_is_then_until_it_is_deleted()
    {
        var body = RunningVideoService.Quick(await service.SaveAsync(1));
        var video = await service.Http.PostOnceAsync("/v1/videos", _key, body).ReadAsync<Video>();
        await service.Http.EndedAsync(video.Id);
        await service.RestartAsync();
        using var replay = await service.Http.PostOnceAsync("/v1/videos", _key, body);
        var replayed = await Task.FromResult(replay).ReadAsync<Video>();
        Assert.Equal((202, true, video.Id, VideoStatus.Completed), ((int)replay.StatusCode, replay.IsReplayed(), replayed.Id, replayed.Status));
        Assert.Equal($"{service.App.Address}/v1/videos/{video.Id}", replay.Headers.Location!.ToString());
        using var film = await service.Http.GetAsync(replayed.Links.Content);
        Assert.Equal(200, (int)film.StatusCode);

        var second = await service.Http.PostOnceAsync($"/v1/videos/{video.Id}/rerender", _key + "-b", new { }).ReadAsync<Video>();
        Assert.Equal(second.Id, (await service.Http.PostOnceAsync($"/v1/videos/{video.Id}/rerender", _key + "-b", new { }).ReadAsync<Video>()).Id);
        await service.Http.DeleteAsync($"/v1/videos/{video.Id}");
        Assert.Equal((410, "outcome-gone"), await CodeAsync(service.Http.PostOnceAsync("/v1/videos", _key, body)));
        await service.Http.EndedAsync(second.Id);
    }

    [ServerFact]
    public async Task A_request_that_takes_long_keeps_its_key_and_what_fails_gives_it_back()
    {
        await service.RestartAsync("Idempotency:Lease=00:00:01");
        var body = RunningVideoService.Quick(await service.SaveAsync(1));
        service.Frames.Stalled = new TaskCompletionSource();
        var first = service.Http.PostOnceAsync("/v1/videos", _key, body);
        var began = TimeProvider.System.GetTimestamp();
        await Wait.UntilAsync(() => service.Frames.IsWaitedFor, "the first request to run");
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(2))
        {
            Assert.Equal((409, "idempotency-in-progress"), await CodeAsync(service.Http.PostOnceAsync("/v1/videos", _key, body)));
            await Task.Delay(100);
        }

        service.Frames.Stalled.SetResult();
        service.Frames.Stalled = null;
        using (var answer = await first) Assert.Equal((202, false), ((int)answer.StatusCode, answer.IsReplayed()));
        using (var replay = await service.Http.PostOnceAsync("/v1/videos", _key, body)) Assert.True(replay.IsReplayed());

        service.Frames.IsDown = true;
        Assert.Equal((503, "frame-service-unavailable"), await CodeAsync(service.Http.PostOnceAsync("/v1/videos", _key + "-b", body)));
        service.Frames.IsDown = false;
        using (var last = await service.Http.PostOnceAsync("/v1/videos", _key + "-b", body)) Assert.Equal((202, false), ((int)last.StatusCode, last.IsReplayed()));
        await service.RestartAsync();
    }

    [ServerFact]
    public async Task A_plan_that_keeps_nothing_does_not_use_a_key_up()
    {
        var session = await service.SaveAsync(1);
        using var plan = await service.Http.PostOnceAsync("/v1/videos", _key, new { requestId = session.RequestId, dryRun = true });
        using var film = await service.Http.PostOnceAsync("/v1/videos", _key, RunningVideoService.Quick(session));
        Assert.Equal((200, 202, false), ((int)plan.StatusCode, (int)film.StatusCode, film.IsReplayed()));
    }

    [ServerFact]
    public async Task Every_post_of_the_API_minds_the_key()
    {
        var posts = service.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") == true && endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(posts);
        foreach (var post in posts)
        {
            var path = post.RoutePattern.RawText!.Replace("{videoId}", VideoId.New(TimeProvider.System).ToString(), StringComparison.Ordinal);
            Assert.Equal((400, "invalid-idempotency-key"), await CodeAsync(service.Http.PostOnceAsync(path, "with space", new { })));
            // An operation that is mapped past the filter would be a fault.
            using var minded = await service.Http.PostOnceAsync(path, _key, new { });
            Assert.InRange((int)minded.StatusCode, 200, 499);
        }
    }

    private static async Task<(int Status, string Code)> CodeAsync(Task<HttpResponseMessage> answer)
    {
        var (status, code, _) = await answer.RefusalAsync();
        return (status, code);
    }
}

public sealed class IdempotencyOnSqlite(RunningVideoService service) : IdempotencyTests(service), IClassFixture<RunningVideoService>;

/// <summary>Two instances on one database.</summary>
[Needs(TestServers.Postgres)]
public sealed class IdempotencyOnPostgres(VideoServiceOnPostgres service) : IdempotencyTests(service), IClassFixture<VideoServiceOnPostgres>, IAsyncLifetime
{
    private RunningApp? _other;

    protected override IReadOnlyList<string> Addresses => [base.Addresses[0], _other!.Address];

    public async Task InitializeAsync() => _other = await service.StartAnotherAsync();

    public async Task DisposeAsync() => await _other!.DisposeAsync();
}
