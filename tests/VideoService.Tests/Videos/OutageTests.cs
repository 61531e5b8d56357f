using System.Text;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using Microsoft.Extensions.DependencyInjection;
using VideoService.Tests.Rendering;

namespace VideoService.Tests.Videos;

public sealed class OutageTests(RunningVideoService service) : IClassFixture<RunningVideoService>
{
    [Fact]
    public async Task Without_FrameService_nothing_is_made_and_the_caller_is_told_to_come_again()
    {
        var session = await service.SaveAsync(1);
        service.Frames.IsDown = true;
        using var response = await service.Http.PostAsync("/v1/videos", RunningVideoService.Quick(session));
        using var health = await service.Http.GetAsync("/health/ready");
        service.Frames.IsDown = false;
        Assert.NotNull(response.Headers.RetryAfter);
        var (status, code, _) = await Task.FromResult(response).RefusalAsync();
        Assert.Equal((503, "frame-service-unavailable"), (status, code));
        Assert.Equal(503, (int)health.StatusCode);
    }

    [Theory]
    [InlineData("X-Correlation-Id", "\u00e9")]
    [InlineData("tracestate", "a=\u00e9")]
    public async Task What_a_caller_s_headers_hold_makes_no_outage_for_everybody(string header, string value)
    {
        var session = await service.SaveAsync(1);
        using var odd = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, ActivityHeadersPropagator = null }) { BaseAddress = service.Http.BaseAddress };
        odd.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        odd.DefaultRequestHeaders.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var plan = await odd.PostAsync("/v1/videos/plan", RunningVideoService.Quick(session));
        Assert.True(plan.IsSuccessStatusCode, await plan.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_film_whose_store_is_away_waits_uncounted_and_is_made_when_it_is_back()
    {
        var session = await service.SaveAsync(2);
        service.App.StoreIsDown = true;
        var video = await service.CreateAsync(RunningVideoService.Quick(session));
        await Wait.UntilAsync(async () => (await ShowAsync(video.Id)).Stage == VideoStage.WaitingForStore, "the film to wait");
        service.App.StoreIsDown = false;
        var ended = await service.Http.EndedAsync(video.Id);
        Assert.Equal((VideoStatus.Completed, null), (ended.Status, ended.Error));
    }

    [Fact]
    public async Task Pieces_are_rendered_while_the_store_is_away_when_the_pictures_are_inline_and_none_is_rendered_twice()
    {
        var session = await service.SaveAsync(2);
        var frames = new List<Frame>();
        for (var number = 1; number <= 2; number++)
        {
            var picture = TestPictures.Scene(160, 90, 20 + number);
            service.Frames.Park(session.RequestId, number, picture);
            frames.Add(RunningVideoService.FrameOf(session.UserId, session.RequestId, number, picture, FrameStatus.Inline));
        }

        service.Frames.Save(session with { Frames = frames });
        service.App.StoreIsDown = true;
        var before = service.EncodedPieces.Count;
        var video = await service.CreateAsync(RunningVideoService.Quick(session));
        await Wait.UntilAsync(async () => await ShowAsync(video.Id) is { Stage: VideoStage.WaitingForStore, Progress: 95 }, "all pieces");
        Assert.All((await ShowAsync(video.Id)).Clips, clip => Assert.Equal("pending", clip.Status));
        service.App.StoreIsDown = false;
        var ended = await service.Http.EndedAsync(video.Id);
        Assert.Equal((VideoStatus.Completed, null), (ended.Status, ended.Error));
        Assert.Equal(3, service.EncodedPieces.Count - before);
    }

    [Fact]
    public async Task A_deletion_without_the_store_is_accepted_and_finished_later()
    {
        var video = await service.FilmAsync(RunningVideoService.Quick(await service.SaveAsync(1)));
        service.App.StoreIsDown = true;
        using var response = await service.Http.DeleteAsync($"/v1/videos/{video.Id}");
        Assert.Equal(202, (int)response.StatusCode);
        Assert.True((await Task.FromResult(response).ReadAsync<VideoDeletion>()).Pending);
        Assert.Equal("video-not-found", (await service.Http.GetAsync($"/v1/videos/{video.Id}").RefusalAsync()).Code);
        service.App.StoreIsDown = false;
        service.Clock.Ahead = TimeSpan.FromSeconds(10);
        await Wait.UntilAsync(async () => await service.Store.GetAsync(video.ObjectKey!.Value, null, CancellationToken.None) is null, "the film to go");
        service.Clock.Ahead = TimeSpan.Zero;
    }

    [Fact]
    public async Task An_unseen_film_of_an_earlier_attempt_with_other_bytes_is_replaced()
    {
        var session = await service.SaveAsync(1);
        service.App.StoreIsDown = true;
        var video = await service.CreateAsync(RunningVideoService.Quick(session));
        await Wait.UntilAsync(async () => (await ShowAsync(video.Id)).Stage == VideoStage.WaitingForStore, "the film to wait");
        var key = ObjectKeys.Film(session.UserId, session.RequestId, video.Id, "mp4");
        using (var junk = await service.App.Services.GetRequiredService<Spool>().WriteAsync(new byte[100], CancellationToken.None))
            Assert.Equal(PutOutcome.Stored, await service.App.Services.GetRequiredService<FileObjectStore>().PutAsync(key, junk, CancellationToken.None));
        service.App.StoreIsDown = false;
        var ended = await service.Http.EndedAsync(video.Id);
        Assert.Equal(VideoStatus.Completed, ended.Status);
        Assert.Equal(ended.Sha256, Pictures.Sha256(await service.Http.GetByteArrayAsync(ended.Links.Content)));
    }

    private Task<Video> ShowAsync(VideoId id) => service.Http.GetAsync<Video>($"/v1/videos/{id}");
}
