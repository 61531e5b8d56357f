using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using VideoService.Tests.Rendering;

namespace VideoService.Tests.Videos;

public abstract class FrameFailureTests(RunningVideoService service)
{
    private static readonly UserId Local = UserId.Parse("local");

    [ServerFact]
    public async Task A_frame_that_was_never_made_is_skipped_and_the_others_share_its_time()
    {
        var session = Without(await service.SaveAsync(4), 2);
        service.Frames.Save(session);
        var plan = await service.Http.PostAsync("/v1/videos", Body(session, "skip", dryRun: true)).ReadAsync<VideoPlan>();
        Assert.Equal((2.0, 48), (plan.Duration, plan.FrameCount));
        Assert.Equal([(1, 0), (3, 20), (4, 36)], plan.Clips.Select(clip => (clip.Number, clip.StartFrame)));
        Assert.Equal([(2, FrameOutcome.Skipped)], plan.FrameFailures.Select(failure => (failure.Number, failure.Outcome)));

        var film = await service.FilmAsync(Body(session, "skip"));
        Assert.Equal((VideoStatus.Completed, null), (film.Status, film.Error));
        Assert.Equal([1, 3, 4], film.Clips.Select(clip => clip.Number));
        var failure = Assert.Single(film.FrameFailures);
        Assert.Equal((2, FrameOutcome.Skipped, null, "generation-failed"), (failure.Number, failure.Outcome, failure.ShownFrame, failure.Error.Code));
        Assert.Equal(48, (await ProbeAsync(film)).Times.Count);
        var told = (await service.Http.GetAsync<Page<Event>>(film.Links.Events)).Items[^1];
        Assert.Equal(2, told.Data.GetProperty("frameFailures")[0].GetProperty("number").GetInt32());
    }

    [ServerFact]
    public async Task Frames_without_a_picture_are_held_by_the_one_before_and_the_first_by_the_one_after()
    {
        var session = Without(await service.SaveAsync(5), 1, 3, 4);
        service.Frames.Save(session);
        var film = await service.FilmAsync(Body(session, "hold"));
        Assert.Equal((VideoStatus.Completed, null), (film.Status, film.Error));
        Assert.Equal([(1, 2), (3, 2), (4, 2)], film.FrameFailures.Select(failure => (failure.Number, failure.ShownFrame!.Value)));
        // Frame 2 is seen for four places of five; the one joint is that to frame 5.
        Assert.Equal([(2, 0, 45), (5, 51, 9)], film.Clips.Select(clip => (clip.Number, clip.StartFrame, clip.FrameCount)));
        Assert.Equal(60, (await ProbeAsync(film)).Times.Count);
    }

    [ServerFact]
    public async Task Pictures_that_turn_out_missing_or_damaged_are_gone_without_and_those_that_are_back_are_shown_by_the_next_film()
    {
        var session = await service.SaveAsync(4);
        await service.Store.DeleteAsync(session.Frames![0].ObjectKey!.Value, CancellationToken.None);
        // Its header can be read and its pixels cannot.
        var whole = TestPictures.Scene(160, 90, 3);
        var damaged = await service.StoreAsync(Local, session.RequestId, 3, whole[..(whole.Length / 2)]);
        service.Frames.Save(session with { Frames = [session.Frames[0], session.Frames[1], damaged, session.Frames[3]] });
        var film = await service.FilmAsync(Body(session, "skip"));
        Assert.Equal((VideoStatus.Completed, null), (film.Status, film.Error));
        Assert.Equal([(1, "frame-missing"), (3, "frame-corrupt")], film.FrameFailures.Select(failure => (failure.Number, failure.Error.Code)));
        Assert.Equal([2, 4], film.Clips.Select(clip => clip.Number));
        Assert.Equal(48, (await ProbeAsync(film)).Times.Count);

        var failed = await service.FilmAsync(Body(session, "fail"));
        Assert.Equal((VideoStatus.Failed, "frame-missing"), (failed.Status, failed.Error!.Code));
        Assert.Equal($"{failed.Links.Self}/retry", failed.Links.Retry);
    }

    [ServerFact]
    public async Task When_no_frame_is_left_the_film_fails_and_a_retry_finds_those_that_are_back()
    {
        var session = await service.SaveAsync(2);
        foreach (var frame in session.Frames!) await service.Store.DeleteAsync(frame.ObjectKey!.Value, CancellationToken.None);
        var failed = await service.FilmAsync(Body(session, "hold"));
        Assert.Equal((VideoStatus.Failed, "frame-missing"), (failed.Status, failed.Error!.Code));
        await service.StoreAsync(Local, session.RequestId, 2, TestPictures.Scene(160, 90, 2));
        await service.Http.PostAsync(failed.Links.Retry!, new { }).ReadAsync<Video>();
        var film = await service.Http.EndedAsync(failed.Id);
        Assert.Equal((VideoStatus.Completed, null), (film.Status, film.Error));
        Assert.Equal([(1, 2)], film.FrameFailures.Select(failure => (failure.Number, failure.ShownFrame!.Value)));

        service.Frames.Save(Without(session, 1, 2));
        Assert.Equal("frames-missing", (await service.Http.PostAsync("/v1/videos", Body(session, "skip")).RefusalAsync()).Code);
    }

    private static object Body(Session session, string onFrameFailure, bool dryRun = false) => new { requestId = session.RequestId, fps = 24, quality = "draft", secondsPerFrame = 0.5, onFrameFailure, dryRun };

    private static Session Without(Session session, params int[] numbers) => session with
    {
        Status = SessionStatus.Failed,
        Frames = [.. session.Frames!.Select(frame => numbers.Contains(frame.Number)
            ? frame with { Status = FrameStatus.Failed, ObjectKey = null, Sha256 = null, Error = new ResourceError("generation-failed", "The artist did not answer.", frame.Number, true) }
            : frame)],
    };

    private async Task<Ffprobe> ProbeAsync(Video film)
    {
        var file = service.Data.Combine($"{film.Id}.mp4");
        await File.WriteAllBytesAsync(file, await service.Http.GetByteArrayAsync(film.Links.Content));
        return await Ffprobe.ReadAsync(file);
    }
}

public sealed class FrameFailuresOnSqlite(RunningVideoService service) : FrameFailureTests(service), IClassFixture<RunningVideoService>;

[Needs(TestServers.Postgres)]
public sealed class FrameFailuresOnPostgres(VideoServiceOnPostgres service) : FrameFailureTests(service), IClassFixture<VideoServiceOnPostgres>;
