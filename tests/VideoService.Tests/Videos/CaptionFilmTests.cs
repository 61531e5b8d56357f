using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace VideoService.Tests.Videos;

/// <summary>Films with captions, over HTTP.</summary>
public sealed class CaptionFilmTests(RunningVideoService service) : IClassFixture<RunningVideoService>
{
    [Fact]
    public async Task Captions_lie_beside_the_film_and_one_changed_line_renders_its_clip_and_joints_alone()
    {
        var session = await service.SaveAsync(4);
        object Asked(string third) => new
        {
            requestId = session.RequestId,
            fps = 24,
            quality = "draft",
            secondsPerFrame = 1,
            captions = new { track = true, lines = new[] { new { frame = 1, text = "One & <more>" }, new { frame = 3, text = third } } },
        };
        var video = await service.FilmAsync(Asked("Three"));
        Assert.Equal(VideoStatus.Completed, video.Status);
        Assert.Equal("WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\nOne &amp; &lt;more&gt;\n\n3\n00:00:02.000 --> 00:00:03.000\nThree\n", await CaptionsAsync(video));
        var before = service.EncodedPieces.Count;
        var other = await service.FilmAsync(Asked("Third"));
        Assert.Equal(3, service.EncodedPieces.Count - before);
        Assert.Contains("Third", await CaptionsAsync(other), StringComparison.Ordinal);

        // Deleted, nothing is left of it.
        await service.Http.DeleteAsync($"/v1/videos/{video.Id}").ReadAsync<VideoDeletion>();
        Assert.Null(await service.Store.GetAsync(ObjectKeys.Captions(session.UserId, session.RequestId, video.Id), null, CancellationToken.None));
    }

    [Fact]
    public async Task Descriptions_are_the_captions_where_no_lines_are_given_and_without_captions_there_are_none()
    {
        var session = await service.SaveAsync(2);
        service.Frames.Save(session with { Frames = [session.Frames![0] with { Description = "At\tthe\nsea" }, session.Frames[1]] });
        var video = await service.FilmAsync(new { requestId = session.RequestId, fps = 24, quality = "draft", secondsPerFrame = 0.5, captions = new { burn = false } });
        Assert.Equal("WEBVTT\n\n1\n00:00:00.000 --> 00:00:00.500\nAt the sea\n", await CaptionsAsync(video));
        var bare = await service.FilmAsync(RunningVideoService.Quick(session));
        Assert.Equal("captions-not-found", (await service.Http.GetAsync($"/v1/videos/{bare.Id}/content?variant=captions").RefusalAsync()).Code);
    }

    [Fact]
    public async Task Lines_have_to_be_of_the_session_and_fit_to_be_written()
    {
        var session = await service.SaveAsync(2);
        (object Captions, string Code)[] refused =
        [
            (new { lines = new[] { new { frame = 3, text = "x" } } }, "validation-failed"),
            (new { lines = new[] { new { frame = 0, text = "x" } } }, "validation-failed"),
            (new { lines = new[] { new { frame = 1, text = "x" }, new { frame = 1, text = "y" } } }, "validation-failed"),
            (new { lines = new[] { new { frame = 1, text = new string('x', 501) } } }, "validation-failed"),
            (new { lines = new[] { new { frame = 1, text = "a\u0007b" } } }, "validation-failed"),
            (new { lines = Array.Empty<object>() }, "validation-failed"),
            (new { language = "not a tag" }, "validation-failed"),
            (new { language = "en\n" }, "validation-failed"),
            // Of no script: nobody has a glyph for it.
            (new { lines = new[] { new { frame = 1, text = "\uE123" } } }, "caption-font-missing"),
        ];
        foreach (var (captions, code) in refused)
            Assert.Equal((captions, code), (captions, (await service.Http.PostAsync("/v1/videos", new { requestId = session.RequestId, captions }).RefusalAsync()).Code));
    }

    private async Task<string> CaptionsAsync(Video video)
    {
        using var redirect = await service.Http.GetAsync($"/v1/videos/{video.Id}/content?variant=captions");
        return await service.Http.GetStringAsync(redirect.Headers.Location);
    }
}
