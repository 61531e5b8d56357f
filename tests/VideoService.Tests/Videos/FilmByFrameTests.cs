using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using VideoService.Rendering;
using VideoService.Videos;

namespace VideoService.Tests.Videos;

/// <summary>Films that are asked for frame by frame and joint by joint.</summary>
public sealed class FilmByFrameTests(RunningVideoService service) : IClassFixture<RunningVideoService>
{
    [Fact]
    public async Task What_is_asked_for_frames_and_joints_is_in_the_plan_the_film_its_record_and_a_rerender()
    {
        var session = await service.SaveAsync(4);
        object body = new
        {
            requestId = session.RequestId,
            fps = 24,
            quality = "draft",
            resolution = "480p",
            aspectRatio = "960:960",
            secondsPerFrame = 0.5,
            motion = "zoom-in",
            transition = "slide",
            transitionSeconds = 0.2,
            transitionDirection = "up",
            fit = "pad",
            padColor = "#204060",
            frames = new object[] { new { number = 2, motion = "pan-left", seconds = 1.5, focus = new { x = 0.2, y = 1 } } },
            joints = new object[] { new { after = 1, transition = "cut" }, new { after = 3, transition = "dissolve", seconds = 0.1 } },
        };
        var plan = await service.Http.PostAsync("/v1/videos/plan", body).ReadAsync<VideoPlan>();
        Assert.Equal((3.0, 72, 480, 480), (plan.Duration, plan.FrameCount, plan.Width, plan.Height));
        Assert.Equal(
            [(1, Motion.ZoomIn, 0, 12), (2, Motion.PanLeft, 12, 34), (3, Motion.ZoomIn, 50, 9), (4, Motion.ZoomIn, 61, 11)],
            plan.Clips.Select(clip => (clip.Number, clip.Motion, clip.StartFrame, clip.FrameCount)));
        Assert.All(plan.Clips, clip => Assert.Equal(Fit.Pad, clip.Fit));
        Assert.Equal(
            [new(1, Transition.Cut, null, 12, 0), new(2, Transition.Slide, Direction.Up, 46, 4), new(3, Transition.Dissolve, null, 59, 2)], plan.Joints);

        var film = await service.FilmAsync(body);
        Assert.Equal((VideoStatus.Completed, 3.0, 480, 480), (film.Status, film.Duration, film.Width, film.Height));
        Assert.Equal(plan.Clips.Select(clip => (clip.StartFrame, clip.FrameCount)), film.Clips.Select(clip => (clip.StartFrame, clip.FrameCount)));
        var key = ObjectKeys.VideoRecord(session.UserId, session.RequestId, film.Id);
        await using var kept = await service.Store.GetAsync(key, range: null, CancellationToken.None);
        using var record = await JsonDocument.ParseAsync(kept!.Content);
        var settings = record.RootElement.GetProperty("settings").Deserialize<VideoSettings>(WireJson.Options)!;
        Assert.Equal((Resolution.P480, 0.2, Direction.Up, "#204060"), (settings.Resolution, settings.TransitionSeconds, settings.TransitionDirection, settings.PadColor));
        Assert.Equal((2, Motion.PanLeft, 1.5, 0.2), (settings.Frames![0].Number, settings.Frames[0].Motion, settings.Frames[0].Seconds, settings.Frames[0].Focus!.X));
        Assert.Equal([1, 3], settings.Joints!.Select(joint => joint.After));

        // The last frame is gone: what was wished after the one before it is no mistake, and what is unchanged is found again.
        service.Frames.Save(session with { FramesRevision = 9, FrameCount = 3, Frames = [.. session.Frames!.Take(3)] });
        var before = service.EncodedPieces.Count;
        var again = await service.Http.EndedAsync((await service.Http.PostAsync($"/v1/videos/{film.Id}/rerender", new { }).ReadAsync<Video>()).Id);
        Assert.Equal((VideoStatus.Completed, 2.5, 480), (again.Status, again.Duration, again.Width));
        Assert.Equal(["clip_03"], service.EncodedPieces.Skip(before).Select(name => name[..name.LastIndexOf('_')]));
    }

    [Theory]
    [InlineData("""{"frames":[{"number":1},{"number":9}]}""", "frames[1].number")]
    [InlineData("""{"frames":[{"number":2},{"number":2}]}""", "frames[1].number")]
    [InlineData("""{"frames":[{"number":0}]}""", "frames[0].number")]
    [InlineData("""{"frames":[{"number":1,"seconds":0.2}]}""", "frames[0].seconds")]
    [InlineData("""{"frames":[{"number":1,"focus":{"x":1.5,"y":0}}]}""", "frames[0].focus")]
    [InlineData("""{"frames":[null]}""", "frames")]
    [InlineData("""{"frames":[{"number":1,"seconds":6},{"number":2,"seconds":6}]}""", "frames")]
    [InlineData("""{"joints":[{"after":3}]}""", "joints[0].after")]
    [InlineData("""{"joints":[{"after":7}]}""", "joints[0].after")]
    [InlineData("""{"joints":[{"after":1},{"after":1}]}""", "joints[1].after")]
    [InlineData("""{"joints":[{"after":1,"seconds":11}]}""", "joints[0].seconds")]
    [InlineData("""{"transition":"cut","joints":[{"after":1,"seconds":1}]}""", "joints[0].seconds")]
    [InlineData("""{"transitionSeconds":0.01}""", "transitionSeconds")]
    [InlineData("""{"fit":"pad","padColor":"#12345"}""", "padColor")]
    [InlineData("""{"fit":"pad","padColor":"#123456\n"}""", "padColor")]
    [InlineData("""{"fit":"cover","padColor":"#123456"}""", "padColor")]
    public async Task A_wish_that_cannot_be_is_refused_and_names_its_field(string wish, string field)
    {
        var session = await ThreeInTenSecondsAsync();
        var refusal = await PlanAsync(session, wish).RefusalAsync();
        Assert.Equal((422, "validation-failed"), (refusal.Status, refusal.Code));
        Assert.Equal([field], refusal.Problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("{}", 10, new[] { 0, 100, 200, 300 })]
    [InlineData("""{"frames":[{"number":2,"seconds":4}]}""", 10, new[] { 0, 90, 210, 300 })]
    [InlineData("""{"secondsPerFrame":2,"frames":[{"number":2,"seconds":4}]}""", 8, new[] { 0, 60, 180, 240 })]
    [InlineData("""{"frames":[{"number":1,"seconds":1.1},{"number":2,"seconds":2.2},{"number":3,"seconds":3.3}]}""", 6.6, new[] { 0, 33, 99, 198 })]
    public async Task Seconds_of_frames_of_the_film_and_of_the_session_make_one_length(string wish, double seconds, int[] places)
    {
        var plan = await PlanAsync(await ThreeInTenSecondsAsync(), wish, isCut: true).ReadAsync<VideoPlan>();
        Assert.Equal(seconds, plan.Duration);
        Assert.Equal(places, plan.Clips.Select(clip => clip.StartFrame).Append(plan.FrameCount));
    }

    [Fact]
    public void Every_ratio_has_every_resolution_with_even_sides_of_nearly_its_shape()
    {
        foreach (var ratio in AspectRatio.All)
        {
            Assert.Equal((ratio.Width, ratio.Height), FilmSize.Of(ratio, null));
            foreach (var resolution in Enum.GetValues<Resolution>())
            {
                var (width, height) = FilmSize.Of(ratio, resolution);
                Assert.Equal(WireText.Of(resolution), $"{Math.Min(width, height)}p");
                Assert.True(width % 2 == 0 && height % 2 == 0 && (long)width * height <= new RenderingOptions().MaxFilmPixels);
                Assert.Equal((double)ratio.Width / ratio.Height, (double)width / height, 0.004);
            }
        }
        Assert.Equal((1920, 1080), FilmSize.Of(AspectRatio.Parse("1280:720"), Resolution.P1080));
        Assert.Equal((2160, 3840), FilmSize.Of(AspectRatio.Parse("720:1280"), Resolution.P2160));
    }

    [Fact]
    public async Task A_film_larger_than_the_operator_allows_is_refused_with_the_largest_that_is()
    {
        await using var small = await service.StartAnotherAsync("Rendering:MaxFilmPixels=1000000");
        var session = await ThreeInTenSecondsAsync();
        var refusal = await small.Client().PostAsync("/v1/videos/plan", new { requestId = session.RequestId, resolution = "1080p" }).RefusalAsync();
        Assert.Equal("validation-failed", refusal.Code);
        Assert.Contains("largest resolution of 1280:720 here is 720p", refusal.Problem.GetProperty("errors").GetProperty("resolution")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_before_read_as_they_were_meant()
    {
        var former = JsonSerializer.Deserialize<VideoSettings>("""{"fps":25,"quality":"high","motion":"none","transition":"fade","onFrameFailure":"fail","seed":7}""", WireJson.Options)!;
        var film = former.Film(5, 1280, 720);
        Assert.Equal((25, Motion.None, Transition.Fade, 0.8, SkiaSharp.SKColors.Black), (film.Fps, film.Motion, film.Transition, film.TransitionSeconds, film.PadColour));
        Assert.Equal([1, 1], Storyboard.Of(former, [FilmFrame.WithoutPicture(1), FilmFrame.WithoutPicture(2)], 5).Select(frame => frame.Share));
    }

    private async Task<Session> ThreeInTenSecondsAsync()
    {
        var session = await service.SaveAsync(3);
        service.Frames.Save(session with { VideoDuration = 10 });
        return session;
    }

    private Task<HttpResponseMessage> PlanAsync(Session session, string wish, bool isCut = false)
    {
        var body = System.Text.Json.Nodes.JsonNode.Parse(wish)!.AsObject();
        body["requestId"] = session.RequestId.ToString();
        if (isCut) body["transition"] = "cut";
        return service.Http.PostAsync("/v1/videos/plan", body);
    }
}
