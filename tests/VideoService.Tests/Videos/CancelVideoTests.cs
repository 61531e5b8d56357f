using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using VideoService.Videos;

namespace VideoService.Tests.Videos;

public abstract class CancelVideoTests(RunningVideoService service)
{
    [ServerFact]
    public async Task Whenever_two_cancel_a_film_at_once_it_has_one_outcome()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED"), out var given) ? given : 20261122;
        var random = new Random(seed);
        // Each under a session of its own, so that nothing is found in the store, and each at another moment of its life.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => CancelAsync(random.Next(200 * (i + 1)))));
        await Wait.UntilAsync(() => service.RunningEncoders().Count == 0 && service.RenderFolders().Count == 0, "no encoder and no temporary folder");

        async Task CancelAsync(int moment)
        {
            var session = await service.SaveAsync(2);
            var film = await service.CreateAsync(RunningVideoService.Quick(session));
            await Task.Delay(moment);
            var answers = await Task.WhenAll(AskAsync(film), AskAsync(film));
            var ended = await service.Http.GetAsync<Video>($"/v1/videos/{film.Id}");
            var events = (await service.Http.GetAsync<Page<Event>>(film.Links.Events)).Items;
            Assert.True(ended.Status == VideoStatus.Canceled ? answers.Order().SequenceEqual([200, 409]) : answers.SequenceEqual([409, 409]), $"seed {seed}, {moment} ms: {ended.Status}, {string.Join(", ", answers)}");
            Assert.Equal($"video.{WireText.Of(ended.Status)}", events[^1].Type);
            Assert.Single(events, entry => entry.Type is "video.canceled" or "video.completed" or "video.failed");
            Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(entry => entry.Number));
            if (ended.Status == VideoStatus.Canceled)
                await Wait.UntilAsync(async () => await CountAsync(ObjectKeys.VideoPrefix(session.UserId, session.RequestId, film.Id)) == 0, $"nothing of the film (seed {seed}, {moment} ms)");
            else
                Assert.Equal(ended.Sha256, Pictures.Sha256(await service.Http.GetByteArrayAsync(ended.Links.Content)));
        }

        async Task<int> AskAsync(Video film)
        {
            using var response = await service.Http.PostAsync(film.Links.Cancel!, new { });
            return (int)response.StatusCode;
        }
    }

    [ServerFact]
    public async Task A_film_that_waits_for_the_store_is_canceled_and_leaves_nothing_on_the_disk()
    {
        service.App.StoreIsDown = true;
        var film = await service.CreateAsync(RunningVideoService.Quick(await service.InlineAsync(1)));
        await Wait.UntilAsync(() => service.RenderFolders().Any(name => name == $"parked-{film.Id}"), "the finished pieces to be parked");
        var canceled = await service.Http.PostAsync(film.Links.Cancel!, new { }).ReadAsync<Video>();
        service.App.StoreIsDown = false;
        Assert.Equal((VideoStatus.Canceled, null), (canceled.Status, canceled.Stage));
        await Wait.UntilAsync(() => service.RenderFolders().Count == 0, "no folder");
        var (status, code, problem) = await service.Http.PostAsync(film.Links.Cancel!, new { }).RefusalAsync();
        Assert.Equal((409, "wrong-state"), (status, code));
        Assert.Contains("canceled", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotNull(canceled.Links.Retry);
        await service.Http.PostAsync(canceled.Links.Retry, new { }).ReadAsync<Video>();
        Assert.Equal(VideoStatus.Completed, (await service.Http.EndedAsync(film.Id)).Status);
    }

    [ServerFact]
    public async Task What_an_attempt_puts_after_the_film_was_canceled_or_deleted_elsewhere_is_taken_back()
    {
        var session = await service.SaveAsync(1);
        var (row, film) = await BeginAsync(session);
        var key = ObjectKeys.Film(session.UserId, session.RequestId, film.Id, "mp4");
        var piece = ObjectKeys.Clip(session.UserId, session.RequestId, 1, new string('d', 64));

        await service.Http.PostAsync(film.Links.Cancel!, new { }).ReadAsync<Video>();
        await PutAsync(key);
        await WithdrawAsync(row, piece);
        Assert.Equal(0, await CountAsync(ObjectKeys.VideoPrefix(session.UserId, session.RequestId, film.Id)));

        await service.Http.DeleteAsync($"/v1/videos/{film.Id}").ReadAsync<VideoDeletion>();
        await PutAsync(key);
        await PutAsync(piece);
        await WithdrawAsync(row, piece);
        service.Clock.Ahead += TimeSpan.FromSeconds(15);
        await Wait.UntilAsync(async () => await CountAsync(ObjectKeys.VideoClipsPrefix(session.UserId, session.RequestId)) == 0, "nothing of the deleted film");
    }

    [ServerFact]
    public async Task An_attempt_that_was_followed_by_another_removes_nothing_of_its_film()
    {
        var session = await service.SaveAsync(1);
        var (former, film) = await BeginAsync(session);
        var attempts = service.App.Services.GetRequiredService<AttemptTable>();
        var latter = await attempts.BeginAsync(film.Id, 100, CancellationToken.None);
        var key = ObjectKeys.Film(session.UserId, session.RequestId, film.Id, "mp4");
        await PutAsync(key);
        Assert.True(await attempts.CompleteAsync(latter!, new PublishedFilm(key, ObjectKeys.Poster(session.UserId, session.RequestId, film.Id), new string('0', 64), 100), [], CancellationToken.None));
        Assert.False(await attempts.WhileOwnedAsync(former, token => service.Store.DeleteAsync(key, token), CancellationToken.None));
        await WithdrawAsync(former, ObjectKeys.Clip(session.UserId, session.RequestId, 1, new string('e', 64)));
        Assert.Equal(1, await CountAsync(ObjectKeys.VideoPrefix(session.UserId, session.RequestId, film.Id)));
    }

    /// <summary>A film at which an attempt of the test's own is, as if on another instance; the service leaves it alone, since the store was away when it looked.</summary>
    private async Task<(VideoRow Row, Video Film)> BeginAsync(Session session)
    {
        service.App.StoreIsDown = true;
        var film = await service.CreateAsync(RunningVideoService.Quick(session));
        await Wait.UntilAsync(async () => (await service.Http.GetAsync<Video>($"/v1/videos/{film.Id}")).Stage == VideoStage.WaitingForStore, "the film to wait");
        var row = await service.App.Services.GetRequiredService<AttemptTable>().BeginAsync(film.Id, 100, CancellationToken.None);
        return (row!, film);
    }

    private async Task WithdrawAsync(VideoRow row, ObjectKey piece)
    {
        service.App.StoreIsDown = false;
        using var render = new RunningRender(new RunningRenders());
        await using var owner = new Ownership(row, service.App.Services.GetRequiredService<AttemptTable>(), render, TimeSpan.FromMinutes(1), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        owner.IsPublishing = true;
        owner.Put.Add(piece);
        await service.App.Services.GetRequiredService<LostAttempt>().WithdrawAsync(row, owner);
    }

    private async Task PutAsync(ObjectKey key)
    {
        using var file = await service.App.Services.GetRequiredService<Spool>().WriteAsync(new byte[100], CancellationToken.None);
        await service.App.Services.GetRequiredService<FileObjectStore>().PutAsync(key, file, CancellationToken.None);
    }

    private async Task<int> CountAsync(ObjectPrefix prefix)
    {
        var count = 0;
        await foreach (var _ in service.App.Services.GetRequiredService<FileObjectStore>().ListAsync(prefix, CancellationToken.None)) count++;
        return count;
    }
}

public sealed class CancelVideoOnSqlite(RunningVideoService service) : CancelVideoTests(service), IClassFixture<RunningVideoService>;

[Needs(TestServers.Postgres)]
public sealed class CancelVideoOnPostgres(VideoServiceOnPostgres service) : CancelVideoTests(service), IClassFixture<VideoServiceOnPostgres>;
