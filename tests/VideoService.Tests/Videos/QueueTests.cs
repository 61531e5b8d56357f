using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace VideoService.Tests.Videos;

public abstract class QueueTests(RunningVideoService service)
{
    [ServerFact]
    public async Task A_user_has_a_part_of_the_queue_and_no_more_by_whichever_operation()
    {
        await service.RestartAsync("Limits:QueuedPerUser=2");
        var session = await service.SaveAsync(1);
        var body = RunningVideoService.Quick(session);
        service.App.StoreIsDown = true;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.Http.PostAsync("/v1/videos", body)));
        Assert.Equal(2, answers.Count(answer => (int)answer.StatusCode == 202));
        Assert.Equal(6, answers.Count(answer => (int)answer.StatusCode == 429));
        var videos = (await service.Http.GetAsync<Page<Video>>($"/v1/videos?requestId={session.RequestId}")).Items;
        await service.Http.PostAsync($"/v1/videos/{videos[0].Id}/cancel", new { }).ReadAsync<Video>();
        var third = await service.CreateAsync(body);
        Assert.Equal((429, "too-many-queued-jobs"), await CodeAsync($"/v1/videos/{videos[0].Id}/retry"));
        Assert.Equal((429, "too-many-queued-jobs"), await CodeAsync($"/v1/videos/{videos[1].Id}/rerender"));
        await service.Http.PostAsync($"/v1/videos/{third.Id}/cancel", new { }).ReadAsync<Video>();
        await service.Http.PostAsync($"/v1/videos/{videos[0].Id}/retry", new { }).ReadAsync<Video>();
        service.App.StoreIsDown = false;
        foreach (var video in videos) Assert.Equal(VideoStatus.Completed, (await service.Http.EndedAsync(video.Id)).Status);
    }

    private async Task<(int Status, string Code)> CodeAsync(string path)
    {
        var (status, code, _) = await service.Http.PostAsync(path, new { }).RefusalAsync();
        return (status, code);
    }
}

public sealed class QueueOnSqlite(RunningVideoService service) : QueueTests(service), IClassFixture<RunningVideoService>;

[Needs(TestServers.Postgres)]
public sealed class QueueOnPostgres(VideoServiceOnPostgres service) : QueueTests(service), IClassFixture<VideoServiceOnPostgres>;
