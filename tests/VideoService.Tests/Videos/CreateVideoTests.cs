using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace VideoService.Tests.Videos;

public abstract class CreateVideoTests(RunningVideoService service)
{
    [ServerFact]
    public async Task A_film_is_made_of_a_sessions_frames()
    {
        var session = await service.SaveAsync(3);
        using var response = await service.Http.PostAsync("/v1/videos", new { requestId = session.RequestId, fps = 24, quality = "draft", secondsPerFrame = 0.7, metadata = new { shelf = "top" } });
        var queued = JsonSerializer.Deserialize<Video>(await response.Content.ReadAsStringAsync(), WireJson.Options)!;
        Assert.Equal(202, (int)response.StatusCode);
        Assert.Equal($"{service.App.Address}/v1/videos/{queued.Id}", response.Headers.Location?.ToString());
        Assert.Equal([1, 2, 3], queued.Clips.Select(clip => clip.Number));
        Assert.Null(queued.Links.Content);

        var video = await service.Http.EndedAsync(queued.Id);
        Assert.Equal(VideoStatus.Completed, video.Status);
        Assert.Equal(100, video.Progress);
        Assert.Equal("top", video.Metadata!["shelf"]);
        Assert.All(video.Clips, clip => Assert.Equal("completed", clip.Status));
        using var bare = new HttpClient();
        var bytes = await bare.GetByteArrayAsync(video.Links.Content);
        Assert.Equal(video.Sha256, Pictures.Sha256(bytes));
        Assert.True(Ffprobe.IsFastStart(bytes));
        var file = service.Data.Combine("film.mp4");
        await File.WriteAllBytesAsync(file, bytes);
        var film = await Ffprobe.ReadAsync(file);
        Assert.Equal(("h264", "yuv420p", 1280, 720, "24/1"), (film.Codec, film.PixelFormat, film.Width, film.Height, film.FrameRate));
        Assert.Equal(50, film.Times.Count);
        Assert.InRange(film.Unevenness(24), 0, 0.001);
        Assert.Equal(0xFF, (await bare.GetByteArrayAsync(video.Links.Poster))[0]);
        Assert.NotEmpty(await bare.GetByteArrayAsync(video.Clips[1].Url));
    }

    [ServerFact]
    public async Task The_events_tell_each_clip_once_and_the_end_without_gaps()
    {
        var video = await service.FilmAsync(RunningVideoService.Quick(await service.SaveAsync(2)));
        var page = await service.Http.GetAsync<Page<Event>>($"{video.Links.Events}?limit=2");
        var rest = await service.Http.GetAsync<Page<Event>>($"{video.Links.Events}?cursor={page.NextCursor}");
        var all = page.Items.Concat(rest.Items).ToList();
        Assert.Equal(["video.clip_completed", "video.clip_completed", "video.completed"], all.Select(entry => entry.Type));
        Assert.Equal([1L, 2L, 3L], all.Select(entry => entry.Number));
        Assert.Equal($"evt_{video.Id}_3", all[^1].Id);
        Assert.Equal([1, 2], all.Take(2).Select(entry => entry.Data.GetProperty("number").GetInt32()).Order());
    }

    [ServerFact]
    public async Task A_dry_run_answers_with_the_plan_and_keeps_nothing()
    {
        var session = await service.SaveAsync(3);
        service.Frames.Save(session with { VideoDuration = 12 });
        var plan = await service.Http.PostAsync("/v1/videos", new { requestId = session.RequestId, dryRun = true, framesRevision = 3, aspectRatio = "960:960" }).ReadAsync<VideoPlan>();
        Assert.Equal((12.0, 30, 960, 960, 360), (plan.Duration, plan.Fps, plan.Width, plan.Height, plan.FrameCount));
        Assert.Equal(session.Frames!.Select(frame => frame.ObjectKey), plan.Frames.Select(frame => (ObjectKey?)frame.ObjectKey));
        Assert.Empty((await service.Http.GetAsync<Page<Video>>($"/v1/videos?requestId={session.RequestId}")).Items);
    }

    [ServerFact]
    public async Task Frames_that_are_still_being_made_are_waited_for()
    {
        var session = await service.SaveAsync(2);
        service.Frames.Save(session with { Status = SessionStatus.InProgress, Frames = [session.Frames![0], session.Frames[1] with { Status = FrameStatus.Generating, ObjectKey = null, Sha256 = null }] });
        using var response = await service.Http.PostAsync("/v1/videos", RunningVideoService.Quick(session));
        Assert.NotNull(response.Headers.RetryAfter);
        var (status, code, problem) = await Task.FromResult(response).RefusalAsync();
        Assert.Equal((409, "frames-not-ready"), (status, code));
        Assert.Contains("frame 2", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [ServerFact]
    public async Task A_session_that_awaits_approval_is_not_filmed_and_nobody_can_say_when()
    {
        var session = await service.SaveAsync(2);
        service.Frames.Save(session with { Status = SessionStatus.AwaitingApproval, Stage = SessionStage.Frames });
        using var response = await service.Http.PostAsync("/v1/videos", RunningVideoService.Quick(session));
        Assert.Null(response.Headers.RetryAfter);
        var (status, code, _) = await Task.FromResult(response).RefusalAsync();
        Assert.Equal((409, "frames-not-ready"), (status, code));
    }

    [ServerFact]
    public async Task A_frame_without_a_picture_is_named()
    {
        var session = await service.SaveAsync(3);
        service.Frames.Save(session with { Status = SessionStatus.Failed, Frames = [session.Frames![0], session.Frames[1] with { Status = FrameStatus.Failed, ObjectKey = null, Sha256 = null }, session.Frames[2]] });
        var (status, code, problem) = await service.Http.PostAsync("/v1/videos", RunningVideoService.Quick(session)).RefusalAsync();
        Assert.Equal((409, "frames-missing"), (status, code));
        Assert.Contains("frame 2 of 3", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [ServerFact]
    public async Task Another_revision_than_the_caller_has_seen_is_refused()
    {
        var session = await service.SaveAsync(1);
        var (status, code, _) = await service.Http.PostAsync("/v1/videos", new { requestId = session.RequestId, framesRevision = 7 }).RefusalAsync();
        Assert.Equal((409, "frames-revision-changed"), (status, code));
    }

    [ServerFact]
    public async Task A_foreign_session_reads_as_not_there_and_the_callers_name_and_credential_travel_on()
    {
        var session = await service.SaveAsync(1, UserId.Parse("anna"));
        using var berta = service.App.Client("berta");
        berta.DefaultRequestHeaders.Add("X-API-Key", "a-key");
        berta.DefaultRequestHeaders.Add("X-Correlation-Id", "walk-1");
        var (status, code, _) = await berta.PostAsync("/v1/videos", RunningVideoService.Quick(session)).RefusalAsync();
        Assert.Equal((404, "session-not-found"), (status, code));
        Assert.Equal(("berta", "a-key", "walk-1"), (service.Frames.LastHeaders["X-User-Id"], service.Frames.LastHeaders["X-API-Key"], service.Frames.LastHeaders["X-Correlation-Id"]));
        Assert.True(service.Frames.LastHeaders.ContainsKey("traceparent"));
    }

    [ServerFact]
    public async Task Another_users_film_reads_as_not_there()
    {
        var video = await service.CreateAsync(RunningVideoService.Quick(await service.SaveAsync(1)));
        using var berta = service.App.Client("berta");
        Assert.Equal("video-not-found", (await berta.GetAsync($"/v1/videos/{video.Id}").RefusalAsync()).Code);
        Assert.Equal("video-not-found", (await berta.PostAsync($"/v1/videos/{video.Id}/cancel", new { }).RefusalAsync()).Code);
        Assert.Equal("video-not-found", (await berta.DeleteAsync($"/v1/videos/{video.Id}").RefusalAsync()).Code);
    }

    [ServerTheory]
    [InlineData("""{"requestId":"nonsense"}""", 400, "invalid-request-id")]
    [InlineData("""{"requestId":"session_1700000000000_abc"}""", 400, "legacy-session-id")]
    [InlineData("""{}""", 422, "validation-failed")]
    [InlineData("""{"requestId":"req_1700000000000_abc","fps":23,"secondsPerFrame":0.1}""", 422, "validation-failed")]
    [InlineData("""{"requestId":"req_1700000000000_abc","motion":"wild"}""", 400, "invalid-json")]
    [InlineData("""{"requestId":"req_1700000000000_abc","unknown":1}""", 400, "invalid-json")]
    [InlineData("""{"requestId":"req_1700000000000_abc","userId":"a b"}""", 400, "invalid-user-id")]
    public async Task A_body_that_says_something_wrong_is_refused(string body, int status, string code)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var refusal = await service.Http.PostAsync("/v1/videos", content).RefusalAsync();
        Assert.Equal((status, code), (refusal.Status, refusal.Code));
    }

    [ServerFact]
    public async Task All_wrong_fields_are_named_at_once()
    {
        var refusal = await service.Http.PostAsync("/v1/videos", new { requestId = "req_1700000000000_abc", fps = 23, secondsPerFrame = 0.1 }).RefusalAsync();
        Assert.Equal(["fps", "secondsPerFrame"], refusal.Problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [ServerFact]
    public async Task Films_are_listed_newest_first_page_by_page()
    {
        using var clara = service.App.Client("clara");
        var session = await service.SaveAsync(1, UserId.Parse("clara"));
        var made = new List<VideoId>();
        for (var i = 0; i < 3; i++) made.Add((await clara.PostAsync("/v1/videos", RunningVideoService.Quick(session)).ReadAsync<Video>()).Id);
        var first = await clara.GetAsync<Page<Video>>("/v1/videos?limit=2");
        var second = await clara.GetAsync<Page<Video>>($"/v1/videos?limit=2&cursor={first.NextCursor}&requestId={session.RequestId}");
        Assert.Equal(Enumerable.Reverse(made), first.Items.Concat(second.Items).Select(video => video.Id));
        Assert.Null(second.NextCursor);
        Assert.Equal("invalid-cursor", (await clara.GetAsync("/v1/videos?cursor=AAAA").RefusalAsync()).Code);
    }

    [ServerFact]
    public async Task Content_leads_to_the_film_by_redirect_link_or_token()
    {
        var video = await service.FilmAsync(RunningVideoService.Quick(await service.SaveAsync(2)));
        using var redirect = await service.Http.GetAsync($"/v1/videos/{video.Id}/content");
        Assert.Equal(302, (int)redirect.StatusCode);
        using var range = new HttpRequestMessage(HttpMethod.Get, redirect.Headers.Location);
        range.Headers.Range = new(0, 99);
        using var part = await service.Http.SendAsync(range);
        Assert.Equal((206, 100), ((int)part.StatusCode, (await part.Content.ReadAsByteArrayAsync()).Length));
        using var ask = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{video.Id}/content?variant=clip&clip=2");
        ask.Headers.Accept.ParseAdd("application/json");
        var link = await service.Http.SendAsync(ask).ReadAsync<Link>();
        Assert.Contains("clip_02_", link.Url, StringComparison.Ordinal);
        Assert.Equal("validation-failed", (await service.Http.GetAsync($"/v1/videos/{video.Id}/content?variant=smell").RefusalAsync()).Code);
        Assert.Equal("object-not-found", (await service.Http.GetAsync($"/v1/videos/{video.Id}/content?variant=clip&clip=9").RefusalAsync()).Code);
    }

    [ServerFact]
    public async Task An_unchanged_video_is_not_sent_again()
    {
        var video = await service.FilmAsync(RunningVideoService.Quick(await service.SaveAsync(1)));
        using var first = await service.Http.GetAsync($"/v1/videos/{video.Id}");
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{video.Id}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await service.Http.SendAsync(again);
        Assert.Equal(304, (int)second.StatusCode);
    }

    [ServerFact]
    public async Task The_service_describes_itself_and_is_ready()
    {
        var document = await service.Http.GetAsync<JsonElement>("/openapi/v1.json");
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value.GetProperty("operationId").GetString()).Order();
        Assert.Equal(
            ["cancelVideo", "createVideo", "deleteVideo", "deleteVideos", "eraseUser", "getErasure", "getObject", "getProxiedVideo", "getVideo", "getVideoContent", "getVideoDelivery", "getVideoPlaylist", "isLive", "isReady", "listVideoDeliveries", "listVideoEvents", "listVideos", "planVideo", "redeliverVideoEvent", "rerenderVideo", "retryVideo"],
            operations);
        var health = await service.Http.GetAsync<JsonElement>("/health/ready");
        Assert.Equal(["database", "draining", "frameService", "store"], health.GetProperty("checks").EnumerateObject().Select(check => check.Name).Order());
    }
}

public sealed class CreateVideoOnSqlite(RunningVideoService service) : CreateVideoTests(service), IClassFixture<RunningVideoService>;

[Needs(TestServers.Postgres)]
public sealed class CreateVideoOnPostgres(VideoServiceOnPostgres service) : CreateVideoTests(service), IClassFixture<VideoServiceOnPostgres>;
