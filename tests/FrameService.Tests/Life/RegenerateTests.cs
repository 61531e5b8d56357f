using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Life;

public abstract class RegenerateTests(RunningFrameService service) : LifeSuite(service)
{
    [ServerFact]
    public async Task The_former_picture_is_seen_until_the_new_one_is_stored()
    {
        var word = Word();
        var before = await EndedAsync(new { prompt = $"a {word} tower", frameCount = 2, seed = 3 });
        var former = await Client.GetByteArrayAsync(before.Frames![1].ImageUrl);
        Artist.Hold(word);
        var asked = await RegenerateAsync(before.Id, 2);
        Assert.Equal(FrameStatus.Generating, asked.Status);
        await HeldAtAsync(word, 3);
        var during = await GetAsync(before.Id);
        Assert.Equal((SessionStatus.InProgress, FrameStatus.Generating, before.FramesRevision, 50), (during.Status, during.Frames![1].Status, during.FramesRevision, during.Progress));
        Assert.Equal(former, await Client.GetByteArrayAsync(during.Frames[1].ImageUrl));
        Assert.Equal((before.Frames[1].Sha256, 3L), (during.Frames[1].Sha256, during.Frames[1].Seed));
        using (var image = await Client.GetAsync(during.Frames[1].Links!.Image)) Assert.Equal(302, (int)image.StatusCode);
        Artist.Release(word);

        var after = await Client.EndedAsync(before.Id);
        Assert.Equal((SessionStatus.Completed, 100, before.FramesRevision + 1, FrameStatus.Stored), (after.Status, after.Progress, after.FramesRevision, after.Frames![1].Status));
        Assert.NotEqual(before.Frames[1].Sha256, after.Frames[1].Sha256);
        Assert.Equal(before.Frames[0].Sha256, after.Frames[0].Sha256);
        Assert.Equal(["story_ready", "frame_stored", "frame_stored", "completed", "frame_stored", "completed"], await EventsAsync(before.Id));

        // A seed of one's own is repeatable, to the byte and the name.
        await RegenerateAsync(before.Id, 2, new { seed = 3 });
        var again = await Client.EndedAsync(before.Id);
        Assert.Equal((before.Frames[1].Sha256, before.Frames[1].ObjectKey, 3L), (again.Frames![1].Sha256, again.Frames[1].ObjectKey, again.Frames[1].Seed));
        Assert.Equal(former, await Client.GetByteArrayAsync(again.Frames[1].ImageUrl));
    }

    [ServerFact]
    public async Task New_words_come_with_the_new_picture()
    {
        var done = await EndedAsync(new { prompt = "a quiet lake", frameCount = 2 });
        await RegenerateAsync(done.Id, 1, new { prompt = " a loud city " });
        var frame = (await Client.EndedAsync(done.Id)).Frames![0];
        Assert.Equal(("a loud city", done.Frames![0].Description, done.Frames[0].SceneStory), (frame.Prompt, frame.Description, frame.SceneStory));
        await RegenerateAsync(done.Id, 1, new { description = "A fox in the snow" });
        frame = (await Client.EndedAsync(done.Id)).Frames![0];
        Assert.Equal(("A fox in the snow", "A fox in the snow"), (frame.Description, frame.SceneStory));
        Assert.Contains("A fox in the snow", frame.Prompt, StringComparison.Ordinal);
        Assert.Contains("style", frame.Prompt, StringComparison.Ordinal);
    }

    [ServerFact]
    public async Task Where_none_can_be_made_the_former_picture_stays_and_the_frame_says_why()
    {
        var word = Word();
        var done = await EndedAsync(new { prompt = "a still bay", frameCount = 2 });
        Artist.Fail(word);
        await RegenerateAsync(done.Id, 1, new { prompt = $"a {word}" });
        var after = await Client.EndedAsync(done.Id);
        var frame = after.Frames![0];
        Assert.Equal((SessionStatus.Completed, FrameStatus.Stored, done.Frames![0].Sha256, "generation-failed", done.Frames[0].Prompt), (after.Status, frame.Status, frame.Sha256, frame.Error!.Code, frame.Prompt));
        Assert.Equal(["frame_failed", "completed"], (await EventsAsync(done.Id)).TakeLast(2));
        await RegenerateAsync(done.Id, 1);
        Assert.Null((await Client.EndedAsync(done.Id)).Frames![0].Error);
    }

    [ServerFact]
    public async Task The_last_missing_frame_completes_a_failed_session_whoever_brings_it()
    {
        var word = Word();
        Artist.Fail(word);
        var failed = await EndedAsync(new { prompt = $"a {word} sea", frameCount = 3 });
        Assert.Equal((SessionStatus.Failed, "generation-failed", 0), (failed.Status, failed.Error!.Code, failed.FramesReady!.Value));
        await RegenerateAsync(failed.Id, 2, new { prompt = "a calm sea" });
        var half = await Client.EndedAsync(failed.Id);
        Assert.Equal((SessionStatus.Failed, 1), (half.Status, half.FramesReady!.Value));
        Assert.Equal([FrameStatus.Failed, FrameStatus.Stored, FrameStatus.Failed], half.Frames!.Select(frame => frame.Status));
        await Client.PutPictureAsync(failed.Id, 1, Pictures.Png()).ReadAsync<Frame>();
        Assert.Equal(SessionStatus.Failed, (await GetAsync(failed.Id)).Status);
        await RegenerateAsync(failed.Id, 3, new { prompt = "another calm sea" });
        var whole = await Client.EndedAsync(failed.Id);
        Assert.Equal((SessionStatus.Completed, 3), (whole.Status, whole.FramesReady!.Value));
        Assert.Null(whole.Error);
        Assert.Equal(["story_ready", "frame_failed", "frame_failed", "frame_failed", "failed", "frame_stored", "failed", "frame_stored", "frame_stored", "completed"], await EventsAsync(failed.Id));

        var other = await EndedAsync(new { prompt = $"a {word} coast", frameCount = 1 });
        await Client.PutPictureAsync(other.Id, 1, Pictures.Png()).ReadAsync<Frame>();
        Assert.Equal((SessionStatus.Completed, null), ((await GetAsync(other.Id)) is var brought ? (brought.Status, brought.Error) : default));
    }

    [ServerFact]
    public async Task Of_several_wishes_each_frame_gets_its_last_also_while_it_is_being_made()
    {
        var word = Word();
        Artist.Hold(word);
        var begun = await BegunAsync(new { prompt = $"{word} waves", frameCount = 3 });
        await HeldAtAsync(word);
        await RegenerateAsync(begun.Id, 1, new { prompt = "a first wish" });
        await RegenerateAsync(begun.Id, 1, new { prompt = "a second wish", seed = 5 });
        await RegenerateAsync(begun.Id, 2, new { prompt = "another frame's wish" });
        Artist.Release(word);
        var done = await Client.EndedAsync(begun.Id);
        Assert.Equal((SessionStatus.Completed, 3), (done.Status, done.FramesReady!.Value));
        Assert.Equal(("a second wish", 5L, "another frame's wish"), (done.Frames![0].Prompt, done.Frames[0].Seed!.Value, done.Frames[1].Prompt));
        Assert.Contains(word, done.Frames[2].Prompt, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Artist.Of("a first wish"));

        // What is drawn by the time that another wish comes is dropped.
        var (first, third) = (Word(), Word());
        Artist.Hold(first);
        await RegenerateAsync(begun.Id, 3, new { prompt = first });
        await HeldAtAsync(first);
        await RegenerateAsync(begun.Id, 3, new { prompt = third });
        Artist.Release(first);
        done = await Client.EndedAsync(begun.Id);
        Assert.Equal((third, SessionStatus.Completed), (done.Frames![2].Prompt, done.Status));
        Assert.Single((await EventsAsync(begun.Id)).SkipWhile(type => type != "completed"), type => type == "frame_stored");
    }

    [ServerFact]
    public async Task A_picture_that_a_person_brings_meanwhile_is_wanted_more()
    {
        var word = Word();
        var done = await EndedAsync(new { prompt = "two ships", frameCount = 2 });
        Artist.Hold(word);
        await RegenerateAsync(done.Id, 1, new { prompt = word });
        await HeldAtAsync(word);
        var mine = await Client.PutPictureAsync(done.Id, 1, Pictures.Png()).ReadAsync<Frame>();
        Artist.Release(word);
        var frame = (await Client.EndedAsync(done.Id)).Frames![0];
        Assert.Equal((mine.Sha256, "upload", FrameStatus.Stored), (frame.Sha256, frame.Provider, frame.Status));
        Assert.Null(frame.Seed);
    }

    [ServerFact]
    public async Task Frames_that_were_brought_can_be_made_anew_where_there_are_words()
    {
        var id = RequestId.New(TimeProvider.System);
        await Client.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        Assert.Equal((422, "validation-failed"), await RefusedAsync($"/v1/sessions/{id}/frames/1/regenerate"));
        await RegenerateAsync(id, 1, new { prompt = "a ladder" });
        var draft = await Client.EndedAsync(id);
        Assert.Equal((SessionStatus.Draft, "stand-in"), (draft.Status, draft.Frames![0].Provider));

        var saved = await Client.PostAsync("/v1/sessions", new { requestId = id, frames = new[] { new { number = 1, description = "at the sea" } } }).ReadAsync<Session>();
        Assert.NotNull(saved.Frames![0].Seed);
        await RegenerateAsync(id, 1, new { seed = 1 });
        var again = await Client.EndedAsync(id);
        Assert.Equal((SessionStatus.Completed, 1L), (again.Status, again.Frames![0].Seed!.Value));
    }

    [ServerFact]
    public async Task An_outage_of_the_store_keeps_the_new_picture_inline()
    {
        var done = await EndedAsync(new { prompt = "a ferry", frameCount = 1 });
        Service.App.StoreIsDown = true;
        try
        {
            await RegenerateAsync(done.Id, 1, new { seed = 99 });
            var during = (await Client.EndedAsync(done.Id)).Frames![0];
            Assert.Equal((FrameStatus.Inline, 99L), (during.Status, during.Seed!.Value));
            // An inline picture is seen while it is made again, too.
            var word = Word();
            Artist.Hold(word);
            await RegenerateAsync(done.Id, 1, new { prompt = word });
            await HeldAtAsync(word);
            Assert.Equal(during.Sha256, Pictures.Sha256(await Client.GetByteArrayAsync((await FrameAsync(done.Id, 1)).ImageUrl)));
            Artist.Release(word);
            await Client.EndedAsync(done.Id);
        }
        finally
        {
            Service.App.StoreIsDown = false;
        }

        await Wait.UntilAsync(async () => (await FrameAsync(done.Id, 1)).Status == FrameStatus.Stored, "the parked picture to be stored");
    }

    [ServerTheory]
    [InlineData("""{"seed":-1}""", 422, "validation-failed")]
    [InlineData("""{"seed":9007199254740992}""", 422, "validation-failed")]
    [InlineData("""{"prompt":" "}""", 422, "validation-failed")]
    [InlineData("""{"description":""}""", 422, "validation-failed")]
    [InlineData("""{"prompt":"a\u0000b"}""", 422, "validation-failed")]
    [InlineData("""{"seed":"7"}""", 400, "invalid-json")]
    [InlineData("""{"promt":"x"}""", 400, "invalid-json")]
    [InlineData("""{"prompt":""", 400, "invalid-json")]
    [InlineData("""[]""", 400, "invalid-json")]
    public async Task A_wish_that_is_none_is_refused_and_changes_nothing(string body, int status, string code)
    {
        var id = RequestId.New(TimeProvider.System);
        await Client.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var refusal = await Client.PostAsync($"/v1/sessions/{id}/frames/1/regenerate", content).RefusalAsync();
        Assert.Equal((status, code), (refusal.Status, refusal.Code));
        Assert.Equal((SessionStatus.Draft, FrameStatus.Stored), (await GetAsync(id)) is var session ? (session.Status, session.Frames![0].Status) : default);
    }

    [ServerFact]
    public async Task What_is_not_there_cannot_be_made_again()
    {
        var id = RequestId.New(TimeProvider.System);
        foreach (var call in new[] { "frames/1/regenerate", "approve", "retry", "cancel" }) Assert.Equal((404, "session-not-found"), await RefusedAsync($"/v1/sessions/{id}/{call}"));
        await Client.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        Assert.Equal((404, "frame-not-found"), await RefusedAsync($"/v1/sessions/{id}/frames/2/regenerate", new { prompt = "x" }));
        using var eve = Service.App.Client("eve");
        Assert.Equal("session-not-found", (await eve.PostAsync($"/v1/sessions/{id}/frames/1/regenerate", new { prompt = "x" }).RefusalAsync()).Code);
        await Client.DeleteAsync($"/v1/sessions/{id}").ReadAsync<SessionDeletion>();
        foreach (var call in new[] { "frames/1/regenerate", "approve", "retry", "cancel" }) Assert.Equal((410, "session-deleted"), await RefusedAsync($"/v1/sessions/{id}/{call}"));
    }
}

public sealed class RegenerateOnSqlite(LedFrameService service) : RegenerateTests(service), IClassFixture<LedFrameService>;

[Needs(TestServers.Postgres)]
public sealed class RegenerateOnPostgres(LedFrameServiceOnPostgres service) : RegenerateTests(service), IClassFixture<LedFrameServiceOnPostgres>;
