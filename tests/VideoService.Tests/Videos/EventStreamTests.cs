using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace VideoService.Tests.Videos;

public abstract class EventStreamTests(RunningVideoService service)
{
    [ServerFact]
    public async Task Each_event_of_a_render_comes_once_and_in_order_also_where_the_stream_is_cut_at_every_one()
    {
        var video = await service.CreateAsync(RunningVideoService.Quick(await service.SaveAsync(3)));
        var ticks = new List<ProgressTick>();
        var seen = await EventStream.FollowWithCutsAsync(service.Http, video.Links.Events, ticks);
        Assert.Equal(["video.clip_completed", "video.clip_completed", "video.clip_completed", "video.completed"], seen.Select(entry => entry.Type));
        Assert.Equal([1L, 2, 3, 4], seen.Select(entry => entry.Number));
        Assert.All(ticks, tick => Assert.Equal(video.Id.ToString(), tick.Id));
    }

    [ServerFact]
    public async Task A_film_that_is_tried_again_is_live_again()
    {
        await service.RestartAsync("Rendering:MaxAttempts=1");
        await File.WriteAllTextAsync(service.BrokenEncoder, "");
        try
        {
            var video = await service.CreateAsync(RunningVideoService.Quick(await service.SaveAsync(1)));
            Assert.Equal(["video.failed"], (await EventStream.FollowWithCutsAsync(service.Http, video.Links.Events, cutAfter: 2)).Select(entry => entry.Type));
            File.Delete(service.BrokenEncoder);
            await service.Http.PostAsync($"/v1/videos/{video.Id}/retry", new { }).ReadAsync<Video>();
            using var stream = await EventStream.OpenAsync(service.Http, video.Links.Events, "1");
            var seen = new List<string>();
            await foreach (var entry in stream!.ReadAsync()) seen.Add($"{entry.Number} {entry.Type}");
            Assert.Equal(["2 video.clip_completed", "3 video.completed"], seen);
        }
        finally
        {
            File.Delete(service.BrokenEncoder);
            await service.RestartAsync();
        }
    }
}

public sealed class EventStreamsOnSqlite(RunningVideoService service) : EventStreamTests(service), IClassFixture<RunningVideoService>;

[Needs(TestServers.Postgres)]
public sealed class EventStreamsOnPostgres(VideoServiceOnPostgres service) : EventStreamTests(service), IClassFixture<VideoServiceOnPostgres>;
