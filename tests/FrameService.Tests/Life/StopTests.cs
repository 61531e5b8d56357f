using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Life;

/// <summary>Cancel, retry, restarts and races.</summary>
public abstract class StopTests(RunningFrameService service) : LifeSuite(service)
{
    [ServerFact]
    public async Task A_cancelled_generation_stops_its_artist_and_a_retry_makes_what_is_missing()
    {
        var word = Word();
        var paused = await EndedAsync(new { prompt = $"a {word} wall. It falls. It stands.", frameCount = 3, pauseAfter = "story" });
        await Client.PutPictureAsync(paused.Id, 1, Pictures.Png()).ReadAsync<Frame>();
        Artist.Hold(word);
        await PostAsync(paused.Links.Approve).ReadAsync<Session>();
        await HeldAtAsync(word);
        var canceled = await PostAsync(paused.Links.Cancel).ReadAsync<Session>();
        Assert.Equal((SessionStatus.Canceled, 1, 3), (canceled.Status, canceled.FramesReady!.Value, canceled.FrameCount));
        Assert.DoesNotContain(canceled.Frames!, frame => frame.Status == FrameStatus.Generating);
        await Wait.UntilAsync(() => Artist.Stopped.Any(brief => brief.Prompt.Contains(word, StringComparison.OrdinalIgnoreCase)), "the artist to stop");
        Artist.Release(word);
        Assert.Equal((409, "wrong-state"), await RefusedAsync(paused.Links.Cancel!));
        var told = await LastEventAsync(paused.Id);
        Assert.Equal((3, 1), (told.GetProperty("frameCount").GetInt32(), told.GetProperty("framesReady").GetInt32()));

        var retried = await PostAsync(canceled.Links.Retry).ReadAsync<Session>();
        Assert.Equal(33, retried.Progress);
        var done = await Client.EndedAsync(paused.Id);
        Assert.Equal((SessionStatus.Completed, canceled.Frames![0].Sha256), (done.Status, done.Frames![0].Sha256));
        Assert.Equal(["story_ready", "awaiting_approval", "frame_stored", "canceled", "frame_stored", "frame_stored", "completed"], await EventsAsync(paused.Id));
    }

    [ServerFact]
    public async Task A_retry_of_a_failed_session_draws_the_failed_frames_alone()
    {
        var (word, other) = (Word(), Word());
        var paused = await EndedAsync(new { prompt = "three gates", frameCount = 3, pauseAfter = "story" });
        Artist.Fail(other);
        await PostAsync(paused.Links.Approve, new { story = new { scenes = new[] { new { description = $"{word} one" }, new { description = $"{other} two" }, new { description = $"{word} three" } } } }).ReadAsync<Session>();
        var failed = await Client.EndedAsync(paused.Id);
        Assert.Equal((SessionStatus.Failed, 2, 2), (failed.Status, failed.FramesReady!.Value, failed.Error!.Frame!.Value));
        Artist.Fail(other, fails: false);
        await PostAsync(failed.Links.Retry).ReadAsync<Session>();
        var done = await Client.EndedAsync(paused.Id);
        Assert.Equal((SessionStatus.Completed, 3), (done.Status, done.Usage!.Pictures));
        Assert.Equal((2, 2), (Artist.Of(word).Count, Artist.Of(other).Count));
        Assert.Equal((409, "wrong-state"), await RefusedAsync(failed.Links.Retry!));
    }

    [ServerFact]
    public async Task A_redrawing_that_is_cancelled_leaves_the_former_picture_and_nothing_late()
    {
        var word = Word();
        var before = await EndedAsync(new { prompt = "two bells", frameCount = 2 });
        Artist.Hold(word);
        await RegenerateAsync(before.Id, 1, new { prompt = word });
        await HeldAtAsync(word);
        var canceled = await PostAsync((await GetAsync(before.Id)).Links.Cancel).ReadAsync<Session>();
        Assert.Equal((SessionStatus.Canceled, 2, before.FramesRevision), (canceled.Status, canceled.FramesReady!.Value, canceled.FramesRevision));
        Assert.Equal((FrameStatus.Stored, before.Frames![0].Sha256), (canceled.Frames![0].Status, canceled.Frames[0].Sha256));
        Artist.Release(word);
        // Every frame has its picture, so there is nothing to be made.
        await PostAsync(canceled.Links.Retry).ReadAsync<Session>();
        var done = await Client.EndedAsync(before.Id);
        Assert.Equal((SessionStatus.Completed, before.FramesRevision), (done.Status, done.FramesRevision));
        Assert.Equal(["completed", "canceled", "completed"], (await EventsAsync(before.Id)).TakeLast(3));
    }

    [ServerFact]
    public async Task One_frame_of_a_cancelled_session_can_be_made_and_the_rest_stays_cancelled()
    {
        var word = Word();
        Artist.Hold(word);
        var begun = await BegunAsync(new { prompt = $"{word} roofs", frameCount = 3 });
        await HeldAtAsync(word);
        await PostAsync(begun.Links.Cancel).ReadAsync<Session>();
        Artist.Release(word);
        await RegenerateAsync(begun.Id, 2, new { prompt = "a single roof" });
        var after = await Client.EndedAsync(begun.Id);
        Assert.Equal((SessionStatus.Canceled, 1), (after.Status, after.FramesReady!.Value));
        Assert.Equal([FrameStatus.Pending, FrameStatus.Stored, FrameStatus.Pending], after.Frames!.Select(frame => frame.Status));
    }

    [ServerFact]
    public async Task Whoever_stops_before_the_story_gets_it_by_a_retry()
    {
        var word = Word();
        // Workers are busy, so that the next one waits in the queue.
        Artist.Hold(word);
        var busy = new List<Session>();
        for (var i = 0; i < Math.Max(2, Environment.ProcessorCount); i++) busy.Add(await BegunAsync(new { prompt = $"{word} {i}", frameCount = 1 }));
        await HeldAtAsync(word, busy.Count);
        var queued = await BegunAsync(new { prompt = "a late guest", frameCount = 2 });
        Assert.Equal((SessionStatus.Queued, SessionStage.Story), (queued.Status, queued.Stage!.Value));
        Assert.Equal((409, "wrong-state"), await RefusedAsync($"/v1/sessions/{queued.Id}/approve"));
        Assert.Equal((409, "wrong-state"), await RefusedAsync($"/v1/sessions/{queued.Id}/retry"));
        var canceled = await PostAsync(queued.Links.Cancel).ReadAsync<Session>();
        Assert.Null(canceled.Story);
        await PostAsync(canceled.Links.Retry).ReadAsync<Session>();
        Artist.Release(word);
        var done = await Client.EndedAsync(queued.Id);
        Assert.Equal((SessionStatus.Completed, 2), (done.Status, done.Story!.Scenes.Count));
        foreach (var session in busy) await Client.EndedAsync(session.Id);
        Assert.Equal((409, "wrong-state"), await RefusedAsync($"/v1/sessions/{queued.Id}/cancel"));
        Assert.Equal((409, "wrong-state"), await RefusedAsync($"/v1/sessions/{queued.Id}/retry"));
    }

    [ServerFact]
    public async Task What_was_asked_for_is_made_after_a_restart()
    {
        var word = Word();
        var before = await EndedAsync(new { prompt = "three barns", frameCount = 3 });
        Artist.Hold(word);
        await RegenerateAsync(before.Id, 1, new { prompt = $"{word} 1", seed = 1 });
        await HeldAtAsync(word);
        await RegenerateAsync(before.Id, 3, new { prompt = $"{word} 3", seed = 3 });
        await Service.RestartAsync();
        Artist.Release(word);
        var done = await Client.EndedAsync(before.Id);
        Assert.Equal((SessionStatus.Completed, before.FramesRevision + 2), (done.Status, done.FramesRevision));
        Assert.Equal((1L, before.Frames![1].Seed, 3L), (done.Frames![0].Seed!.Value, done.Frames[1].Seed, done.Frames[2].Seed!.Value));
        Assert.Equal(["completed", "frame_stored", "frame_stored", "completed"], (await EventsAsync(before.Id)).TakeLast(4));
    }

    [ServerFact]
    public async Task Of_calls_at_a_time_each_is_answered_and_one_state_comes_of_them()
    {
        for (var round = 0; round < 6; round++)
        {
            var paused = await EndedAsync(new { prompt = $"a race {round}", frameCount = 2, pauseAfter = "story" });
            var self = $"/v1/sessions/{paused.Id}";
            var calls = new List<Task<HttpResponseMessage>>();
            for (var i = 0; i < 2; i++) calls.AddRange([PostAsync($"{self}/approve"), PostAsync($"{self}/cancel"), PostAsync($"{self}/frames/1/regenerate", new { seed = i })]);
            if (round % 2 == 1) calls.Add(Client.DeleteAsync(self));
            var codes = new List<int>();
            foreach (var answer in await Task.WhenAll(calls))
            {
                codes.Add((int)answer.StatusCode);
                answer.Dispose();
            }

            Assert.All(codes, code => Assert.Contains(code, new[] { 200, 202, 409, 410, 404 }));
            if (round % 2 == 1)
            {
                Assert.Equal((404, "session-not-found"), await Client.GetAsync(self).RefusalAsync() is var gone ? (gone.Status, gone.Code) : default);
                continue;
            }

            var end = await Client.EndedAsync(paused.Id);
            var events = await EventsAsync(paused.Id);
            Assert.Contains(end.Status, new[] { SessionStatus.Completed, SessionStatus.Canceled, SessionStatus.AwaitingApproval });
            Assert.Equal(WireText.Of(end.Status), events.Last(type => type is "completed" or "canceled" or "awaiting_approval" or "failed"));
            Assert.DoesNotContain(end.Frames!, frame => frame.Status == FrameStatus.Generating);
            Assert.Equal(end.FramesReady, end.Frames!.Count(frame => frame.ImageUrl is not null));
        }
    }
}

public sealed class StopOnSqlite(LedFrameService service) : StopTests(service), IClassFixture<LedFrameService>;

[Needs(TestServers.Postgres)]
public sealed class StopOnPostgres(LedFrameServiceOnPostgres service) : StopTests(service), IClassFixture<LedFrameServiceOnPostgres>
{
    [ServerFact]
    public async Task A_cancel_reaches_the_artist_on_another_instance()
    {
        var second = new StandInArtist();
        await using var other = await Service.StartAnotherAsync(second.Register);
        var word = Word();
        Artist.Hold(word);
        second.Hold(word);
        var begun = await BegunAsync(new { prompt = $"a {word} harbour", frameCount = 1 });
        await Wait.UntilAsync(() => Artist.Of(word).Count + second.Of(word).Count > 0, "an artist to be at it");
        // The instance that has no part in the work is asked to stop it.
        var (busy, idle) = second.Of(word).Count > 0 ? (second, Service.App) : (Artist, other);
        using var http = idle.Client();
        await http.PostAsync($"/v1/sessions/{begun.Id}/cancel", content: null).ReadAsync<Session>();
        await Wait.UntilAsync(() => busy.Stopped.Any(brief => brief.Prompt.Contains(word, StringComparison.OrdinalIgnoreCase)), "the artist on the other instance to stop");
        Artist.Release(word);
        Assert.Equal(["story_ready", "canceled"], await EventsAsync(begun.Id));
    }
}
