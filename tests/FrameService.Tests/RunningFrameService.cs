using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FrameService.Tests;

/// <summary>FrameService on a data folder of one test class, with its rows in SQLite.</summary>
public class RunningFrameService : IAsyncLifetime
{
    public TempFolder Data { get; } = new();

    public HastyClock Clock { get; } = new();

    public RunningApp App { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Further configuration, from the next start on.</summary>
    public string[] Settings { get; set; } = [];

    /// <summary>What stands in for a part of the service.</summary>
    public Action<WebApplicationBuilder>? Configure { get; init; }

    public virtual async Task InitializeAsync()
    {
        App = await StartAnotherAsync(Settings);
        Http = App.Client();
    }

    /// <summary>One more instance on the same data.</summary>
    public Task<RunningApp> StartAnotherAsync(params string[] settings) => StartAnotherAsync(Configure, settings);

    /// <inheritdoc cref="StartAnotherAsync(string[])"/>
    public async Task<RunningApp> StartAnotherAsync(Action<WebApplicationBuilder>? configure, params string[] settings) => await RunningApp.StartAsync(
        args => FrameApp.Build(args, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(Clock);
            configure?.Invoke(builder);
        }), Data, [.. await DatabaseAsync(), .. settings]);

    /// <summary>Ends the service and starts it again on the same data.</summary>
    public async Task RestartAsync()
    {
        await App.DisposeAsync();
        await InitializeAsync();
    }

    /// <summary>Ends the service, removes its rows and some files, and starts it again.</summary>
    public async Task LoseDatabaseAsync(params string[] besides)
    {
        await App.DisposeAsync();
        await DropAsync();
        foreach (var file in besides) File.Delete(file);
        await InitializeAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await App.DisposeAsync();
        Data.Dispose();
    }

    protected virtual Task<string[]> DatabaseAsync() => Task.FromResult<string[]>([]);

    protected virtual Task DropAsync()
    {
        // A pooled connection would go on with the deleted file.
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(Data.Path, "frames*.db*")) File.Delete(file);
        return Task.CompletedTask;
    }
}

/// <summary>The same with its rows in a PostgreSQL database of its own.</summary>
public class FrameServiceOnPostgres : RunningFrameService
{
    private TestDatabase? _database;

    public string ConnectionString => _database!.ConnectionString;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }

    protected override async Task<string[]> DatabaseAsync()
    {
        _database ??= await PostgresServer.NewDatabaseAsync();
        return _database.Settings;
    }

    protected override async Task DropAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("DROP SCHEMA frames CASCADE", connection);
        await command.ExecuteNonQueryAsync();
    }
}
