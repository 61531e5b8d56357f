using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using VideoService.Tests.Rendering;

namespace VideoService.Tests.Videos;

public abstract class RenderVideoTests(RunningVideoService service)
{
    private static readonly UserId Local = UserId.Parse("local");

    [ServerFact]
    public async Task A_corrupt_picture_ends_the_film_and_is_named()
    {
        var session = await service.SaveAsync(3);
        var nonsense = await service.StoreAsync(Local, session.RequestId, 2, [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 1, 2, 3]);
        service.Frames.Save(session with { Frames = [session.Frames![0], nonsense, session.Frames[2]] });
        var video = await service.FilmAsync(RunningVideoService.Quick(session));
        Assert.Equal((VideoStatus.Failed, "frame-corrupt", 2), (video.Status, video.Error!.Code, video.Error.Frame));
        Assert.Null(video.Links.Content);
        Assert.Null(video.Links.Cancel);
        var (status, code, _) = await service.Http.GetAsync($"/v1/videos/{video.Id}/content").RefusalAsync();
        Assert.Equal((409, "video-not-completed"), (status, code));
    }

    [ServerFact]
    public async Task Bytes_that_are_not_those_that_were_pinned_are_corrupt()
    {
        var session = await service.SaveAsync(1);
        service.Frames.Save(session with { Frames = [session.Frames![0] with { Sha256 = new string('0', 64) }] });
        var video = await service.FilmAsync(RunningVideoService.Quick(session));
        Assert.Equal(("frame-corrupt", 1), (video.Error!.Code, video.Error.Frame));
    }

    [ServerFact]
    public async Task A_picture_that_is_gone_is_named_and_a_retry_makes_only_what_is_missing()
    {
        // More than are begun at a time, so that some are finished before the last one is looked for.
        var session = await service.SaveAsync(6);
        var last = session.Frames![5];
        await service.Store.DeleteAsync(last.ObjectKey!.Value, CancellationToken.None);
        var failed = await service.FilmAsync(RunningVideoService.Quick(session));
        Assert.Equal((VideoStatus.Failed, "frame-missing", 6), (failed.Status, failed.Error!.Code, failed.Error.Frame));

        await service.StoreAsync(Local, session.RequestId, 6, TestPictures.Scene(160, 90, 6));
        var done = failed.Clips.Where(clip => clip.Status == "completed").ToList();
        var before = service.EncodedPieces.Count;
        await service.Http.PostAsync($"/v1/videos/{failed.Id}/retry", new { }).ReadAsync<Video>();
        var video = await service.Http.EndedAsync(failed.Id);
        Assert.Equal((VideoStatus.Completed, null), (video.Status, video.Error));
        Assert.NotEmpty(done);
        Assert.InRange(service.EncodedPieces.Count - before, 1, 11 - done.Count);
        var events = await service.Http.GetAsync<Page<Event>>(video.Links.Events);
        Assert.Equal([1, 2, 3, 4, 5, 6], events.Items.Where(entry => entry.Type == "video.clip_completed").Select(entry => entry.Data.GetProperty("number").GetInt32()).Order());
        Assert.Equal(2, events.Items[^1].Attempt);
    }

    [ServerFact]
    public async Task Inline_frames_are_pinned_and_no_longer_needed_from_anybody()
    {
        var session = await service.SaveAsync(2);
        var picture = TestPictures.Scene(160, 90, 9);
        service.Frames.Park(session.RequestId, 2, picture);
        service.Frames.Save(session with { Frames = [session.Frames![0], RunningVideoService.FrameOf(Local, session.RequestId, 2, picture, FrameStatus.Inline)] });
        var video = await service.FilmAsync(RunningVideoService.Quick(session));
        Assert.Equal((VideoStatus.Completed, null), (video.Status, video.Error));
    }

    [ServerFact]
    public async Task An_inline_frame_that_was_replaced_at_this_moment_is_not_filmed()
    {
        var session = await service.SaveAsync(1);
        service.Frames.Park(session.RequestId, 1, TestPictures.Scene(160, 90, 8));
        service.Frames.Save(session with { Frames = [session.Frames![0] with { Status = FrameStatus.Inline }] });
        Assert.Equal("frames-revision-changed", (await service.Http.PostAsync("/v1/videos", RunningVideoService.Quick(session)).RefusalAsync()).Code);
    }

    [ServerFact]
    public async Task Rerender_makes_a_new_film_and_finds_unchanged_clips_again()
    {
        var session = await service.SaveAsync(4);
        var former = await service.FilmAsync(RunningVideoService.Quick(session));
        var changed = await service.StoreAsync(Local, session.RequestId, 4, TestPictures.Scene(160, 90, 44));
        service.Frames.Save(session with { FramesRevision = 5, Frames = [.. session.Frames!.Take(3), changed] });
        var before = service.EncodedPieces.Count;
        using var response = await service.Http.PostAsync($"/v1/videos/{former.Id}/rerender", new { });
        Assert.Equal(202, (int)response.StatusCode);
        var id = (await Task.FromResult(response).ReadAsync<Video>()).Id;
        Assert.NotEqual(former.Id, id);
        var video = await service.Http.EndedAsync(id);
        Assert.Equal((VideoStatus.Completed, 5L, 24), (video.Status, video.FramesRevision, video.Fps));
        static string? NameOf(Clip clip) => clip.Url?.Split('?')[0];
        Assert.Equal(former.Clips.Take(3).Select(NameOf), video.Clips.Take(3).Select(NameOf));
        Assert.NotEqual(NameOf(former.Clips[3]), NameOf(video.Clips[3]));
        Assert.Equal(["clip_04", "joint_03"], service.EncodedPieces.Skip(before).Select(name => name[..name.LastIndexOf('_')]).Order());
        Assert.NotEqual(former.Sha256, video.Sha256);
    }

    [ServerFact]
    public async Task Cancel_ends_the_encoder_at_once_and_happens_once()
    {
        var video = await service.CreateAsync(RunningVideoService.Slow(await service.SaveAsync(2)));
        await Wait.UntilAsync(() => Task.FromResult(service.RunningEncoders().Count > 0), "an encoder");
        var canceled = await service.Http.PostAsync($"/v1/videos/{video.Id}/cancel", new { }).ReadAsync<Video>();
        Assert.Equal(VideoStatus.Canceled, canceled.Status);
        await Wait.UntilAsync(() => Task.FromResult(service.RunningEncoders().Count == 0), "no encoder");
        await Wait.UntilAsync(() => Task.FromResult(service.RenderFolders().Count == 0), "no temporary folder");
        Assert.Equal((409, "wrong-state"), await RefusalAsync("cancel"));
        var events = await service.Http.GetAsync<Page<Event>>(video.Links.Events);
        Assert.Equal("video.canceled", events.Items[^1].Type);

        async Task<(int, string)> RefusalAsync(string verb)
        {
            var (status, code, _) = await service.Http.PostAsync($"/v1/videos/{video.Id}/{verb}", new { }).RefusalAsync();
            return (status, code);
        }
    }

    [ServerFact]
    public async Task A_finished_film_is_neither_canceled_nor_tried_again()
    {
        var video = await service.FilmAsync(RunningVideoService.Quick(await service.SaveAsync(1)));
        Assert.Equal("wrong-state", (await service.Http.PostAsync($"/v1/videos/{video.Id}/cancel", new { }).RefusalAsync()).Code);
        Assert.Equal("wrong-state", (await service.Http.PostAsync($"/v1/videos/{video.Id}/retry", new { }).RefusalAsync()).Code);
    }
}

public sealed class RenderVideoOnSqlite(RunningVideoService service) : RenderVideoTests(service), IClassFixture<RunningVideoService>;

[Needs(TestServers.Postgres)]
public sealed class RenderVideoOnPostgres(VideoServiceOnPostgres service) : RenderVideoTests(service), IClassFixture<VideoServiceOnPostgres>;
