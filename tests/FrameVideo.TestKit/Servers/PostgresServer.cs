namespace FrameVideo.TestKit.Servers;

/// <summary>
/// One PostgreSQL server for the test process, started at its first use and ended with the process; or the one of <c>FRAMEVIDEO_TEST_POSTGRES</c>, the
/// connection string of a role that may create databases.
/// </summary>
public static class PostgresServer
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("FRAMEVIDEO_TEST_POSTGRES") is { Length: > 0 } text ? text : null;
    private static readonly Lazy<Task<OwnPostgres>> Own = new(() => OwnPostgres.StartAsync(fsync: false));

    /// <summary>Why there can be none, or null.</summary>
    internal static string? Missing => Given is null && Programs.Postgres is null ? "PostgreSQL is missing; tests/ensure-servers installs it." : null;

    /// <summary>A fresh, empty database.</summary>
    public static async Task<TestDatabase> NewDatabaseAsync() => await TestDatabase.CreateAsync(Given ?? (await Own.Value).ConnectionString);
}
