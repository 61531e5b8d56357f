using System.Data.Common;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameVideo.Jobs.Tests;

/// <summary>An empty place for one test's tables, and any number of services on it.</summary>
public interface ITestPlace : IAsyncDisposable
{
    /// <summary>A service of its own: its pool, its gate, its way to the schema.</summary>
    internal TestService Open();
}

/// <summary>What <c>AddDatabase</c> registers, without a host.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly SchemaEngine _engine;
    private readonly ServiceDatabase _database;

    public TestService(SchemaEngine engine)
    {
        TypeHandlers.Register();
        _engine = engine;
        _database = new ServiceDatabase(engine.CreateDataSource());
        Schema = new DatabaseSchema(engine, _database);
    }

    public DatabaseSchema Schema { get; }

    public DbDataSource Database => _database;

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        if (_engine is IAsyncDisposable engine) await engine.DisposeAsync();
    }
}

public sealed class SqlitePlace : ITestPlace
{
    private readonly TempFolder _folder = new();

    TestService ITestPlace.Open() => new(new SqliteSchema($"Data Source={_folder.Combine("test.db")};Default Timeout=30", typeof(SqlitePlace).Assembly));

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class PostgresPlace(TestDatabase database) : ITestPlace
{
    public static async Task<ITestPlace> NewAsync() => new PostgresPlace(await PostgresServer.NewDatabaseAsync());

    TestService ITestPlace.Open() => Open(new DatabaseOptions { ConnectionString = database.ConnectionString });

    public ValueTask DisposeAsync() => database.DisposeAsync();

    internal static TestService Open(DatabaseOptions options)
    {
        options.Kind = DatabaseOptions.Postgres;
        options.Schema = "things";
        return new TestService(new PostgresSchema(options, typeof(PostgresPlace).Assembly));
    }
}
