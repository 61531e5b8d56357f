using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace VideoService.Tests.Videos;

public sealed class StaleTests(RunningVideoService service) : IClassFixture<RunningVideoService>
{
    [Fact]
    public async Task A_film_says_at_once_that_its_session_has_moved_on_and_offers_a_fresh_one_and_nobody_waits_for_a_FrameService_that_is_silent()
    {
        var session = await service.SaveAsync(1);
        var film = await service.FilmAsync(RunningVideoService.Quick(session));
        Assert.Equal((false, null, null), (film.Stale, film.Links.Rerender, film.Links.Retry));
        using var fresh = await service.Http.GetAsync($"/v1/videos/{film.Id}");

        service.Frames.Save(session with { FramesRevision = 2 });
        var stale = await AskAsync(fresh.Headers.ETag!);
        Assert.Equal((true, $"{film.Links.Self}/rerender"), (stale!.Stale, stale.Links.Rerender));
        Assert.True((await service.Http.GetAsync<Page<Video>>($"/v1/videos?requestId={session.RequestId}")).Items.Single().Stale);
        var again = await service.Http.PostAsync(stale.Links.Rerender!, new { }).ReadAsync<Video>();
        Assert.Equal((false, 2L), (again.Stale, again.FramesRevision));

        // A session that is gone, and a service that does not answer: not known, which is a third answer.
        service.Frames.IsSlow = true;
        using var silent = await service.Http.GetAsync($"/v1/videos/{film.Id}");
        Assert.Null((await Task.FromResult(silent).ReadAsync<Video>()).Stale);
        Assert.NotEqual(fresh.Headers.ETag, silent.Headers.ETag);
        await Wait.UntilAsync(
            async () =>
            {
                var asked = service.Frames.RevisionsAsked;
                return await service.Http.GetAsync<Video>($"/v1/videos/{film.Id}") is { Stale: null } && service.Frames.RevisionsAsked == asked;
            },
            "a look at a film that asks nobody");
        service.Frames.IsSlow = false;

        async Task<Video?> AskAsync(System.Net.Http.Headers.EntityTagHeaderValue tag)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{film.Id}");
            ask.Headers.IfNoneMatch.Add(tag);
            return await service.Http.SendAsync(ask).ReadAsync<Video>();
        }
    }
}
