using System.Data.Common;
using Dapper;
using FrameService.Sessions;
using FrameService.Tests.Operations;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace FrameService.Tests.Retention;

/// <summary>Everything of a user goes, and nothing of another one.</summary>
public abstract class ErasureTests(RunningFrameService service) : IAsyncLifetime
{
    private static readonly UserId Anna = UserId.Parse("anna");

    private IServiceProvider Services => service.App.Services;

    private DbDataSource Database => Services.GetRequiredService<DbDataSource>();

    public Task InitializeAsync() => service.InitializeAsync();

    public Task DisposeAsync() => service.DisposeAsync();

    [ServerFact]
    public async Task Everything_of_a_user_goes_with_a_report_and_other_users_keep_theirs()
    {
        using var anna = service.App.Client("anna");
        using var berta = service.App.Client("berta");
        var (own, other) = (await GeneratedAsync(anna), await GeneratedAsync(berta));
        var running = (await anna.PostAsync("/v1/sessions", new { prompt = "a secret harbour", frameCount = 40 }).ReadAsync<Session>()).Id;
        // Objects without a row, and one of a former product.
        var stray = RequestId.New(TimeProvider.System);
        await PutAsync(ObjectKeys.Upload(Anna, stray, "stray", new string('b', 64), "png"));
        Directory.CreateDirectory(service.Data.Combine("objects", "reference-frames", "anna"));
        await File.WriteAllBytesAsync(service.Data.Combine("objects", "reference-frames", "anna", "frame_1_1700000000000.png"), Pictures.Png());

        await anna.DeleteAsync("/v1/users/anna/data").ReadAsync<Erasure>();
        var report = await Wait.ForAsync(async () => await anna.GetAsync<Erasure>("/v1/users/anna/data") is { Complete: true } done ? done : null, "the end of the erasure");
        Assert.Equal((2L, 1L, 0L), (report.Sessions, report.ObjectsLeft, report.Videos));
        Assert.True(report is { Frames: >= 42, Objects: >= 4, Rows: >= 2 }, report.ToString());
        Assert.Empty((await anna.GetAsync<Page<Session>>("/v1/sessions")).Items);
        foreach (var id in new[] { own, running, stray }) Assert.Equal("session-deleted", (await anna.PutPictureAsync(id, 1, Pictures.Png()).RefusalAsync()).Code);
        await Wait.UntilAsync(async () => await ObjectsAsync() == 0, "the last late object to go");

        foreach (var text in await TextsAsync()) Assert.DoesNotContain("secret", text, StringComparison.OrdinalIgnoreCase);
        var feed = await Services.GetRequiredService<DeletionTable>().FeedAsync(0, 100, CancellationToken.None);
        Assert.Equal([null, own, running, stray], feed.Select(entry => entry.RequestId).OrderBy(id => id is null ? -1 : Array.IndexOf([own, running, stray], id.Value)));

        Assert.NotEmpty(await berta.GetByteArrayAsync((await berta.GetAsync<Session>($"/v1/sessions/{other}")).Frames![0].ImageUrl));
        // What begins afterwards stays, also where the erasure is asked for again: a new one.
        var later = RequestId.New(TimeProvider.System);
        await anna.PutPictureAsync(later, 1, Pictures.Png()).ReadAsync<Frame>();
        Assert.Equal((1L, 1L), await anna.DeleteAsync("/v1/users/anna/data").ReadAsync<Erasure>() is var again ? (again.Sessions, again.Frames) : default);
        Assert.Equal("user-mismatch", (await anna.DeleteAsync("/v1/users/berta/data").RefusalAsync()).Code);
        Assert.Equal("not-found", (await berta.GetAsync("/v1/users/berta/data").RefusalAsync()).Code);
        Assert.Equal("invalid-user-id", (await berta.GetAsync("/v1/users/a%20b/data").RefusalAsync()).Code);
    }

    [ServerFact]
    public async Task During_an_outage_rows_go_at_once_and_objects_when_the_store_is_back()
    {
        using var anna = service.App.Client("anna");
        var id = RequestId.New(TimeProvider.System);
        await anna.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        service.App.StoreIsDown = true;
        using (var answer = await anna.DeleteAsync("/v1/users/anna/data"))
        {
            Assert.Equal(202, (int)answer.StatusCode);
            Assert.EndsWith("/v1/users/anna/data", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("session-not-found", (await anna.GetAsync($"/v1/sessions/{id}").RefusalAsync()).Code);
        service.App.StoreIsDown = false;
        await Wait.UntilAsync(async () => (await anna.GetAsync<Erasure>("/v1/users/anna/data")).Complete, "the end of the erasure");
        Assert.Equal(0, await ObjectsAsync());
    }

    [ServerFact]
    public async Task An_erasure_whose_process_ended_is_gone_on_with()
    {
        using var anna = service.App.Client("anna");
        for (var i = 0; i < 120; i++) await anna.PutPictureAsync(RequestId.New(TimeProvider.System), 1, Pictures.Png()).ReadAsync<Frame>();
        // All that a process has done which was killed in the same moment.
        await Services.GetRequiredService<ErasureTable>().RequestAsync(Anna, CancellationToken.None);
        var report = await Wait.ForAsync(async () => await anna.GetAsync<Erasure>("/v1/users/anna/data") is { Complete: true } done ? done : null, "the end of the erasure");
        Assert.Equal((120L, 120L), (report.Sessions, report.Frames));
        Assert.Equal(0, await ObjectsAsync());
    }

    [ServerFact]
    public async Task No_table_with_rows_of_users_is_forgotten()
    {
        var columns = (await ColumnsAsync()).Where(column => !column.Table.StartsWith("qrtz_", StringComparison.OrdinalIgnoreCase)).ToLookup(column => column.Table, column => column.Column);
        var tables = Services.GetRequiredService<UserTables>().All;
        Assert.Equal(columns.Where(table => table.Contains("user_id")).Select(table => table.Key).Order(StringComparer.Ordinal), tables.Where(table => table.HasUser).Select(table => table.Name).Order(StringComparer.Ordinal));
        Assert.All(tables, table =>
        {
            Assert.Single(new[] { table.Resource, table.Condition, table.Remains }, way => way is not null);
            Assert.Contains(table.Resource ?? "user_id", columns[table.Name]);
        });
    }

    private static async Task<RequestId> GeneratedAsync(HttpClient http)
    {
        var id = (await http.PostAsync("/v1/sessions", new { prompt = "a secret garden", frameCount = 2, metadata = new { note = "secret" } }).ReadAsync<Session>()).Id;
        await http.EndedAsync(id);
        return id;
    }

    private async Task PutAsync(ObjectKey key)
    {
        using var file = await Services.GetRequiredService<Spool>().WriteAsync(Pictures.Png(), CancellationToken.None);
        await Services.GetRequiredService<IObjectStore>().PutAsync(key, file, CancellationToken.None);
    }

    private async Task<int> ObjectsAsync()
    {
        var count = 0;
        await foreach (var entry in Services.GetRequiredService<IObjectStore>().ListAsync(ObjectKeys.UserPrefix(Anna), CancellationToken.None)) count++;
        return count;
    }

    /// <summary>Every text of every row that bears the user's ID.</summary>
    private async Task<IReadOnlyList<string>> TextsAsync()
    {
        await using var connection = await Database.OpenConnectionAsync();
        var texts = new List<string>();
        foreach (var table in Services.GetRequiredService<UserTables>().All.Where(table => table.HasUser))
        {
            foreach (IDictionary<string, object?> row in await connection.QueryAsync($"SELECT * FROM {table.Name} WHERE user_id = 'anna'")) texts.AddRange(row.Values.OfType<string>());
        }

        return texts;
    }

    private async Task<IEnumerable<(string Table, string Column)>> ColumnsAsync()
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await connection.QueryAsync<(string, string)>(
            connection is Npgsql.NpgsqlConnection
                ? "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
                : "SELECT tables.name, columns.name FROM sqlite_master tables, pragma_table_info(tables.name) columns WHERE tables.type = 'table'");
    }
}

public sealed class ErasureOnSqlite() : ErasureTests(new RunningFrameService());

[Needs(TestServers.Postgres)]
public sealed class ErasureOnPostgres() : ErasureTests(new FrameServiceOnPostgres());

/// <summary>The same for an operator.</summary>
public sealed class EraseCommandTests : IAsyncLifetime
{
    private readonly RunningFrameService _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task An_operator_sees_what_would_go_and_lets_it_go()
    {
        using var anna = _service.App.Client("anna");
        await anna.PutPictureAsync(RequestId.New(TimeProvider.System), 1, Pictures.Png()).ReadAsync<Frame>();
        Assert.Contains("dry run: anna has 1 sessions", (await Command.RunAsync(_service.Data, "erase", "--user", "anna", "--dry-run")).Said, StringComparison.Ordinal);
        Assert.Single((await anna.GetAsync<Page<Session>>("/v1/sessions")).Items);
        var (code, said, errors) = await Command.RunAsync(_service.Data, "erase", "--user", "anna");
        Assert.True(code == 0, errors);
        Assert.Contains("1 sessions, 1 frames, 0 films", said, StringComparison.Ordinal);
        Assert.Empty((await anna.GetAsync<Page<Session>>("/v1/sessions")).Items);
        Assert.Equal(2, (await Command.RunAsync(_service.Data, "erase")).Code);
    }
}
