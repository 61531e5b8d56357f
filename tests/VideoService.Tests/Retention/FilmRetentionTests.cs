using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using VideoService.Operations;
using VideoService.Tests.Videos;
using VideoService.Videos;

namespace VideoService.Tests.Retention;

/// <summary>Films go when they are old or their user is erased, and what others share with them stays. Films are rows and small objects here; nothing is rendered.</summary>
public abstract class FilmRetentionTests(RunningVideoService service) : IAsyncLifetime
{
    private static readonly UserId Anna = UserId.Parse("anna");

    private IServiceProvider Services => service.App.Services;

    public async Task InitializeAsync()
    {
        await service.InitializeAsync();
        await service.RestartAsync("Retention:Films=10.00:00:00", "Retention:FailedFilms=1.00:00:00", "Retention:Period=00:00:00.500");
    }

    public Task DisposeAsync() => service.DisposeAsync();

    [ServerFact]
    public async Task After_expiry_every_film_that_is_left_has_its_objects_and_no_object_is_without_a_film()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FRAMEVIDEO_SEED"), out var given) ? given : 20261122;
        var random = new Random(seed);
        var sessions = Enumerable.Range(0, 4).Select(_ => RequestId.New(TimeProvider.System)).ToArray();
        using var anna = service.App.Client("anna");
        for (var i = 0; i < 16; i++)
        {
            var pieces = Enumerable.Range(1, 4).Where(_ => random.Next(2) == 0).Append(5).ToArray();
            await FilmAsync(sessions[random.Next(4)], pieces, DateTimeOffset.UtcNow - TimeSpan.FromDays(random.Next(9)));
        }

        var first = (await anna.GetAsync<Page<Video>>("/v1/videos?limit=100")).Items;
        Assert.All(first, film => Assert.Equal(film.CompletedAt!.Value.AddDays(10), film.ExpiresAt));
        service.Clock.Ahead = TimeSpan.FromDays(5);
        var expected = first.Where(film => film.ExpiresAt > service.Clock.GetUtcNow()).Select(film => film.Id).ToHashSet();
        Assert.InRange(expected.Count, 1, 15);
        await Wait.UntilAsync(async () => await CountAsync("SELECT count(*) FROM videos WHERE purged_at IS NOT NULL") == 16 - expected.Count, "the old films to go");

        var owned = new HashSet<ObjectKey>();
        foreach (var film in (await anna.GetAsync<Page<Video>>("/v1/videos?limit=100")).Items)
        {
            Assert.Contains(film.Id, expected);
            owned.Add(film.ObjectKey!.Value);
            Assert.Equal(film.Sha256, Pictures.Sha256(await anna.GetByteArrayAsync(film.Links.Content)));
            foreach (var clip in film.Clips)
            {
                owned.Add(service.Store.KeyOf(clip.Url!)!.Value);
                Assert.NotEmpty(await anna.GetByteArrayAsync(clip.Url));
            }
        }

        Assert.Equal(owned.Select(key => key.ToString()).Order(StringComparer.Ordinal), await ObjectsAsync());

        // Tombstones by their own time.
        service.Clock.Ahead = TimeSpan.FromDays(200);
        await Wait.UntilAsync(async () => await CountAsync("SELECT count(*) FROM videos WHERE purged_at IS NULL") == 0, "the last films to go");
        service.Clock.Ahead = TimeSpan.FromDays(300);
        await Wait.UntilAsync(async () => await CountAsync("SELECT count(*) FROM videos") == 0, "the tombstones to go");
        Assert.Empty(await ObjectsAsync());
    }

    [ServerFact]
    public async Task Erasing_a_user_removes_films_and_whatever_lies_in_the_store_without_a_row()
    {
        var (own, stray) = (RequestId.New(TimeProvider.System), RequestId.New(TimeProvider.System));
        await FilmAsync(own, [1, 2], DateTimeOffset.UtcNow);
        await PutAsync(ObjectKeys.Clip(Anna, stray, 1, new string('c', 64)));
        using var anna = service.App.Client("anna");
        var report = await anna.DeleteAsync("/v1/users/anna/data").ReadAsync<Erasure>();
        Assert.Equal((true, 1L, 4L, 0L), (report.Complete, report.Videos, report.Objects, report.Sessions));
        Assert.Empty(await ObjectsAsync());
        Assert.Empty((await anna.GetAsync<Page<Video>>("/v1/videos")).Items);
        foreach (var table in Services.GetRequiredService<UserTables>().All.Where(table => table.HasUser))
            Assert.DoesNotContain("secret", string.Join(' ', await TextsAsync(table.Name)), StringComparison.Ordinal);
        Assert.Equal("user-mismatch", (await anna.DeleteAsync("/v1/users/berta/data").RefusalAsync()).Code);
    }

    [ServerFact]
    public async Task When_FrameService_erases_a_user_films_follow_and_what_came_later_stays()
    {
        var (before, after) = (RequestId.New(TimeProvider.System), RequestId.New(TimeProvider.System));
        await FilmAsync(before, [1], DateTimeOffset.UtcNow);
        var moment = DateTimeOffset.UtcNow;
        var later = await FilmAsync(after, [1], moment.AddSeconds(1));
        service.Frames.Erase(Anna, moment);
        using var anna = service.App.Client("anna");
        await Wait.UntilAsync(
            async () =>
            {
                using var answer = await anna.GetAsync("/v1/users/anna/data");
                return answer.IsSuccessStatusCode && (await anna.GetAsync<Erasure>("/v1/users/anna/data")).Complete;
            },
            "the films to follow");
        Assert.Equal([later], (await anna.GetAsync<Page<Video>>("/v1/videos")).Items.Select(film => film.Id));
        Assert.All(await ObjectsAsync(), key => Assert.Contains(after.ToString(), key, StringComparison.Ordinal));
        Assert.Equal(1, await CountAsync("SELECT sequence FROM feed_positions"));
    }

    [ServerFact]
    public async Task No_table_with_rows_of_users_is_forgotten()
    {
        await using var connection = await Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        var columns = (await connection.QueryAsync<(string Table, string Column)>(
            connection is Npgsql.NpgsqlConnection
                ? "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
                : "SELECT tables.name, columns.name FROM sqlite_master tables, pragma_table_info(tables.name) columns WHERE tables.type = 'table'"))
            .Where(column => !column.Table.StartsWith("qrtz_", StringComparison.OrdinalIgnoreCase)).ToLookup(column => column.Table, column => column.Column);
        var tables = Services.GetRequiredService<UserTables>().All;
        var ofUsers = columns.Where(table => table.Contains("user_id") || table.Contains("video_id")).Select(table => table.Key);
        Assert.Equal(ofUsers.Order(StringComparer.Ordinal), tables.Select(table => table.Name).Order(StringComparer.Ordinal));
        Assert.All(tables, table => Assert.Single(new[] { table.Resource, table.Condition, table.Remains }, way => way is not null));
    }

    /// <summary>A completed film as it would be recovered: its rows, and small objects under the keys that they name. Pieces of one number are shared within a session.</summary>
    private async Task<VideoId> FilmAsync(RequestId request, int[] pieces, DateTimeOffset completed)
    {
        var id = VideoId.New(TimeProvider.System);
        var film = ObjectKeys.Film(Anna, request, id, "mp4");
        await PutAsync(film);
        foreach (var number in pieces) await PutAsync(Piece(number));
        var row = new VideoRow
        {
            VideoId = id,
            UserId = Anna,
            RequestId = request,
            Status = "completed",
            Settings = """{"motion": "none", "transition": "cut", "quality": "draft"}""",
            Metadata = """{"note": "secret"}""",
            FilmKey = film,
            Sha256 = Pictures.Sha256(Bytes(film)),
            Bytes = Bytes(film).Length,
            CreatedAt = completed,
            StartedAt = completed,
            CompletedAt = completed,
        };
        var rows = pieces.Select((number, position) => new VideoPieceRow { VideoId = id, Position = position, Kind = "clip", Number = number, ObjectKey = Piece(number), Status = "completed" });
        Assert.True(await Services.GetRequiredService<RecoverVideo>().WriteAsync(new RebuiltVideo(row, [], [.. rows], [], [], []), CancellationToken.None));
        return id;

        ObjectKey Piece(int number) => ObjectKeys.Clip(Anna, request, number, new string("0123456789"[number], 64));
    }

    private async Task PutAsync(ObjectKey key)
    {
        using var file = await Services.GetRequiredService<Spool>().WriteAsync(Bytes(key), CancellationToken.None);
        await service.Store.PutAsync(key, file, CancellationToken.None);
    }

    private static byte[] Bytes(ObjectKey key) => System.Text.Encoding.UTF8.GetBytes(key.ToString());

    private async Task<IReadOnlyList<string>> ObjectsAsync()
    {
        var found = new List<string>();
        await foreach (var entry in service.Store.ListAsync(ObjectKeys.UserPrefix(Anna), CancellationToken.None)) found.Add(entry.Key.ToString());
        return found;
    }

    private async Task<long> CountAsync(string statement)
    {
        await using var connection = await Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<long>(statement);
    }

    private async Task<IEnumerable<string>> TextsAsync(string table)
    {
        await using var connection = await Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        return (await connection.QueryAsync($"SELECT * FROM {table} WHERE user_id = 'anna'")).Cast<IDictionary<string, object?>>().SelectMany(row => row.Values.OfType<string>());
    }
}

public sealed class FilmRetentionOnSqlite() : FilmRetentionTests(new RunningVideoService());

[Needs(TestServers.Postgres)]
public sealed class FilmRetentionOnPostgres() : FilmRetentionTests(new VideoServiceOnPostgres());
