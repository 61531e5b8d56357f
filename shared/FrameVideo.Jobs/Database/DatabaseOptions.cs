using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FrameVideo.Jobs;

/// <summary>Which database a service keeps its rows in, and how patiently it is asked. Section <c>Database</c>; most of it is for PostgreSQL.</summary>
public sealed partial class DatabaseOptions : IValidatableObject
{
    /// <summary>The section of the configuration that binds to this.</summary>
    public const string Section = "Database";

    /// <summary>Statements that a connection keeps prepared: more than a service has that come often.</summary>
    private const int PreparedStatements = 100;

    /// <summary>A file of the data folder, for one process.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A server, for any number of instances.</summary>
    public const string Postgres = "postgres";

    /// <summary><c>sqlite</c> (the default) or <c>postgres</c>.</summary>
    public string Kind { get; set; } = Sqlite;

    /// <summary>
    /// Where the server is and who calls, in Npgsql's words (<c>Host=...;Database=...;Username=...;Password=...</c>). Needed for PostgreSQL; both services may
    /// be given the same. Advisory locks of a session are used, so a pooler between has to pool sessions, not transactions.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>The schema that is the service's own, with all of its tables: <c>[a-z_][a-z0-9_]*</c>, at most 63 characters. By default the service's name, <c>frames</c> or <c>videos</c>.</summary>
    public string Schema { get; set; } = "";

    /// <summary>The most connections that one instance holds: 2 to 500, default 20. All instances together have to stay below the server's <c>max_connections</c>.</summary>
    [Range(2, 500)]
    public int MaxPoolSize { get; set; } = 20;

    /// <summary>The longest that one statement runs, on the server: 0.1 s to 5 minutes, default 10 s. Half of it is the longest wait for a lock.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait for a connection, new or from the pool: 1 s to 1 minute, in whole seconds, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a starting service brings the schema up to date; default true. Else it waits, not ready, until the command <c>migrate</c> has done so.</summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Kind == Sqlite) yield break;
        if (string.IsNullOrWhiteSpace(ConnectionString)) yield return new ValidationResult("Database:ConnectionString is needed where Database:Kind is postgres.", [nameof(ConnectionString)]);
        else if (!CanBeRead(ConnectionString)) yield return new ValidationResult("Database:ConnectionString cannot be read, or names no Host; it looks like Host=...;Database=...;Username=...;Password=...", [nameof(ConnectionString)]);
        if (!SchemaName().IsMatch(Schema)) yield return new ValidationResult("Database:Schema is [a-z_][a-z0-9_]*, at most 63 characters.", [nameof(Schema)]);
    }

    /// <summary>Reads and checks the section.</summary>
    /// <param name="configuration">The service's.</param>
    /// <param name="name">The service's name for its data, which is the schema's where nobody says otherwise.</param>
    /// <exception cref="InvalidOperationException">A value is not allowed; every one is named.</exception>
    public static DatabaseOptions Read(IConfiguration configuration, string name)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var options = configuration.GetSection(Section).Get<DatabaseOptions>() ?? new DatabaseOptions();
        if (options.Schema.Length == 0) options.Schema = name;
        if (options.Kind is not (Sqlite or Postgres)) throw new InvalidOperationException($"Database:Kind is '{options.Kind}'; allowed: {Sqlite}, {Postgres}.");
        var wrong = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true)
            ? options
            : throw new InvalidOperationException(string.Join(" ", wrong.Select(one => one.ErrorMessage)));
    }

    /// <summary>The server as the service calls it: its own schema alone, and every wait with an end.</summary>
    internal NpgsqlConnectionStringBuilder ForService()
    {
        var builder = ForMigrations();
        builder.CommandTimeout = Seconds(StatementTimeout) + 2;
        // What is asked again and again is parsed and planned once for each connection; that and the reset took the server longer than the answers. Nothing is left behind on a connection that
        // would have to be reset: no settings are made, locks of a session are let go by who took them, a transaction is rolled back all the same. The connection string may say otherwise.
        if (!builder.ShouldSerialize("Max Auto Prepare")) builder.MaxAutoPrepare = PreparedStatements;
        if (!builder.ShouldSerialize("No Reset On Close")) builder.NoResetOnClose = true;
        var (statement, wait) = ((long)StatementTimeout.TotalMilliseconds, (long)StatementTimeout.TotalMilliseconds / 2);
        builder.Options = string.Create(
            CultureInfo.InvariantCulture, $"{builder.Options} -c statement_timeout={statement} -c lock_timeout={wait} -c idle_in_transaction_session_timeout={3 * statement}").Trim();
        return builder;
    }

    /// <summary>The same without limits for statements: a change of the schema takes its time, and so may the other instance that is at it.</summary>
    internal NpgsqlConnectionStringBuilder ForMigrations()
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = Schema, MaxPoolSize = MaxPoolSize, Timeout = Seconds(ConnectTimeout), CommandTimeout = 0, Enlist = false };
        builder.MinPoolSize = Math.Min(builder.MinPoolSize, builder.MaxPoolSize);
        builder.ApplicationName ??= $"framevideo-{Schema}";
        return builder;
    }

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    private static bool CanBeRead(string text)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Its words may hold a part of the password.
            return false;
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SchemaName();
}
