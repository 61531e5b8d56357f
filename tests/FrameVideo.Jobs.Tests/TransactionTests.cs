using System.Data.Common;
using System.Diagnostics;
using Dapper;
using FrameVideo.TestKit.Faults;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Jobs.Tests;

/// <summary>What is tried again, what never is, and what an outage looks like, with PostgreSQL itself failing.</summary>
[Needs(TestServers.Postgres)]
public sealed class TransactionTests : IAsyncLifetime
{
    private TestDatabase _server = null!;
    private PostgresFaultProxy _proxy = null!;
    private TestService _service = null!;

    private DbDataSource Database => _service.Database;

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.NewDatabaseAsync();
        _proxy = PostgresFaultProxy.Start(_server.Port);
        // A loaded machine may take its time for the first connection and the schema; what the tests are about has its limits.
        await using (var patient = PostgresPlace.Open(new DatabaseOptions { ConnectionString = _server.ConnectionString, ConnectTimeout = TimeSpan.FromSeconds(30), StatementTimeout = TimeSpan.FromSeconds(60) }))
            await patient.Schema.MigrateAsync(CancellationToken.None);
        _service = PostgresPlace.Open(new DatabaseOptions
        {
            ConnectionString = _proxy.Through(_server.ConnectionString),
            MaxPoolSize = 4,
            StatementTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = TimeSpan.FromSeconds(4),
        });
        await _service.Schema.MigrateAsync(CancellationToken.None);
        await RunAsync("INSERT INTO things VALUES ('a', 0), ('b', 0)");
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [ServerFact]
    public async Task Of_two_that_wait_for_each_other_both_commit_in_the_end()
    {
        using var both = new Barrier(2);
        var first = new[] { true, true };
        Task CountAsync(int who, string one, string other) => Task.Run(() => Database.WriteAsync(
            async transaction =>
            {
                await AddAsync(transaction, one);
                // Only the first time: both have their first row then, so neither can have its second.
                if (first[who]) both.SignalAndWait();
                first[who] = false;
                await AddAsync(transaction, other);
            },
            CancellationToken.None));
        // The server looks for deadlocks after a second by default, by which time the statement has run out of time.
        await RunAsync("ALTER DATABASE \"" + _server.Name + "\" SET deadlock_timeout = '50ms'");
        NpgsqlClear();
        await Task.WhenAll(CountAsync(0, "a", "b"), CountAsync(1, "b", "a"));
        Assert.Equal((2, 2), (await ValueAsync("a"), await ValueAsync("b")));
    }

    [ServerFact]
    public async Task What_a_migration_has_changed_under_prepared_statements_costs_no_caller_anything()
    {
        // By five times asked a statement is prepared on its connection; four at a time use all of the pool's.
        for (var i = 0; i < 8; i++) await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Database.ReadAsync(connection => connection.QuerySingleAsync<long>("SELECT value FROM things WHERE name = 'a' AND pg_sleep(0.01) IS NOT NULL"), CancellationToken.None)));
        Assert.Contains(
            "SELECT value FROM things WHERE name = 'a' AND pg_sleep(0.01) IS NOT NULL", await Database.ReadAsync(connection => connection.QueryAsync<string>("SELECT statement FROM pg_prepared_statements"), CancellationToken.None));
        await RunAsync("ALTER TABLE things ALTER COLUMN value TYPE integer");
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Database.ReadAsync(connection => connection.QuerySingleAsync<long>("SELECT value FROM things WHERE name = 'a' AND pg_sleep(0.01) IS NOT NULL"), CancellationToken.None))),
            value => Assert.Equal(0, value));
        for (var i = 0; i < 8; i++) await AddInOneAsync();
        await RunAsync("ALTER TABLE things ALTER COLUMN value TYPE bigint");
        Assert.Equal(9, await AddInOneAsync());

        Task<long> AddInOneAsync() => Database.WriteAsync(
            transaction => transaction.Connection!.QuerySingleAsync<long>("UPDATE things SET value = value + 1 WHERE name = 'b' RETURNING value", transaction: transaction), CancellationToken.None);
    }

    [ServerFact]
    public async Task A_pooled_connection_that_has_died_costs_no_caller_anything()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunAsync("SELECT pg_sleep(0.05)")));
        _proxy.CutAll();
        Assert.Equal(0, await ValueAsync("a"));
        await RunAsync("SELECT pg_sleep(0.05)");
        _proxy.CutAll();
        await RunAsync("UPDATE things SET value = value + 1 WHERE name = 'a'");
        Assert.Equal(1, await ValueAsync("a"));
    }

    [ServerFact]
    public async Task A_transaction_whose_connection_breaks_before_its_commit_is_run_again_and_kept_once()
    {
        var runs = 0;
        await Database.WriteAsync(
            async transaction =>
            {
                await AddAsync(transaction, "a");
                if (runs++ == 0) _proxy.CutAll();
                await AddAsync(transaction, "a");
            },
            CancellationToken.None);
        Assert.Equal((2, 2), (runs, await ValueAsync("a")));
    }

    [ServerFact]
    public async Task A_commit_whose_answer_never_came_is_told_and_not_run_again()
    {
        var runs = 0;
        // It fires at the commit, waits there, and meanwhile the connection is cut: the server keeps what nobody hears of.
        await RunAsync(
            """
            CREATE FUNCTION things.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON things DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION things.slow();
            """);
        var writing = Database.WriteAsync(
            async transaction =>
            {
                runs++;
                await AddAsync(transaction, "a");
            },
            CancellationToken.None);
        await using (var watcher = new Npgsql.NpgsqlConnection(_server.ConnectionString))
        {
            await watcher.OpenAsync();
            await TestKit.Wait.UntilAsync(
                async () => await watcher.ExecuteScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'commit%' AND state = 'active'") > 0, "the commit");
        }

        _proxy.CutAll();
        var outage = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => writing);
        Assert.Contains("nobody knows", outage.Message, StringComparison.Ordinal);
        Assert.Equal(1, runs);
        await TestKit.Wait.UntilAsync(async () => await ValueAsync("a") == 1, "what was committed unheard");
    }

    [ServerFact]
    public async Task What_takes_too_long_is_ended_by_the_server_and_is_an_outage()
    {
        var outage = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => RunAsync("SELECT pg_sleep(30)"));
        Assert.Equal("57014", ((DbException)outage.InnerException!).SqlState);
    }

    [ServerFact]
    public async Task Who_waits_for_a_lock_too_long_is_told_so()
    {
        var held = new TaskCompletionSource();
        var holding = new TaskCompletionSource();
        var holder = Database.WriteAsync(
            async transaction =>
            {
                await AddAsync(transaction, "a");
                holding.TrySetResult();
                await held.Task;
            },
            CancellationToken.None);
        await holding.Task;
        var outage = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => RunAsync("UPDATE things SET value = 7 WHERE name = 'a'"));
        Assert.Equal("55P03", ((DbException)outage.InnerException!).SqlState);
        held.SetResult();
        await holder;
        Assert.Equal(1, await ValueAsync("a"));
    }

    [ServerFact]
    public async Task An_exhausted_pool_is_an_outage_and_passes()
    {
        var connections = new List<DbConnection>();
        for (var i = 0; i < 4; i++) connections.Add(await Database.OpenConnectionAsync());
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ValueAsync("a"));
        foreach (var connection in connections) await connection.DisposeAsync();
        Assert.Equal(0, await ValueAsync("a"));
    }

    [ServerFact]
    public async Task A_server_that_says_nothing_holds_a_caller_for_a_while_and_no_longer()
    {
        _proxy.Stalled = true;
        var waiting = Stopwatch.StartNew();
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => ValueAsync("a"));
        Assert.InRange(waiting.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        _proxy.Stalled = false;
        await TestKit.Wait.UntilAsync(
            async () =>
            {
                try
                {
                    return await ValueAsync("a") == 0;
                }
                catch (DatabaseUnavailableException)
                {
                    return false;
                }
            },
            "the database");
    }

    [ServerFact]
    public async Task What_is_numbered_under_a_lock_is_seen_in_its_order()
    {
        await RunAsync("CREATE TABLE feed (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");
        using var done = new CancellationTokenSource();
        var gaps = new List<long>();
        var last = 0L;
        var reader = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                foreach (var number in await Database.ReadAsync(connection => connection.QueryAsync<long>("SELECT number FROM feed WHERE number > @last ORDER BY number", new { last }), CancellationToken.None))
                {
                    if (number != last + 1) gaps.Add(number);
                    last = number;
                }

                await Task.Yield();
            }
        });
        await Parallel.ForAsync(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (i, token) => await Database.WriteAsync(
            async transaction =>
            {
                await transaction.LockAsync("feed");
                await transaction.Connection!.ExecuteAsync("INSERT INTO feed DEFAULT VALUES", transaction: transaction);
                // The later the number, the sooner the commit, if it were not for the lock.
                await transaction.Connection!.ExecuteAsync("SELECT pg_sleep(@seconds)", new { seconds = (i % 3) * 0.005 }, transaction);
            },
            token));
        await TestKit.Wait.UntilAsync(() => Task.FromResult(reader.IsFaulted || Volatile.Read(ref last) == 60), "the reader");
        await done.CancelAsync();
        await reader;
        Assert.Empty(gaps);
    }

    [ServerFact]
    public async Task A_turn_is_one_instances_until_it_ends()
    {
        await using (var turn = await AdvisoryLock.TryTakeAsync(Database, "t", CancellationToken.None))
        {
            Assert.NotNull(turn);
            Assert.Null(await AdvisoryLock.TryTakeAsync(Database, "t", CancellationToken.None));
        }

        await using var next = await AdvisoryLock.TryTakeAsync(Database, "t", CancellationToken.None);
        Assert.NotNull(next);
    }

    private static Task<int> AddAsync(DbTransaction transaction, string name) =>
        transaction.Connection!.ExecuteAsync("UPDATE things SET value = value + 1 WHERE name = @name", new { name }, transaction);

    private Task RunAsync(string statement) => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(statement, transaction: transaction), CancellationToken.None);

    private Task<long> ValueAsync(string name) =>
        Database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("SELECT value FROM things WHERE name = @name", new { name }), CancellationToken.None);

    /// <summary>New connections know the new setting.</summary>
    private void NpgsqlClear() => _proxy.CutAll();
}
