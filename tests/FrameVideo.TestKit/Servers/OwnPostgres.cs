using System.Security.Cryptography;
using Npgsql;

namespace FrameVideo.TestKit.Servers;

/// <summary>A PostgreSQL server of one test's own, which can be broken.</summary>
public sealed class OwnPostgres : IAsyncDisposable
{
    private const string Role = "framevideo";
    private static readonly Dictionary<string, string> Neutral = new(StringComparer.Ordinal) { ["LC_ALL"] = "C", ["TZ"] = "UTC" };

    private readonly ServerFolder _folder = new();
    private readonly string _password = RandomNumberGenerator.GetHexString(24);
    private readonly bool _fsync;
    private readonly string _buffers;
    private HeldProcess? _server;

    private OwnPostgres(bool fsync, string buffers) => (_fsync, _buffers) = (fsync, buffers);

    public int Port { get; private set; } = Ports.Free();

    /// <summary>Of a role that may do everything, to the database <c>postgres</c>.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = Role, Password = _password, Database = "postgres" }.ConnectionString;

    /// <summary>What the server has written, all its lives together.</summary>
    public string Log => File.ReadAllText(_folder.Combine("log"));

    private string Data => _folder.Combine("data");

    /// <summary>Makes a cluster in a temporary folder and starts it.</summary>
    /// <param name="fsync">Whether what is committed survives a crash of the machine, at a price; without it, only an end of the server's own.</param>
    /// <param name="buffers">What it keeps in memory of its own, <c>shared_buffers</c>; a quarter of the machine's is usual for a server that does nothing else.</param>
    public static async Task<OwnPostgres> StartAsync(bool fsync, string buffers = "64MB")
    {
        var own = new OwnPostgres(fsync, buffers);
        try
        {
            await own.CreateAsync();
            await own.StartAgainAsync();
            return own;
        }
        catch
        {
            await own.DisposeAsync();
            throw;
        }
    }

    public Task<TestDatabase> NewDatabaseAsync() => TestDatabase.CreateAsync(ConnectionString);

    /// <summary>Ends the server and starts it again on the same port.</summary>
    /// <param name="immediate">As <c>pg_ctl stop -m immediate</c>, which is a crash that is recovered from; else <c>-m fast</c>.</param>
    public async Task RestartAsync(bool immediate)
    {
        await StopAsync(immediate);
        await StartAgainAsync();
    }

    /// <inheritdoc cref="RestartAsync"/>
    public async Task StopAsync(bool immediate)
    {
        if (_server is not { } server) return;
        _server = null;
        // The signals that pg_ctl sends.
        await server.EndAsync(immediate ? "QUIT" : "INT");
    }

    public async Task StartAgainAsync()
    {
        _server = HeldProcess.Start(
            _folder.Combine("log"), "QUIT", Neutral, [.. AsServer("postgres"), "-D", Data, "-c", $"port={Port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={_folder.Path}",
            "-c", $"fsync={OnOff(_fsync)}", "-c", $"full_page_writes={OnOff(_fsync)}", "-c", $"synchronous_commit={OnOff(_fsync)}", "-c", "max_connections=200", "-c", $"shared_buffers={_buffers}",
            "-c", "max_wal_size=256MB", "-c", "logging_collector=off"]);
        await Wait.UntilAsync(AnswersAsync, "PostgreSQL to answer");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(immediate: true);
        await _folder.DisposeAsync();
    }

    private async Task CreateAsync()
    {
        await File.WriteAllTextAsync(_folder.Combine("password"), _password);
        if (Environment.IsPrivilegedProcess) await Programs.RunAsync(Neutral, "chown", "-R", "postgres", _folder.Path);
        await Programs.RunAsync(Neutral, [.. AsServer("initdb"), "--no-sync", "--no-instructions", "-D", Data, "-U", Role, "-E", "UTF8", "--locale=C", "--auth=scram-sha-256", $"--pwfile={_folder.Combine("password")}"]);
    }

    private async Task<bool> AnswersAsync()
    {
        if (_server!.HasEnded) throw new InvalidOperationException($"PostgreSQL ended at its start: {_server.Log}");
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=5");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // PostgreSQL refuses root. setpriv replaces itself by the program, so that signals arrive.
    private static string[] AsServer(string program)
    {
        var path = Path.Combine(Programs.Postgres ?? throw new InvalidOperationException("PostgreSQL is missing; tests/ensure-servers installs it."), program);
        return Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", path] : [path];
    }

    private static string OnOff(bool on) => on ? "on" : "off";
}
