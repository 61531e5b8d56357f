using FrameVideo.TestKit.Faults;
using FrameVideo.TestKit.Servers;
using Npgsql;

namespace FrameVideo.TestKit.Tests;

[Needs(TestServers.Postgres)]
public sealed class PostgresFaultProxyTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private PostgresFaultProxy _proxy = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.NewDatabaseAsync();
        _proxy = PostgresFaultProxy.Start(_database.Port);
        _source = NpgsqlDataSource.Create(_proxy.Through(_database.ConnectionString));
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _proxy.DisposeAsync();
        await _database.DisposeAsync();
    }

    [ServerFact]
    public async Task A_cut_ends_what_is_running_and_new_connections_pass()
    {
        Assert.Equal(1, await AskAsync("SELECT 1"));
        var running = AskAsync("SELECT 2 FROM pg_sleep(600)");
        await Wait.UntilAsync(async () => (await OthersAsync()) == 1, "the statement to run");
        _proxy.CutAll();
        await Assert.ThrowsAsync<NpgsqlException>(() => running);
        Assert.Equal(3, await AskAsync("SELECT 3"));
        Assert.Equal(2, _proxy.Accepted);
    }

    [ServerFact]
    public async Task While_new_ones_are_refused_those_that_exist_go_on()
    {
        await using var old = await _source.OpenConnectionAsync();
        await _proxy.RefuseNewAsync();
        await Assert.ThrowsAsync<NpgsqlException>(() => AskAsync("SELECT 1"));
        Assert.Equal(2, await old.CreateCommandOf("SELECT 2").ExecuteScalarAsync());
        _proxy.AcceptNew();
        Assert.Equal(3, await AskAsync("SELECT 3"));
    }

    [ServerFact]
    public async Task A_stall_holds_everything_and_loses_nothing()
    {
        await AskAsync("SELECT 1");
        _proxy.Stalled = true;
        var asked = AskAsync("SELECT 2");
        await Task.WhenAny(asked, Task.Delay(100));
        Assert.False(asked.IsCompleted);
        _proxy.Stalled = false;
        Assert.Equal(2, await asked);
    }

    private async Task<int> AskAsync(string statement)
    {
        await using var command = _source.CreateCommand(statement);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private async Task<long> OthersAsync()
    {
        await using var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        return (long)(await connection.CreateCommandOf($"SELECT count(*) FROM pg_stat_activity WHERE datname = '{_database.Name}' AND query LIKE '%pg_sleep(600)%' AND state = 'active' AND pid <> pg_backend_pid()").ExecuteScalarAsync())!;
    }
}

internal static class Commands
{
    public static NpgsqlCommand CreateCommandOf(this NpgsqlConnection connection, string statement) => new(statement, connection);
}
