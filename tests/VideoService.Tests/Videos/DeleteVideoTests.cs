using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using VideoService.Tests.Rendering;

namespace VideoService.Tests.Videos;

public abstract class DeleteVideoTests(RunningVideoService service)
{
    [ServerFact]
    public async Task A_deleted_film_is_gone_and_what_another_film_shares_stays()
    {
        var session = await service.SaveAsync(2);
        var first = await service.FilmAsync(RunningVideoService.Quick(session));
        var changed = await service.StoreAsync(session.UserId, session.RequestId, 2, TestPictures.Scene(160, 90, 50));
        service.Frames.Save(session with { FramesRevision = 3, Frames = [session.Frames![0], changed] });
        var second = await service.FilmAsync(RunningVideoService.Quick(session));

        var deletion = await service.Http.DeleteAsync($"/v1/videos/{first.Id}").ReadAsync<VideoDeletion>();
        // Film, poster and record; its own clip and joint; the shared clip stays.
        Assert.Equal(new VideoDeletion(1, 5, false), deletion);
        Assert.Equal("video-not-found", (await service.Http.GetAsync($"/v1/videos/{first.Id}").RefusalAsync()).Code);
        Assert.Equal("video-not-found", (await service.Http.DeleteAsync($"/v1/videos/{first.Id}").RefusalAsync()).Code);
        Assert.Equal("video-not-found", (await service.Http.GetAsync(first.Links.Events).RefusalAsync()).Code);
        using var bare = new HttpClient();
        Assert.NotEmpty(await bare.GetByteArrayAsync(second.Clips[0].Url));
        using var former = await bare.GetAsync(first.Links.Content);
        Assert.Equal(404, (int)former.StatusCode);

        var rest = await service.Http.DeleteAsync($"/v1/videos?requestId={session.RequestId}").ReadAsync<VideoDeletion>();
        Assert.Equal(new VideoDeletion(1, 6, false), rest);
        Assert.Empty(await ObjectsAsync(ObjectKeys.VideoClipsPrefix(session.UserId, session.RequestId)));
        Assert.NotEmpty(await ObjectsAsync(ObjectKeys.FramesPrefix(session.UserId, session.RequestId)));
        Assert.Equal(new VideoDeletion(0, 0, false), await service.Http.DeleteAsync($"/v1/videos?requestId={session.RequestId}").ReadAsync<VideoDeletion>());
    }

    [ServerFact]
    public async Task Deleting_a_film_in_progress_ends_its_render_and_leaves_nothing()
    {
        var session = await service.SaveAsync(2);
        var video = await service.CreateAsync(RunningVideoService.Slow(session));
        await Wait.UntilAsync(() => Task.FromResult(service.RunningEncoders().Count > 0), "an encoder");
        var deletion = await service.Http.DeleteAsync($"/v1/videos/{video.Id}").ReadAsync<VideoDeletion>();
        Assert.False(deletion.Pending);
        Assert.Empty(service.RunningEncoders());
        Assert.Empty(await ObjectsAsync(ObjectKeys.VideoClipsPrefix(session.UserId, session.RequestId)));
    }

    [ServerFact]
    public async Task When_FrameService_deletes_a_session_its_films_and_renders_end_and_none_is_made_again()
    {
        var session = await service.SaveAsync(2);
        var film = await service.FilmAsync(RunningVideoService.Quick(session));
        var running = await service.CreateAsync(RunningVideoService.Slow(session));
        await Wait.UntilAsync(() => Task.FromResult(service.RunningEncoders().Count > 0), "an encoder");
        service.Frames.Delete(session.UserId, session.RequestId);
        await Wait.UntilAsync(async () => (await ObjectsAsync(ObjectKeys.VideoClipsPrefix(session.UserId, session.RequestId))).Count == 0, "the films to go");
        Assert.Empty(service.RunningEncoders());
        Assert.Equal("video-not-found", (await service.Http.GetAsync($"/v1/videos/{film.Id}").RefusalAsync()).Code);
        Assert.Equal("video-not-found", (await service.Http.GetAsync($"/v1/videos/{running.Id}").RefusalAsync()).Code);

        // As if the session had been read a moment before it was deleted.
        service.Frames.Save(session);
        var (status, code, _) = await service.Http.PostAsync("/v1/videos", RunningVideoService.Quick(session)).RefusalAsync();
        Assert.Equal((410, "session-deleted"), (status, code));
    }

    private async Task<List<ObjectKey>> ObjectsAsync(ObjectPrefix prefix)
    {
        var keys = new List<ObjectKey>();
        await foreach (var entry in service.Store.ListAsync(prefix, CancellationToken.None)) keys.Add(entry.Key);
        return keys;
    }
}

public sealed class DeleteVideoOnSqlite(RunningVideoService service) : DeleteVideoTests(service), IClassFixture<RunningVideoService>;

[Needs(TestServers.Postgres)]
public sealed class DeleteVideoOnPostgres(VideoServiceOnPostgres service) : DeleteVideoTests(service), IClassFixture<VideoServiceOnPostgres>;
