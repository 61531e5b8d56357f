using System.Data.Common;
using System.Net.Http.Json;
using Dapper;
using FrameService.Retention;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace FrameService.Tests.Retention;

/// <summary>What is old goes, and nothing else.</summary>
public abstract class RetentionTests(RunningFrameService service) : IAsyncLifetime
{
    private const int Sessions = 30;

    private static readonly UserId Local = UserId.Parse("local");

    private HttpClient Client => service.Http;

    private IServiceProvider Services => service.App.Services;

    private IObjectStore Store => Services.GetRequiredService<IObjectStore>();

    public Task InitializeAsync()
    {
        // The loop looks once, at the start; from then on the tests do.
        service.Settings = ["Retention:Sessions=10.00:00:00", "Retention:Drafts=2.00:00:00", "Retention:Period=1.00:00:00"];
        return service.InitializeAsync();
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [ServerFact]
    public async Task A_session_expires_its_time_after_its_last_change_and_a_draft_sooner()
    {
        var (left, touched, draft) = (await SavedAsync(2), await SavedAsync(1), await UploadedAsync());
        var told = await Client.GetAsync<Session>($"/v1/sessions/{left}");
        Assert.Equal((told.UpdatedAt.AddDays(10), SessionStatus.Completed), (told.ExpiresAt!.Value, told.Status));
        var drafted = await Client.GetAsync<Session>($"/v1/sessions/{draft}");
        Assert.Equal(drafted.UpdatedAt.AddDays(2), drafted.ExpiresAt);

        service.Clock.Ahead = TimeSpan.FromDays(3);
        await ExpireAsync();
        Assert.Equal("session-not-found", (await Client.GetAsync($"/v1/sessions/{draft}").RefusalAsync()).Code);
        Assert.Equal("session-deleted", (await Client.PutPictureAsync(draft, 1, Pictures.Png()).RefusalAsync()).Code);
        await Client.PatchAsync($"/v1/sessions/{touched}/frames/1", JsonContent.Create(new { description = "still wanted" })).ReadAsync<Frame>();

        service.Clock.Ahead = TimeSpan.FromDays(11);
        await ExpireAsync();
        Assert.Equal("session-not-found", (await Client.GetAsync($"/v1/sessions/{left}").RefusalAsync()).Code);
        Assert.Empty(await ObjectsAsync(left));
        var stays = await Client.GetAsync<Session>($"/v1/sessions/{touched}");
        Assert.NotEmpty(await Client.GetByteArrayAsync(stays.Frames![0].ImageUrl));
        var feed = await Services.GetRequiredService<DeletionTable>().FeedAsync(0, 100, CancellationToken.None);
        Assert.Equal([draft, left], feed.Select(entry => entry.RequestId!.Value));
    }

    [ServerFact]
    public async Task A_replaced_picture_stays_for_its_time_and_one_that_is_shown_again_for_good()
    {
        byte[] first = Pictures.Png(colour: 0xff110000), second = Pictures.Png(colour: 0xff220000), third = Pictures.Png(colour: 0xff330000);
        var id = RequestId.New(TimeProvider.System);
        var former = await Client.PutPictureAsync(id, 1, first).ReadAsync<Frame>();
        var between = await Client.PutPictureAsync(id, 1, second).ReadAsync<Frame>();
        await Client.PutPictureAsync(id, 2, third).ReadAsync<Frame>();
        // Frame 3 shows what frame 1 shows, and goes on with it.
        await SaveAsync(id, new { number = 1, imageUrl = "" }, new { number = 2, imageUrl = "" }, new { number = 3, imageUrl = between.ImageUrl! });
        var removed = await Client.PutPictureAsync(id, 1, first).ReadAsync<Frame>();
        Assert.Equal(former.ObjectKey, removed.ObjectKey);
        await Client.PutPictureAsync(id, 1, third).ReadAsync<Frame>();
        // The second frame is taken out by a save.
        await SaveAsync(id, new { number = 1, imageUrl = "" }, new { number = 3, imageUrl = "" });
        await RecordedAsync(id);

        service.Clock.Ahead = TimeSpan.FromDays(6);
        await RemoveAsync();
        Assert.Equal(4, await PicturesAsync(id));
        service.Clock.Ahead = TimeSpan.FromDays(8);
        await RemoveAsync();
        var session = await Client.GetAsync<Session>($"/v1/sessions/{id}");
        Assert.Equal([Pictures.Sha256(third), Pictures.Sha256(second)], session.Frames!.Select(frame => frame.Sha256));
        await EveryLinkGivesItsBytesAsync();
        // The first picture is gone from frame 1, and the third from frame 2.
        Assert.Equal(2, await PicturesAsync(id));
        var back = await Client.PutPictureAsync(id, 1, first).ReadAsync<Frame>();
        Assert.Equal(first, await Client.GetByteArrayAsync(back.ImageUrl));
    }

    [ServerFact]
    public async Task Removals_and_uploads_of_the_same_pictures_at_the_same_time_leave_no_frame_without_its_picture()
    {
        var id = RequestId.New(TimeProvider.System);
        byte[][] pictures = [Pictures.Png(colour: 0xff110000), Pictures.Png(colour: 0xff220000)];
        await Client.PutPictureAsync(id, 1, pictures[0]).ReadAsync<Frame>();
        using var end = new CancellationTokenSource();
        var removing = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                service.Clock.Ahead += TimeSpan.FromDays(8);
                await RemoveAsync();
            }
        });
        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (uploader, token) =>
        {
            for (var i = 0; i < 25; i++)
            {
                using var answer = await Client.PutPictureAsync(id, 1 + (uploader % 2), pictures[(uploader + i) % 2]);
                // Told that it was removed at this very moment.
                if ((int)answer.StatusCode == 503) Interlocked.Increment(ref refused);
                else Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(token));
            }
        });
        await end.CancelAsync();
        await removing;
        Assert.InRange(refused, 0, 60);
        await EveryLinkGivesItsBytesAsync();
    }

    [ServerFact]
    public async Task After_expiry_every_remaining_link_gives_its_bytes_and_no_object_is_without_an_owner()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED"), out var given) ? given : 20261122;
        var random = new Random(seed);
        var pictures = Enumerable.Range(0, 5).Select(i => Pictures.Png(colour: 0xff000000 | (uint)(i * 4711))).ToArray();
        var ids = Enumerable.Range(0, Sessions).Select(_ => RequestId.New(TimeProvider.System)).ToList();
        for (var day = 0; day < 12; day += 3)
        {
            service.Clock.Ahead = TimeSpan.FromDays(day);
            foreach (var id in ids.Where(_ => random.Next(3) > 0))
            {
                using var put = await Client.PutPictureAsync(id, random.Next(1, 4), pictures[random.Next(pictures.Length)]);
                if (put.IsSuccessStatusCode && random.Next(3) == 0)
                {
                    var session = await Client.GetAsync<Session>($"/v1/sessions/{id}");
                    // The same picture under two numbers, in place of whatever was there.
                    var link = session.Frames![random.Next(session.Frames.Count)].ImageUrl;
                    await SaveAsync(id, new { number = 1, imageUrl = link }, new { number = 2, imageUrl = link });
                }
            }

            await Wait.UntilAsync(async () => await CountAsync("SELECT count(*) FROM sessions WHERE manifest_revision < revision AND deleted_at IS NULL") == 0, "the manifests");
            await ExpireAsync();
            await RemoveAsync();
        }

        var living = await EveryLinkGivesItsBytesAsync();
        Assert.True(living.Count is > 0 and < Sessions, $"seed {seed}: {living.Count} of {Sessions} sessions live; the test tries nothing.");
        var owned = (await QueryAsync("SELECT object_key FROM frames WHERE object_key IS NOT NULL UNION SELECT object_key FROM superseded_frames WHERE removed_at IS NULL")).ToHashSet(StringComparer.Ordinal);
        await foreach (var entry in Store.ListAsync(ObjectKeys.UserPrefix(Local), CancellationToken.None))
            Assert.True(entry.Key.Kind == ObjectKind.Manifest ? living.Contains(entry.Key.RequestId) : owned.Contains(entry.Key.ToString()), $"seed {seed}: {entry.Key} has no owner.");
    }

    [ServerFact]
    public async Task A_tombstone_goes_after_its_time_but_not_before_VideoService_has_read_of_it()
    {
        var id = await SavedAsync(1);
        await Client.DeleteAsync($"/v1/sessions/{id}").ReadAsync<SessionDeletion>();
        service.Clock.Ahead = TimeSpan.FromDays(91);
        var deletions = Services.GetRequiredService<DeletionTable>();
        // Somebody follows, and has not come so far.
        var entry = Assert.Single(await deletions.FeedAsync(1, 10, CancellationToken.None));
        await ForgetAsync();
        Assert.Equal("session-deleted", (await Client.PutPictureAsync(id, 1, Pictures.Png()).RefusalAsync()).Code);
        Assert.Empty(await deletions.FeedAsync(entry.Sequence, 10, CancellationToken.None));
        await ForgetAsync();
        Assert.Equal((0, 0), (await CountAsync("SELECT count(*) FROM sessions"), await CountAsync("SELECT count(*) FROM deletions")));
    }

    private Task ForgetAsync() => Services.GetRequiredService<DbDataSource>().WriteAsync(transaction => RetentionTable.ForgetAsync(transaction, service.Clock.GetUtcNow() - TimeSpan.FromDays(90), 100), CancellationToken.None);

    private async Task<HashSet<RequestId>> EveryLinkGivesItsBytesAsync()
    {
        var living = new HashSet<RequestId>();
        foreach (var session in (await Client.GetAsync<Page<Session>>("/v1/sessions?limit=100")).Items)
        {
            living.Add(session.Id);
            foreach (var frame in (await Client.GetAsync<Session>($"/v1/sessions/{session.Id}")).Frames!)
                Assert.Equal(frame.Sha256, Pictures.Sha256(await Client.GetByteArrayAsync(frame.ImageUrl)));
        }

        return living;
    }

    private Task<bool> ExpireAsync() => Services.GetRequiredService<ExpireSessions>().RunAsync(100, CancellationToken.None);

    private Task<bool> RemoveAsync() => Services.GetRequiredService<RemoveSuperseded>().RunAsync(100, CancellationToken.None);

    private async Task<RequestId> SavedAsync(int frames)
    {
        var id = RequestId.New(TimeProvider.System);
        for (var number = 1; number <= frames; number++) await Client.PutPictureAsync(id, number, Pictures.Png(colour: 0xff000000 | (uint)number)).ReadAsync<Frame>();
        await SaveAsync(id, [.. Enumerable.Range(1, frames).Select(number => (object)new { number, description = "a secret" })]);
        return id;
    }

    private async Task<RequestId> UploadedAsync()
    {
        var id = RequestId.New(TimeProvider.System);
        await Client.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        return id;
    }

    private Task<Session> SaveAsync(RequestId id, params object[] frames) => Client.PostAsync("/v1/sessions", new { requestId = id, frames }).ReadAsync<Session>();

    private Task RecordedAsync(RequestId id) =>
        Wait.UntilAsync(async () => await CountAsync($"SELECT count(*) FROM sessions WHERE request_id = '{id}' AND manifest_revision = revision") == 1, "the manifest");

    private async Task<IReadOnlyList<ObjectKey>> ObjectsAsync(RequestId id)
    {
        var found = new List<ObjectKey>();
        await foreach (var entry in Store.ListAsync(ObjectKeys.RequestPrefix(Local, id), CancellationToken.None)) found.Add(entry.Key);
        return found;
    }

    private async Task<int> PicturesAsync(RequestId id) => (await ObjectsAsync(id)).Count(key => key.Kind == ObjectKind.Frame);

    private async Task<long> CountAsync(string statement)
    {
        await using var connection = await Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(statement);
    }

    private async Task<IEnumerable<string>> QueryAsync(string statement)
    {
        await using var connection = await Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.QueryAsync<string>(statement);
    }
}

public sealed class RetentionOnSqlite() : RetentionTests(new RunningFrameService());

[Needs(TestServers.Postgres)]
public sealed class RetentionOnPostgres() : RetentionTests(new FrameServiceOnPostgres());
