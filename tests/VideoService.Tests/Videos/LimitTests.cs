using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace VideoService.Tests.Videos;

/// <summary>What one film may take of a machine.</summary>
public sealed class LimitTests(RunningVideoService service) : IClassFixture<RunningVideoService>
{
    [Fact]
    public async Task An_encoder_that_hangs_is_ended_and_the_film_fails_after_its_attempts()
    {
        await service.RestartAsync("Rendering:EncoderTimeout=00:00:00.300", "Rendering:MaxAttempts=1");
        await File.WriteAllTextAsync(service.HungEncoder, "");
        try
        {
            var film = await service.FilmAsync(RunningVideoService.Quick(await service.SaveAsync(1)));
            Assert.Equal((VideoStatus.Failed, "render-failed", true), (film.Status, film.Error!.Code, film.Error.Retryable));
            Assert.Contains("no sign of life", film.Error.Message, StringComparison.Ordinal);
            Assert.Empty(service.RunningEncoders());
        }
        finally
        {
            File.Delete(service.HungEncoder);
        }
    }

    [Fact]
    public async Task A_film_that_takes_too_long_is_ended()
    {
        await service.RestartAsync("Rendering:TimeLimit=00:00:01");
        var film = await service.FilmAsync(RunningVideoService.Slow(await service.SaveAsync(2)));
        Assert.Equal((VideoStatus.Failed, "render-timeout"), (film.Status, film.Error!.Code));
        Assert.Empty(service.RunningEncoders());
    }

    [Fact]
    public async Task Films_that_wait_for_the_store_hold_no_worker_and_their_pieces_are_made_once()
    {
        await service.RestartAsync("Jobs:Concurrency=1");
        service.App.StoreIsDown = true;
        var before = service.EncodedPieces.Count;
        var films = new[] { await service.CreateAsync(RunningVideoService.Quick(await service.InlineAsync(1))), await service.CreateAsync(RunningVideoService.Quick(await service.InlineAsync(1))) };
        foreach (var film in films)
            await Wait.UntilAsync(async () => await service.Http.GetAsync<Video>($"/v1/videos/{film.Id}") is { Stage: VideoStage.WaitingForStore, Progress: 95 }, "both films to wait");
        service.App.StoreIsDown = false;
        foreach (var film in films) Assert.Equal(VideoStatus.Completed, (await service.Http.EndedAsync(film.Id)).Status);
        Assert.Equal(2, service.EncodedPieces.Count - before);
    }
}
