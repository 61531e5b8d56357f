using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using VideoService.Videos;

namespace VideoService.Tests.Videos;

public abstract class DurableWorkTests(RunningVideoService service)
{
    [ServerFact]
    public async Task A_render_goes_on_where_it_was_after_a_restart()
    {
        var session = await service.SaveAsync(4);
        var before = service.EncodedPieces.Count;
        var video = await service.CreateAsync(new { requestId = session.RequestId, fps = 24, quality = "draft", secondsPerFrame = 1 });
        await Wait.UntilAsync(async () => (await ShowAsync(video.Id)).Clips.Any(clip => clip.Status == "completed"), "the first clip");
        await service.RestartAsync();
        Assert.Empty(service.RunningEncoders());

        var ended = await service.Http.EndedAsync(video.Id);
        Assert.Equal((VideoStatus.Completed, null), (ended.Status, ended.Error));
        var events = await service.Http.GetAsync<Page<Event>>(ended.Links.Events);
        Assert.Equal(Enumerable.Range(1, 5).Select(number => (long)number), events.Items.Select(entry => entry.Number));
        Assert.Equal([1, 2, 3, 4], events.Items.Take(4).Select(entry => entry.Data.GetProperty("number").GetInt32()).Order());
        // What was being encoded at the end may be encoded again; nothing else is.
        Assert.InRange(service.EncodedPieces.Count - before, 7, 7 + Environment.ProcessorCount);
        // The film is told before its folder is put away.
        await Wait.UntilAsync(() => service.RenderFolders().Count == 0, "the render's folder to be gone");
    }

    [ServerFact]
    public async Task Folders_of_a_killed_process_are_swept_at_the_start()
    {
        var orphan = Directory.CreateDirectory(service.Data.Combine("tmp", "0123456789abcdef")).FullName;
        await File.WriteAllTextAsync(Path.Combine(orphan, "half.mp4"), "half");
        Directory.SetLastWriteTimeUtc(orphan, DateTime.UnixEpoch);
        await service.RestartAsync();
        Assert.False(Directory.Exists(orphan));
    }

    [ServerFact]
    public async Task An_encoder_that_crashes_is_tried_again_and_then_the_film_fails_with_a_sentence()
    {
        await service.RestartAsync("Rendering:MaxAttempts=2");
        await File.WriteAllTextAsync(service.BrokenEncoder, "");
        try
        {
            var video = await service.FilmAsync(RunningVideoService.Quick(await service.SaveAsync(1)));
            Assert.Equal((VideoStatus.Failed, "render-failed", true), (video.Status, video.Error!.Code, video.Error.Retryable));
            Assert.EndsWith(".", video.Error.Message, StringComparison.Ordinal);
            File.Delete(service.BrokenEncoder);
            await service.Http.PostAsync($"/v1/videos/{video.Id}/retry", new { }).ReadAsync<Video>();
            Assert.Equal(VideoStatus.Completed, (await service.Http.EndedAsync(video.Id)).Status);
        }
        finally
        {
            File.Delete(service.BrokenEncoder);
            await service.RestartAsync();
        }
    }

    [ServerFact]
    public async Task Without_an_encoder_the_film_fails_and_says_so()
    {
        await service.RestartAsync($"Rendering:Ffmpeg={service.Data.Combine("not-there")}");
        var video = await service.FilmAsync(RunningVideoService.Quick(await service.SaveAsync(1)));
        Assert.Equal("encoder-missing", video.Error!.Code);
        await service.RestartAsync();
    }

    [ServerFact]
    public async Task Work_that_ends_its_process_again_and_again_is_stopped()
    {
        var session = await service.SaveAsync(1);
        service.App.StoreIsDown = true;
        var video = await service.CreateAsync(RunningVideoService.Quick(session));
        await Wait.UntilAsync(async () => (await ShowAsync(video.Id)).Stage == VideoStage.WaitingForStore, "the attempt to end");
        var attempts = service.App.Services.GetRequiredService<AttemptTable>();
        for (var i = 0; i < 2; i++) Assert.NotNull(await attempts.BeginAsync(video.Id, limit: 2, CancellationToken.None));
        Assert.Null(await attempts.BeginAsync(video.Id, limit: 2, CancellationToken.None));
        var ended = await service.Http.EndedAsync(video.Id);
        service.App.StoreIsDown = false;
        Assert.Equal((VideoStatus.Failed, "attempts-exhausted"), (ended.Status, ended.Error!.Code));
    }

    [ServerFact]
    public async Task An_attempt_that_another_one_has_followed_writes_nothing()
    {
        var session = await service.SaveAsync(1);
        service.App.StoreIsDown = true;
        var video = await service.CreateAsync(RunningVideoService.Quick(session));
        await Wait.UntilAsync(async () => (await ShowAsync(video.Id)).Stage == VideoStage.WaitingForStore, "the attempt to end");
        var attempts = service.App.Services.GetRequiredService<AttemptTable>();
        var former = await attempts.BeginAsync(video.Id, limit: 8, CancellationToken.None);
        var latter = await attempts.BeginAsync(video.Id, limit: 8, CancellationToken.None);
        var film = new PublishedFilm(ObjectKeys.Film(session.UserId, session.RequestId, video.Id, "mp4"), ObjectKeys.Poster(session.UserId, session.RequestId, video.Id), new string('0', 64), 1);
        Assert.False(await attempts.CompleteAsync(former!, film, [], CancellationToken.None));
        Assert.False(await attempts.ReportAsync(former!, VideoStage.Merging, 99, CancellationToken.None));
        Assert.True(await attempts.OwnsAsync(latter!, CancellationToken.None));
        await service.Http.PostAsync($"/v1/videos/{video.Id}/cancel", new { }).ReadAsync<Video>();
        service.App.StoreIsDown = false;
        Assert.False(await attempts.CompleteAsync(latter!, film, [], CancellationToken.None));
        Assert.Null((await ShowAsync(video.Id)).Links.Content);
    }

    private Task<Video> ShowAsync(VideoId id) => service.Http.GetAsync<Video>($"/v1/videos/{id}");
}

public sealed class DurableWorkOnSqlite(RunningVideoService service) : DurableWorkTests(service), IClassFixture<RunningVideoService>;

[Needs(TestServers.Postgres)]
public sealed class DurableWorkOnPostgres(VideoServiceOnPostgres service) : DurableWorkTests(service), IClassFixture<VideoServiceOnPostgres>;
