using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Life;

public abstract class PauseTests(RunningFrameService service) : LifeSuite(service)
{
    [ServerFact]
    public async Task After_the_story_nothing_is_drawn_until_it_is_approved_and_a_restart_changes_nothing()
    {
        var word = Word();
        var paused = await EndedAsync(new { prompt = $"a {word} boat", frameCount = 2, pauseAfter = "story" });
        Assert.Equal((SessionStatus.AwaitingApproval, SessionStage.Story, 5, 0), (paused.Status, paused.Stage!.Value, paused.Progress, paused.FramesReady!.Value));
        Assert.Equal([FrameStatus.Pending, FrameStatus.Pending], paused.Frames!.Select(frame => frame.Status));
        await Service.RestartAsync();
        paused = await GetAsync(paused.Id);
        Assert.Equal((SessionStatus.AwaitingApproval, SessionStage.Story), (paused.Status, paused.PauseAfter!.Value));
        Assert.Empty(Artist.Of(word));

        var approved = await PostAsync(paused.Links.Approve).ReadAsync<Session>();
        Assert.Null(approved.Links.Approve);
        Assert.Equal((409, "wrong-state"), await RefusedAsync(paused.Links.Approve!));
        var done = await Client.EndedAsync(paused.Id);
        Assert.Equal((SessionStatus.Completed, 2), (done.Status, done.FramesReady!.Value));
        Assert.Equal(["story_ready", "awaiting_approval", "frame_stored", "frame_stored", "completed"], await EventsAsync(done.Id));
        Assert.Equal((409, "wrong-state"), await RefusedAsync(paused.Links.Approve!));
    }

    [ServerFact]
    public async Task After_the_frames_each_can_be_made_again_or_replaced_until_the_session_is_approved()
    {
        var paused = await EndedAsync(new { prompt = "three hills", frameCount = 3, pauseAfter = "frames" });
        Assert.Equal((SessionStatus.AwaitingApproval, SessionStage.Frames, 3), (paused.Status, paused.Stage!.Value, paused.FramesReady!.Value));
        Assert.Equal((422, "validation-failed"), await RefusedAsync(paused.Links.Approve!, new { story = new { title = "Late" } }));

        await RegenerateAsync(paused.Id, 2, new { seed = 7 });
        var again = await Client.EndedAsync(paused.Id);
        Assert.Equal((SessionStatus.AwaitingApproval, 7L), (again.Status, again.Frames![1].Seed!.Value));
        await Client.PutPictureAsync(paused.Id, 3, Pictures.Png()).ReadAsync<Frame>();
        Assert.Equal(SessionStatus.AwaitingApproval, (await GetAsync(paused.Id)).Status);

        using var answer = await PostAsync(paused.Links.Approve);
        Assert.Equal(200, (int)answer.StatusCode);
        var done = await GetAsync(paused.Id);
        Assert.Equal((SessionStatus.Completed, 100, "upload"), (done.Status, done.Progress, done.Frames![2].Provider));
        Assert.Equal(["story_ready", "frame_stored", "frame_stored", "frame_stored", "awaiting_approval", "frame_stored", "awaiting_approval", "frame_stored", "completed"], await EventsAsync(done.Id));
        // Once approved it does not wait again.
        await RegenerateAsync(paused.Id, 1);
        Assert.Equal(SessionStatus.Completed, (await Client.EndedAsync(paused.Id)).Status);
    }

    [ServerFact]
    public async Task An_edited_story_decides_the_frames_and_their_prompts()
    {
        var paused = await EndedAsync(new { prompt = "A fox wakes. It runs. It sleeps.", frameCount = 3, videoDuration = 12, pauseAfter = "story" });
        var scenes = paused.Story!.Scenes;
        using var patched = await Client.PatchAsync(paused.Frames![2].Links!.Self, JsonBody("""{"prompt":"my own words for the end"}"""));
        Assert.Equal(200, (int)patched.StatusCode);
        await PostAsync(paused.Links.Approve, new
        {
            story = new { title = "Fox", scenes = new object[] { scenes[0], new { description = "A dragon lands on a castle" }, new { description = "An owl watches" }, new { sceneNumber = 3, description = scenes[2].Description } } },
        }).ReadAsync<Session>();
        var done = await Client.EndedAsync(paused.Id);
        Assert.Equal((SessionStatus.Completed, 4, 12.0), (done.Status, done.FrameCount, done.VideoDuration!.Value));
        Assert.Equal(("Fox", paused.Story.OverallStory), (done.Story!.Title, done.Story.OverallStory));
        Assert.Equal(["0:00-0:03", "0:03-0:06", "0:06-0:09", "0:09-0:12"], done.Story.Scenes.Select(scene => scene.Timeframe));
        Assert.Equal([1, 2, 3, 4], done.Story.Scenes.Select(scene => scene.SceneNumber));
        Assert.Equal(done.Story.Scenes.Select(scene => scene.Description), done.Frames!.Select(frame => frame.Description));
        Assert.Equal((paused.Frames[0].Prompt, "my own words for the end"), (done.Frames![0].Prompt, done.Frames[3].Prompt));
        Assert.Contains("A dragon lands on a castle", done.Frames[1].Prompt, StringComparison.Ordinal);
        Assert.Contains("Realistic style", done.Frames[1].Prompt, StringComparison.Ordinal);
        Assert.All(done.Frames, frame => Assert.Equal(FrameStatus.Stored, frame.Status));
    }

    [ServerFact]
    public async Task Pictures_that_are_there_keep_the_number_of_scenes_and_are_not_drawn_over()
    {
        var word = Word();
        var paused = await EndedAsync(new { prompt = $"a {word} road. It bends.", frameCount = 2, pauseAfter = "story" });
        var mine = await Client.PutPictureAsync(paused.Id, 2, Pictures.Png()).ReadAsync<Frame>();
        // One frame can be tried out before the rest is approved.
        await RegenerateAsync(paused.Id, 1, new { prompt = $"a {word} trial" });
        var tried = await Client.EndedAsync(paused.Id);
        Assert.Equal((SessionStatus.AwaitingApproval, SessionStage.Story, 2), (tried.Status, tried.Stage!.Value, tried.FramesReady!.Value));
        Assert.Equal((422, "validation-failed"), await RefusedAsync(paused.Links.Approve!, new { story = new { scenes = new[] { new { description = "One alone" } } } }));
        Assert.Equal(SessionStatus.AwaitingApproval, (await GetAsync(paused.Id)).Status);
        await PostAsync(paused.Links.Approve, new { story = new { scenes = new[] { new { description = "One" }, new { description = "Two" } } } }).ReadAsync<Session>();
        var done = await Client.EndedAsync(paused.Id);
        Assert.Equal((SessionStatus.Completed, mine.Sha256, "Two"), (done.Status, done.Frames![1].Sha256, done.Frames[1].Description));
        Assert.Single(Artist.Of(word));
    }

    [ServerTheory]
    [InlineData("""{"story":{"scenes":[]}}""", 422, "validation-failed")]
    [InlineData("""{"story":{"scenes":[null,null]}}""", 422, "validation-failed")]
    [InlineData("""{"story":{"scenes":[{"description":"a"},{"description":" "}]}}""", 422, "validation-failed")]
    [InlineData("""{"story":{"scenes":[{"description":"a"},{}]}}""", 422, "validation-failed")]
    [InlineData("""{"story":{"scenes":[{"sceneNumber":2,"description":"a"},{"sceneNumber":1,"description":"b"}]}}""", 422, "validation-failed")]
    [InlineData("""{"story":{"title":""}}""", 422, "validation-failed")]
    [InlineData("""{"story":{"title":"a\u0000b"}}""", 422, "validation-failed")]
    [InlineData("""{"story":{"titel":"x"}}""", 400, "invalid-json")]
    [InlineData("""{"story":"x"}""", 400, "invalid-json")]
    [InlineData("""{"approved":true}""", 400, "invalid-json")]
    [InlineData("""[]""", 400, "invalid-json")]
    [InlineData("""{"story":""", 400, "invalid-json")]
    public async Task A_story_that_is_none_is_refused_and_the_session_waits_on(string body, int status, string code)
    {
        var paused = await EndedAsync(new { prompt = "two birds. They fly.", frameCount = 2, pauseAfter = "story" });
        var refusal = await Client.PostAsync(paused.Links.Approve, JsonBody(body)).RefusalAsync();
        Assert.Equal((status, code), (refusal.Status, refusal.Code));
        var still = await GetAsync(paused.Id);
        Assert.Equal((SessionStatus.AwaitingApproval, paused.Story!.Title), (still.Status, still.Story!.Title));
    }

    [ServerFact]
    public async Task A_pause_is_asked_for_by_its_name_and_only_when_generating()
    {
        Assert.Equal((400, "invalid-json"), await RefusedAsync("/v1/sessions", new { prompt = "x", pauseAfter = "lunch" }));
        var picture = "data:image/png;base64," + Convert.ToBase64String(Pictures.Png());
        Assert.Equal((422, "validation-failed"), await RefusedAsync("/v1/sessions", new { frames = new[] { new { number = 1, imageUrl = picture } }, pauseAfter = "frames" }));
    }

    [ServerFact]
    public async Task A_session_that_waits_can_be_saved_or_cancelled()
    {
        var paused = await EndedAsync(new { prompt = "two doors", frameCount = 2, pauseAfter = "frames" });
        var saved = await Client.PostAsync("/v1/sessions", new { requestId = paused.Id, frames = new[] { new { number = 1 }, new { number = 2 } } }).ReadAsync<Session>();
        Assert.Equal(SessionStatus.Completed, saved.Status);
        Assert.Equal((409, "wrong-state"), await RefusedAsync(paused.Links.Approve!));

        var other = await EndedAsync(new { prompt = "two windows", frameCount = 2, pauseAfter = "story" });
        Assert.Equal(SessionStatus.Canceled, (await PostAsync(other.Links.Cancel).ReadAsync<Session>()).Status);
        Assert.Equal((409, "wrong-state"), await RefusedAsync(other.Links.Approve!));
        // What was not approved still waits for it.
        await PostAsync((await GetAsync(other.Id)).Links.Retry).ReadAsync<Session>();
        Assert.Equal(SessionStatus.AwaitingApproval, (await Client.EndedAsync(other.Id)).Status);
        Assert.Equal(["story_ready", "awaiting_approval", "canceled", "awaiting_approval"], await EventsAsync(other.Id));
    }

    [ServerFact]
    public async Task Pause_and_seeds_come_back_from_the_store()
    {
        var paused = await EndedAsync(new { prompt = "a mill", frameCount = 1, seed = 11, pauseAfter = "frames" });
        await RegenerateAsync(paused.Id, 1, new { seed = 12 });
        await Client.EndedAsync(paused.Id);
        var manifest = Service.Data.Combine("objects", "local", paused.Id.ToString(), "manifest.json");
        await Wait.UntilAsync(
            () => File.Exists(manifest) && JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(manifest)) is var record
                && record.GetProperty("status").GetString() == "awaiting_approval" && record.GetProperty("frames")[0].GetProperty("seed").GetInt64() == 12,
            "the record of the pause");
        await Service.LoseDatabaseAsync();
        var back = await GetAsync(paused.Id);
        Assert.Equal((SessionStatus.AwaitingApproval, SessionStage.Frames, 11L, 12L), (back.Status, back.Stage!.Value, back.Seed!.Value, back.Frames![0].Seed!.Value));
        Assert.Equal(SessionStatus.Completed, (await PostAsync(back.Links.Approve).ReadAsync<Session>()).Status);
    }

    private static StringContent JsonBody(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}

public sealed class PauseOnSqlite(LedFrameService service) : PauseTests(service), IClassFixture<LedFrameService>;

[Needs(TestServers.Postgres)]
public sealed class PauseOnPostgres(LedFrameServiceOnPostgres service) : PauseTests(service), IClassFixture<LedFrameServiceOnPostgres>;
