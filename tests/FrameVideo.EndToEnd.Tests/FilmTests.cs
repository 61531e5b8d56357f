using System.Net.Http.Headers;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.EndToEnd.Tests;

/// <summary>The whole walk on a folder and SQLite.</summary>
public sealed class FilmTests(RunningPair running) : FilmSuite(running), IClassFixture<RunningPair>
{
    [ServerFact]
    public async Task Ones_own_pictures_of_any_shape_become_a_film()
    {
        var id = RequestId.New(TimeProvider.System);
        byte[][] pictures = [Pictures.Jpeg(600, 400), Pictures.Jpeg(300, 500), Pictures.TurnedJpeg(600, 400, 6), Pictures.Webp(512, 512), Pictures.Png(640, 360, 0xff808080)];
        for (var i = 0; i < pictures.Length; i++) await Frames.PutPictureAsync(id, i + 1, pictures[i], "application/octet-stream").ReadAsync<Frame>();
        await Frames.PostAsync("/v1/sessions", new { requestId = id, videoDuration = 3, frames = Enumerable.Range(1, pictures.Length).Select(number => new { number }) }).ReadAsync<Session>();
        var video = await FilmAsync(new { requestId = id, aspectRatio = "720:1280", fps = 25 });
        Assert.Equal(VideoStatus.Completed, video.Status);
        var film = await ProbeAsync(await Videos.GetByteArrayAsync(video.Links.Content));
        Assert.Equal((720, 1280, "25/1", 75), (film.Width, film.Height, film.FrameRate, film.Times.Count));
    }
}

/// <summary>The whole walk on PostgreSQL and S3.</summary>
[Needs(TestServers.Postgres | TestServers.S3)]
public sealed class FilmOnServersTests(RunningPairOnServers running) : FilmSuite(running), IClassFixture<RunningPairOnServers>
{
    [ServerFact]
    [Trait("Campaign", "films")]
    [Trait("Depth", "long")]
    public async Task A_film_asked_for_while_the_store_is_down_is_made_when_it_is_back()
    {
        await using var own = await Running.StartAnotherAsync();
        using var frames = own.FrameClient();
        using var videos = own.VideoClient();
        var id = RequestId.New(TimeProvider.System);
        await frames.PutPictureAsync(id, 1, Pictures.Png(320, 180)).ReadAsync<Frame>();
        await File.WriteAllTextAsync(own.OutageFile, "");
        Assert.Equal(FrameStatus.Inline, (await frames.PutPictureAsync(id, 2, Pictures.Png(320, 180, 0xff883311)).ReadAsync<Frame>()).Status);
        var video = await videos.PostAsync("/v1/videos", new { requestId = id, secondsPerFrame = 1 }).ReadAsync<Video>();
        await Wait.UntilAsync(async () => (await videos.GetAsync<Video>($"/v1/videos/{video.Id}")).Stage == VideoStage.WaitingForStore, "the film to wait for the store");
        File.Delete(own.OutageFile);
        Assert.Equal(VideoStatus.Completed, (await videos.EndedAsync(video.Id)).Status);
    }

    [ServerFact]
    public async Task Films_of_a_deleted_session_go_within_a_minute()
    {
        var id = RequestId.New(TimeProvider.System);
        await Frames.PutPictureAsync(id, 1, Pictures.Png(320, 180)).ReadAsync<Frame>();
        var video = await FilmAsync(new { requestId = id, secondsPerFrame = 1 });
        await Frames.DeleteAsync($"/v1/sessions/{id}").ReadAsync<SessionDeletion>();
        await Wait.UntilAsync(async () => (int)(await Videos.GetAsync($"/v1/videos/{video.Id}")).StatusCode == 404, "the film to go");
        await Wait.UntilAsync(async () => await Pair.ObjectsOfAsync("local", id) == 0, "its objects to go");
        Assert.Equal("session-not-found", (await Videos.PostAsync("/v1/videos", new { requestId = id }).RefusalAsync()).Code);
    }
}

/// <summary>The whole walk over HTTP: prompt or pictures to film, under one request ID.</summary>
public abstract class FilmSuite(RunningPair running)
{
    protected RunningPair Running { get; } = running;

    protected Pair Pair { get; } = running.Pair;

    protected HttpClient Frames { get; } = running.Pair.FrameClient();

    protected HttpClient Videos { get; } = running.Pair.VideoClient();

    [ServerFact]
    public async Task A_prompt_becomes_a_film_of_exactly_the_sessions_duration()
    {
        var id = (await Frames.PostAsync("/v1/sessions", new { prompt = "a paper boat crosses a stormy sea", videoDuration = 3.5, frameCount = 3 }).ReadAsync<Session>()).Id;
        Assert.Equal(SessionStatus.Completed, (await Frames.EndedAsync(id)).Status);
        var video = await FilmAsync(new { requestId = id });
        Assert.Equal((VideoStatus.Completed, id, $"local/{id}/video-clips/{video.Id}/film.mp4"), (video.Status, video.RequestId, video.ObjectKey.ToString()));

        var bytes = await Videos.GetByteArrayAsync(video.Links.Content);
        Assert.Equal(video.Sha256, Pictures.Sha256(bytes));
        Assert.True(Ffprobe.IsFastStart(bytes));
        var film = await ProbeAsync(bytes);
        Assert.Equal(("h264", "yuv420p", 1280, 720, "30/1"), (film.Codec, film.PixelFormat, film.Width, film.Height, film.FrameRate));
        Assert.Equal(105, film.Times.Count);
        Assert.InRange(film.Duration, 3.5 - (1 / 30.0), 3.5 + (1 / 30.0));
        Assert.InRange(film.Unevenness(30), 0, 0.0005);
        Assert.Equal("image/jpeg", (await Videos.GetAsync(video.Links.Poster)).Content.Headers.ContentType!.MediaType);

        using var request = new HttpRequestMessage(HttpMethod.Get, video.Links.Content);
        request.Headers.Range = new RangeHeaderValue(100, 199);
        using var part = await Videos.SendAsync(request);
        Assert.Equal(206, (int)part.StatusCode);
        Assert.Equal(bytes[100..200], await part.Content.ReadAsByteArrayAsync());
    }

    [ServerFact]
    [Trait("Campaign", "found-at-once")]
    public async Task What_a_user_has_uploaded_is_found_at_once_without_a_retry()
    {
        var rounds = Campaign.IsLong ? 10_000 : 50;
        var picture = Pictures.Png();
        for (var round = 0; round < rounds; round++)
        {
            var id = RequestId.New(TimeProvider.System);
            var count = 1 + (round % 3);
            for (var number = 1; number <= count; number++) await Frames.PutPictureAsync(id, number, picture).ReadAsync<Frame>();
            var plan = await Videos.PostAsync("/v1/videos", new { requestId = id, dryRun = true }).ReadAsync<VideoPlan>();
            Assert.Equal(Enumerable.Range(1, count), plan.Frames.Select(frame => frame.Number));
            // A plan is an answer and nothing more.
            if (round % 50 == 0) Assert.Empty((await Videos.GetAsync<Page<Video>>($"/v1/videos?requestId={id}")).Items);
        }
    }

    [ServerFact]
    public async Task The_request_id_is_the_same_in_row_key_link_session_and_log()
    {
        var id = RequestId.New(TimeProvider.System);
        await Frames.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        var session = await Frames.PostAsync("/v1/sessions", new { frames = new[] { new { number = 1, imageUrl = (await Frames.GetAsync<Frame>($"/v1/sessions/{id}/frames/1")).ImageUrl } } }).ReadAsync<Session>();
        Assert.Equal((id, id, id), (session.Id, session.Frames![0].ObjectKey!.Value.RequestId, RequestId.FromUrl(session.Frames[0].ImageUrl)!.Value));
        Assert.Contains($"Using existing request ID from S3: {id}", Pair.Frames.Log, StringComparison.Ordinal);
        Assert.Contains("Frame 1 uploaded to S3 successfully: ", Pair.Frames.Log, StringComparison.Ordinal);
        foreach (var signature in new[] { "token=", "X-Amz-Signature" }) Assert.DoesNotContain(signature, Pair.Frames.Log, StringComparison.Ordinal);
    }

    protected async Task<Video> FilmAsync(object request) => await Videos.EndedAsync((await Videos.PostAsync("/v1/videos", request).ReadAsync<Video>()).Id);

    protected async Task<Ffprobe> ProbeAsync(byte[] film)
    {
        var path = Pair.Data.Combine($"{Pictures.Sha256(film)[..12]}.mp4");
        await File.WriteAllBytesAsync(path, film);
        return await Ffprobe.ReadAsync(path);
    }
}
