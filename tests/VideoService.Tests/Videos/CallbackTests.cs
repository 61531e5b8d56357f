using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Callbacks;

namespace VideoService.Tests.Videos;

/// <summary>Callbacks of films as their owners see them.</summary>
public sealed class CallbackTests(RunningVideoService service) : IClassFixture<RunningVideoService>
{
    [Fact]
    public async Task Clips_and_the_end_of_a_film_are_sent_and_of_its_rerender_too()
    {
        await service.RestartAsync("Callbacks:Secrets:0=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "Callbacks:AllowPrivate:0=127.0.0.1");
        await using var receiver = await CallbackReceiver.StartAsync();
        var session = await service.SaveAsync(2);
        var asked = new { requestId = session.RequestId, fps = 24, quality = "draft", secondsPerFrame = 0.5, callbackUrl = receiver.Url };
        var film = await service.FilmAsync(asked);
        var received = await receiver.UntilAsync(3);
        Assert.Equal(["video.clip_completed", "video.clip_completed", "video.completed"], received.Select(callback => Root(callback).GetProperty("type").GetString()).Order(StringComparer.Ordinal));
        Assert.All(received, callback =>
        {
            var data = Root(callback).GetProperty("data");
            Assert.Equal((film.Id.ToString(), session.RequestId.ToString()), (data.GetProperty("videoId").GetString(), data.GetProperty("requestId").GetString()));
        });
        await Wait.UntilAsync(async () => (await service.Http.GetAsync<Page<Delivery>>($"/v1/videos/{film.Id}/deliveries?status=delivered")).Items.Count == 3, "the records");

        var again = await service.Http.PostAsync($"/v1/videos/{film.Id}/rerender", new { }).ReadAsync<Video>();
        Assert.All((await receiver.UntilAsync(6)).Skip(3), callback => Assert.Equal(again.Id.ToString(), Root(callback).GetProperty("data").GetProperty("videoId").GetString()));
        Assert.Equal("validation-failed", (await service.Http.PostAsync("/v1/videos", new { requestId = session.RequestId, callbackUrl = "http://10.0.0.1/" }).RefusalAsync()).Code);
    }

    private static JsonElement Root(ReceivedCallback callback) => JsonDocument.Parse(callback.Body).RootElement;
}
