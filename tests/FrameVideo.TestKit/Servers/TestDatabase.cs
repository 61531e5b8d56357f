using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace FrameVideo.TestKit.Servers;

/// <summary>A database of a test's own, dropped on disposal even while somebody is connected.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;

    private TestDatabase(string server, NpgsqlConnectionStringBuilder own) =>
        (_server, ConnectionString, Host, Port, Name) = (server, own.ConnectionString, own.Host!, own.Port, own.Database!);

    public string ConnectionString { get; }

    /// <summary>A service's configuration for it, <c>Section:Key=value</c>. More patient than by default: on a machine where everything runs at once, late is not away.</summary>
    public string[] Settings => ["Database:Kind=postgres", $"Database:ConnectionString={ConnectionString}", "Database:StatementTimeout=00:02:00", "Database:ConnectTimeout=00:01:00"];

    public string Host { get; }

    public int Port { get; }

    public string Name { get; }

    public async ValueTask DisposeAsync()
    {
        await using (var pooled = new NpgsqlConnection(ConnectionString)) NpgsqlConnection.ClearPool(pooled);
        try
        {
            await RunAsync(_server, $"DROP DATABASE IF EXISTS \"{Name}\" WITH (FORCE)");
        }
        catch (NpgsqlException e) when (e.InnerException is SocketException)
        {
            // A test may have stopped its own server, whose folder goes as a whole.
        }
    }

    internal static async Task<TestDatabase> CreateAsync(string server)
    {
        var own = new NpgsqlConnectionStringBuilder(server) { Database = $"test_{RandomNumberGenerator.GetHexString(16, lowercase: true)}" };
        // Of all templates the one to which nobody can be connected, which would refuse the copy.
        await RunAsync(server, $"CREATE DATABASE \"{own.Database}\" TEMPLATE template0");
        return new TestDatabase(server, own);
    }

    private static async Task RunAsync(string server, string statement)
    {
        // Not from a pool: a test may have restarted the server.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
