using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Sessions;

public abstract class GenerationTests(RunningFrameService service)
{
    private readonly HttpClient _http = service.Http;

    [ServerFact]
    public async Task A_prompt_becomes_a_story_and_stored_frames_under_one_id()
    {
        var begun = await GenerateAsync(new { prompt = "a paper boat crosses a stormy sea", frameCount = 3, style = "Digital Art", mood = "Moody", metadata = new { project = "sea" } });
        var session = await _http.EndedAsync(begun.Id);
        Assert.Equal((SessionStatus.Completed, 100, Style.DigitalArt, Mood.Moody), (session.Status, session.Progress, session.Style!.Value, session.Mood!.Value));
        Assert.Equal((3, 3, 15.0), (session.Story!.Scenes.Count, session.Frames!.Count, session.VideoDuration));
        Assert.Equal("sea", session.Metadata!["project"]);
        Assert.All(session.Frames, frame =>
        {
            Assert.Equal((FrameStatus.Stored, "draft", 1280, 720), (frame.Status, frame.Provider, frame.Width, frame.Height));
            Assert.Equal(begun.Id, frame.ObjectKey!.Value.RequestId);
            Assert.Contains($"/{begun.Id}/", frame.ImageUrl, StringComparison.Ordinal);
        });
    }

    [ServerFact]
    public async Task The_same_seed_gives_the_same_pictures()
    {
        var first = await _http.EndedAsync((await GenerateAsync(new { prompt = "a castle", frameCount = 2, seed = 42 })).Id);
        var second = await _http.EndedAsync((await GenerateAsync(new { prompt = "a castle", frameCount = 2, seed = 42 })).Id);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(first.Frames!.Select(frame => frame.Sha256), second.Frames!.Select(frame => frame.Sha256));
    }

    [ServerFact]
    public async Task Events_are_numbered_without_gaps_and_tell_each_step()
    {
        var id = (await GenerateAsync(new { prompt = "a lighthouse", frameCount = 2 })).Id;
        await _http.EndedAsync(id);
        var events = await _http.GetAsync<Page<Event>>($"/v1/sessions/{id}/events");
        Assert.Equal(["session.story_ready", "session.frame_stored", "session.frame_stored", "session.completed"], events.Items.Select(entry => entry.Type));
        Assert.Equal([1L, 2, 3, 4], events.Items.Select(entry => entry.Number));
        Assert.Equal($"evt_{id}_1", events.Items[0].Id);
        Assert.Equal([3L, 4], (await _http.GetAsync<Page<Event>>($"/v1/sessions/{id}/events?after=2")).Items.Select(entry => entry.Number));
    }

    [ServerFact]
    public async Task Storage_that_refuses_makes_frames_inline_and_later_stored_with_nothing_lost()
    {
        service.App.StoreIsDown = true;
        try
        {
            // Whether an unknown session lies in the store cannot be known now: who reads is told of the outage, not "not found".
            Assert.Equal((503, "storage-unavailable"), (await _http.GetAsync("/v1/sessions/req_1700000000123_outage").RefusalAsync()) is var read ? (read.Status, read.Code) : default);
            var begun = await GenerateAsync(new { requestId = "req_1700000000456_outage", prompt = "a bridge", frameCount = 2 });
            Assert.All((await _http.EndedAsync(begun.Id)).Frames!, frame => Assert.Equal(FrameStatus.Inline, frame.Status));
        }
        finally
        {
            service.App.StoreIsDown = false;
        }

        var request = RequestId.New(TimeProvider.System);
        await _http.PutPictureAsync(request, 1, Pictures.Png()).ReadAsync<Frame>();
        service.App.StoreIsDown = true;
        var picture = Pictures.Png(colour: 0xff112233);
        var inline = await _http.PutPictureAsync(request, 2, picture).ReadAsync<Frame>();
        Assert.Equal(FrameStatus.Inline, inline.Status);
        Assert.Equal(picture, await _http.GetByteArrayAsync(inline.ImageUrl));
        var whole = await _http.GetAsync<Frame>($"/v1/sessions/{request}/frames/2?inline=data");
        Assert.Equal("data:image/png;base64," + Convert.ToBase64String(picture), whole.ImageUrl);
        var saved = await _http.PostAsync("/v1/sessions", new { requestId = request, frames = new[] { new { number = 1 }, new { number = 2 } } }).ReadAsync<Session>();
        Assert.Equal([FrameStatus.Stored, FrameStatus.Inline], saved.Frames!.Select(frame => frame.Status));

        service.App.StoreIsDown = false;
        var stored = await Wait.ForAsync(
            async () => await _http.GetAsync<Frame>($"/v1/sessions/{request}/frames/2") is { Status: FrameStatus.Stored } frame ? frame : null, "the parked picture to be stored");
        Assert.Equal((inline.ObjectKey, inline.Sha256), (stored.ObjectKey, stored.Sha256));
        Assert.Equal(picture, await _http.GetByteArrayAsync(stored.ImageUrl));
        var events = await _http.GetAsync<Page<Event>>($"/v1/sessions/{request}/events");
        Assert.Equal(["session.frame_stored", "session.frame_inline", "session.completed", "session.frame_stored"], events.Items.Select(entry => entry.Type));
    }

    [ServerFact]
    public async Task A_cancelled_generation_takes_no_more_frames()
    {
        var id = (await GenerateAsync(new { prompt = "a long walk", frameCount = 200 })).Id;
        var canceled = await _http.PostAsync($"/v1/sessions/{id}/cancel", new { }).ReadAsync<Session>();
        Assert.Equal(SessionStatus.Canceled, canceled.Status);
        var after = await _http.GetAsync<Session>($"/v1/sessions/{id}");
        Assert.Equal((SessionStatus.Canceled, canceled.FramesRevision), (after.Status, after.FramesRevision));
        Assert.Equal("wrong-state", (await _http.PostAsync($"/v1/sessions/{id}/cancel", new { }).RefusalAsync()).Code);
        Assert.Equal("session.canceled", (await _http.GetAsync<Page<Event>>($"/v1/sessions/{id}/events?limit=100")).Items[^1].Type);
    }

    [ServerFact]
    public async Task A_request_id_in_use_is_not_generated_again()
    {
        var id = (await GenerateAsync(new { prompt = "once", frameCount = 1 })).Id;
        await _http.EndedAsync(id);
        Assert.Equal("session-exists", (await _http.PostAsync("/v1/sessions", new { requestId = id, prompt = "twice" }).RefusalAsync()).Code);
    }

    [ServerFact]
    public async Task A_stopped_service_goes_on_with_what_is_missing()
    {
        await using var own = new OwnService();
        await own.Service.InitializeAsync();
        var id = (await own.Service.Http.PostAsync("/v1/sessions", new { prompt = "a caravan in the desert", frameCount = 8, seed = 5 }).ReadAsync<Session>()).Id;
        await Wait.UntilAsync(async () => (await own.Service.Http.GetAsync<Session>($"/v1/sessions/{id}")).FramesRevision > 1, "two frames");
        await own.Service.RestartAsync();
        var session = await own.Service.Http.EndedAsync(id);
        Assert.Equal((SessionStatus.Completed, 8L), (session.Status, session.FramesRevision));
    }

    [ServerTheory]
    [InlineData("""{"prompt":""}""", 422, "validation-failed")]
    [InlineData("""{"prompt":"x","videoDuration":1}""", 422, "validation-failed")]
    [InlineData("""{"prompt":"x","frameCount":1001}""", 422, "validation-failed")]
    [InlineData("""{"prompt":"a\u0000b"}""", 422, "validation-failed")]
    [InlineData("""{"prompt":"x","style":"Baroque"}""", 400, "invalid-json")]
    [InlineData("""{"prompt":"x","aspectRatio":"16:9"}""", 400, "invalid-json")]
    [InlineData("""{"prompt":"x","promt":"y"}""", 400, "invalid-json")]
    [InlineData("""{"prompt":"x","prompt":"y"}""", 400, "invalid-json")]
    [InlineData("""{"prompt":"\ud800"}""", 400, "invalid-json")]
    [InlineData("""{"prompt":""", 400, "invalid-json")]
    [InlineData("""[]""", 400, "invalid-json")]
    [InlineData("""null""", 400, "invalid-request")]
    [InlineData("", 400, "invalid-request")]
    public async Task Bad_input_is_refused_at_the_edge(string body, int status, string code)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var refusal = await _http.PostAsync("/v1/sessions", content).RefusalAsync();
        Assert.Equal((status, code), (refusal.Status, refusal.Code));
        Assert.DoesNotContain("FrameVideo.", refusal.Problem.ToString(), StringComparison.Ordinal);
    }

    private Task<Session> GenerateAsync(object body) => _http.PostAsync("/v1/sessions", body).ReadAsync<Session>();

    private sealed class OwnService : IAsyncDisposable
    {
        public RunningFrameService Service { get; } = new();

        public async ValueTask DisposeAsync() => await Service.DisposeAsync();
    }
}

public sealed class GenerationOnSqlite(RunningFrameService service) : GenerationTests(service), IClassFixture<RunningFrameService>;

[Needs(TestServers.Postgres)]
public sealed class GenerationOnPostgres(FrameServiceOnPostgres service) : GenerationTests(service), IClassFixture<FrameServiceOnPostgres>;
