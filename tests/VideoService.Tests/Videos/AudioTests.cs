using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace VideoService.Tests.Videos;

/// <summary>Films with a sound, over HTTP.</summary>
public sealed class AudioTests(RunningVideoService service) : IClassFixture<RunningVideoService>
{
    private static readonly UserId Local = UserId.Parse("local");

    [Fact]
    public async Task A_film_has_the_sound_that_it_was_given_and_so_has_its_rerender()
    {
        var session = await service.SaveAsync(2);
        var key = await BringAsync(Local, session.RequestId, Sounds.Wav(0.4));
        var asked = new { requestId = session.RequestId, fps = 24, quality = "draft", secondsPerFrame = 0.5, audio = new { objectKey = key, fadeIn = 0.1, loop = false } };
        var video = await service.FilmAsync(asked);
        Assert.Equal(VideoStatus.Completed, video.Status);
        Assert.Contains("audio", await StreamsAsync(video), StringComparison.Ordinal);

        // The link serves as well as the key.
        video = await service.FilmAsync(new { requestId = session.RequestId, fps = 24, quality = "draft", secondsPerFrame = 0.5, audio = new { url = service.Store.Link(key).Url } });
        Assert.Contains("audio", await StreamsAsync(video), StringComparison.Ordinal);

        var again = await service.Http.PostAsync($"/v1/videos/{video.Id}/rerender", new { }).ReadAsync<Video>();
        Assert.Contains("audio", await StreamsAsync(await service.Http.EndedAsync(again.Id)), StringComparison.Ordinal);

        await service.Store.DeleteAsync(key, CancellationToken.None);
        Assert.Equal("object-not-found", (await service.Http.PostAsync($"/v1/videos/{video.Id}/rerender", new { }).RefusalAsync()).Code);
    }

    [Fact]
    public async Task A_sound_that_goes_away_before_the_render_fails_the_film_by_its_name()
    {
        var session = await service.SaveAsync(1);
        var key = await BringAsync(Local, session.RequestId, Sounds.Wav(0.3, hertz: 500));
        await File.WriteAllTextAsync(service.HungEncoder, "");
        var video = await service.CreateAsync(new { requestId = session.RequestId, fps = 24, secondsPerFrame = 0.5, audio = new { objectKey = key } });
        await service.Http.PostAsync($"/v1/videos/{video.Id}/cancel", new { }).ReadAsync<Video>();
        File.Delete(service.HungEncoder);
        await service.Store.DeleteAsync(key, CancellationToken.None);
        await service.Http.PostAsync($"/v1/videos/{video.Id}/retry", new { }).ReadAsync<Video>();
        Assert.Equal("audio-missing", (await service.Http.EndedAsync(video.Id)).Error!.Code);
    }

    [Fact]
    public async Task A_sound_has_to_be_the_callers_of_this_request_ID_there_and_a_sound()
    {
        var session = await service.SaveAsync(1);
        var own = await BringAsync(Local, session.RequestId, Sounds.Wav(0.2, hertz: 600));
        var (missing, other) = (Named(own, "1"), RequestId.New(TimeProvider.System));
        var silent = await BringAsync(Local, session.RequestId, [.. "RIFF\0\0\0\0WAVEfmt nothing at all"u8]);
        (object Audio, string Code)[] refused =
        [
            (new { objectKey = own.ToString().Replace("local/", "someone/", StringComparison.Ordinal) }, "foreign-object"),
            (new { objectKey = own.ToString().Replace(session.RequestId.ToString(), other.ToString(), StringComparison.Ordinal) }, "request-id-mismatch"),
            (new { objectKey = missing }, "object-not-found"),
            (new { objectKey = silent }, "audio-unreadable"),
            (new { objectKey = own, start = 5 }, "audio-unreadable"),
            (new { objectKey = session.Frames![0].ObjectKey }, "validation-failed"),
            (new { objectKey = "../etc/passwd" }, "validation-failed"),
            (new { url = "https://example.org/a.mp3" }, "validation-failed"),
            (new { objectKey = own, url = "x" }, "validation-failed"),
            (new { }, "validation-failed"),
            (new { objectKey = own, start = -1 }, "validation-failed"),
            (new { objectKey = own, gain = 40 }, "validation-failed"),
            (new { objectKey = own, fadeIn = 61 }, "validation-failed"),
        ];
        foreach (var (audio, code) in refused)
        {
            Assert.Equal((audio, code), (audio, (await service.Http.PostAsync("/v1/videos", new { requestId = session.RequestId, audio }).RefusalAsync()).Code));
            Assert.Equal((audio, code), (audio, (await service.Http.PostAsync("/v1/videos/plan", new { requestId = session.RequestId, audio }).RefusalAsync()).Code));
        }
    }

    private async Task<ObjectKey> BringAsync(UserId user, RequestId requestId, byte[] sound)
    {
        using var file = await service.App.Services.GetRequiredService<Spool>().WriteAsync(sound, CancellationToken.None);
        var key = ObjectKeys.Upload(user, requestId, "theme", file.Sha256, "wav");
        await service.Store.PutAsync(key, file, CancellationToken.None);
        return key;
    }

    private static ObjectKey Named(ObjectKey key, string digit) => ObjectKeys.Upload(key.UserId, key.RequestId, "theme", new string(digit[0], 64), "wav");

    private async Task<string> StreamsAsync(Video video)
    {
        var path = service.Data.Combine($"{video.Id}.mp4");
        await File.WriteAllBytesAsync(path, await service.Http.GetByteArrayAsync(video.Links.Content));
        return System.Text.Encoding.ASCII.GetString((await Rendering.TestFilm.RunAsync("ffprobe", "-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", path)).Output);
    }
}
