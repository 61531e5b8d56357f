using Dapper;
using FrameVideo.TestKit.Servers;
using Npgsql;

namespace FrameVideo.Jobs.Tests;

/// <summary>Numbered scripts, each applied once, whoever starts when.</summary>
public abstract class SchemaTests(Func<Task<ITestPlace>> create) : IAsyncLifetime
{
    private ITestPlace _place = null!;

    protected ITestPlace Place => _place;

    public async Task InitializeAsync() => _place = await create();

    public async Task DisposeAsync() => await _place.DisposeAsync();

    [ServerFact]
    public async Task Eight_that_start_at_once_apply_each_script_once()
    {
        var services = Enumerable.Range(0, 8).Select(_ => _place.Open()).ToList();
        var applied = await Task.WhenAll(services.Select(service => Task.Run(() => service.Schema.MigrateAsync(CancellationToken.None))));
        var scripts = Assert.Single(applied, some => some.Count > 0);
        Assert.Equal(3, scripts.Count(script => script.Contains(".Database.", StringComparison.Ordinal)));
        foreach (var service in services)
        {
            Assert.True(service.Schema.Ready.IsCompletedSuccessfully);
            Assert.Equal(0, await service.Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM things"), CancellationToken.None));
            await service.DisposeAsync();
        }
    }

    [ServerFact]
    public async Task Before_the_schema_is_there_nobody_gets_a_connection()
    {
        await using var service = _place.Open();
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => service.Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("SELECT 1"), CancellationToken.None));
        Assert.NotEmpty(await service.Schema.PendingAsync(CancellationToken.None));
        Assert.False(service.Schema.Ready.IsCompleted);
        await using (var other = _place.Open()) await other.Schema.MigrateAsync(CancellationToken.None);
        Assert.Empty(await service.Schema.PendingAsync(CancellationToken.None));
        Assert.Equal(1, await service.Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("SELECT 1"), CancellationToken.None));
    }

    [ServerFact]
    public async Task A_wrong_statement_throws_as_it_is_and_no_outage_is_made_of_it()
    {
        await using var service = _place.Open();
        await service.Schema.MigrateAsync(CancellationToken.None);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => service.Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("SELECT none FROM nowhere"), CancellationToken.None));
        Task AddAsync() => service.Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("INSERT INTO things VALUES ('a', 1)", transaction: transaction), CancellationToken.None);
        await AddAsync();
        var twice = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(AddAsync);
        Assert.False(twice.IsTransient);
    }
}

public sealed class SchemaOnSqlite() : SchemaTests(() => Task.FromResult<ITestPlace>(new SqlitePlace()))
{
    [Fact]
    public async Task A_full_disk_is_an_outage()
    {
        await using var service = Place.Open();
        await service.Schema.MigrateAsync(CancellationToken.None);
        var outage = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => service.Database.WriteAsync(
            async transaction =>
            {
                await transaction.Connection!.ExecuteAsync("PRAGMA max_page_count = 1", transaction: transaction);
                await transaction.Connection!.ExecuteAsync("INSERT INTO things VALUES (@name, 1)", new { name = new string('x', 100_000) }, transaction);
            },
            CancellationToken.None));
        Assert.Equal("The database's disk is full.", outage.Message);
    }
}

[Needs(TestServers.Postgres)]
public sealed class SchemaOnPostgres() : SchemaTests(PostgresPlace.NewAsync)
{
    [ServerFact]
    public async Task The_schema_holds_everything_the_queue_too()
    {
        await using var service = Place.Open();
        await service.Schema.MigrateAsync(CancellationToken.None);
        var elsewhere = await service.Database.ReadAsync(
            connection => connection.QueryAsync<string>("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace)"), CancellationToken.None);
        Assert.Empty(elsewhere);
        var tables = await service.Database.ReadAsync(
            connection => connection.QueryAsync<string>("SELECT tablename FROM pg_tables WHERE schemaname = 'things'"), CancellationToken.None);
        Assert.Contains("schemaversions", tables);
        Assert.Contains("qrtz_triggers", tables);
        Assert.Contains("things", tables);
    }

    [ServerFact]
    public async Task A_wrong_password_a_missing_database_and_a_server_that_is_away_are_told_apart()
    {
        await using var database = await PostgresServer.NewDatabaseAsync();
        Assert.Equal("PostgreSQL refuses the user or the password of Database:ConnectionString.", await ReasonAsync(database, text => text.Password = "wrong"));
        Assert.Equal("The database that Database:ConnectionString names does not exist.", await ReasonAsync(database, text => text.Database = "nowhere"));
        Assert.Equal("The database does not answer.", await ReasonAsync(database, text => text.Port = TestKit.Ports.Free()));
    }

    private static async Task<string> ReasonAsync(TestDatabase database, Action<NpgsqlConnectionStringBuilder> change)
    {
        var text = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        change(text);
        await using var service = PostgresPlace.Open(new DatabaseOptions { ConnectionString = text.ConnectionString });
        return (await Assert.ThrowsAsync<DatabaseUnavailableException>(() => service.Schema.MigrateAsync(CancellationToken.None))).Message;
    }
}
