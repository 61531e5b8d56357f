using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace VideoService.Tests.Videos;

public sealed class SweepTests(RunningVideoService service) : IClassFixture<RunningVideoService>
{
    [Fact]
    public async Task Pieces_that_no_film_shows_go_and_what_is_shown_or_can_be_recovered_stays()
    {
        var session = await service.SaveAsync(2);
        var film = await service.FilmAsync(RunningVideoService.Quick(session));
        var (user, request) = (session.UserId, session.RequestId);
        var orphan = await PutAsync(ObjectKeys.Clip(user, request, 1, new string('a', 64)));
        // A film that was killed before its record: nobody can make its row.
        var halfMade = await PutAsync(ObjectKeys.Film(user, request, VideoId.New(TimeProvider.System), "mp4"));
        // Of this session the database knows no film: all of it can be recovered.
        var unknown = await PutAsync(ObjectKeys.Clip(user, RequestId.New(TimeProvider.System), 1, new string('b', 64)));

        Assert.Empty(await SweepAsync(TimeSpan.FromHours(1), dryRun: false));
        Assert.Equal([$"would remove {orphan}", $"would remove {halfMade}"], (await SweepAsync(TimeSpan.Zero, dryRun: true)).Order());
        Assert.Equal([$"removed {orphan}", $"removed {halfMade}"], (await SweepAsync(TimeSpan.Zero, dryRun: false)).Order());
        Assert.Empty(await SweepAsync(TimeSpan.Zero, dryRun: false));

        Assert.Equal((false, false, true), (await IsThereAsync(orphan), await IsThereAsync(halfMade), await IsThereAsync(unknown)));
        var shown = await service.Http.GetAsync<Video>($"/v1/videos/{film.Id}");
        Assert.Equal(shown.Sha256, Pictures.Sha256(await service.Http.GetByteArrayAsync(shown.Links.Content)));
        foreach (var clip in shown.Clips) Assert.NotEmpty(await service.Http.GetByteArrayAsync(clip.Url));
    }

    [Fact]
    public async Task A_film_with_a_record_and_no_row_keeps_all_pieces_of_its_session_until_it_is_recovered()
    {
        var session = await service.SaveAsync(1);
        await service.FilmAsync(RunningVideoService.Quick(session));
        var lost = VideoId.New(TimeProvider.System);
        await service.Store.ReplaceAsync(ObjectKeys.VideoRecord(session.UserId, session.RequestId, lost), "{}"u8.ToArray(), CancellationToken.None);
        var piece = await PutAsync(ObjectKeys.Clip(session.UserId, session.RequestId, 1, new string('c', 64)));
        Assert.DoesNotContain(await SweepAsync(TimeSpan.Zero, dryRun: false), line => line.Contains(session.RequestId.ToString(), StringComparison.Ordinal));
        Assert.True(await IsThereAsync(piece));
    }

    private async Task<ObjectKey> PutAsync(ObjectKey key)
    {
        using var file = await service.App.Services.GetRequiredService<Spool>().WriteAsync(new byte[100], CancellationToken.None);
        Assert.Equal(PutOutcome.Stored, await service.Store.PutAsync(key, file, CancellationToken.None));
        return key;
    }

    private async Task<List<string>> SweepAsync(TimeSpan grace, bool dryRun)
    {
        var lines = new List<string>();
        await service.App.Services.GetRequiredService<IOrphanSweep>().RunAsync(new SweepRequest(null, grace, dryRun), lines.Add, CancellationToken.None);
        return lines;
    }

    private async Task<bool> IsThereAsync(ObjectKey key)
    {
        await using var found = await service.Store.GetAsync(key, null, CancellationToken.None);
        return found is not null;
    }
}
