using System.Data.Common;
using System.Reflection;
using Dapper;
using DbUp.Builder;
using DbUp.Engine;
using DbUp.Postgresql;
using Npgsql;

namespace FrameVideo.Jobs;

/// <summary>A PostgreSQL schema of the service's own, the queue's tables among the others.</summary>
internal sealed class PostgresSchema(DatabaseOptions options, Assembly scripts) : SchemaEngine(scripts), IAsyncDisposable
{
    // A few connections for a moment. Not pooled: one that is put back into its pool keeps its locks until somebody takes it out again.
    private readonly NpgsqlDataSource _unlimited = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(options.ForMigrations().ConnectionString) { Pooling = false });

    protected override string Folder => "Postgres";

    /// <inheritdoc/>
    /// <remarks>An advisory lock of a session: a process that dies lets it go.</remarks>
    public override async Task<IAsyncDisposable> LockAsync(CancellationToken cancellationToken)
    {
        var connection = await _unlimited.OpenConnectionAsync(cancellationToken);
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "SELECT pg_advisory_lock(hashtextextended('framevideo schema ' || @Schema, 0))", new { options.Schema }, cancellationToken: cancellationToken));
            // CREATE SCHEMA wants the right to make schemas even where it would find it there.
            var isThere = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                "SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = @Schema)", new { options.Schema }, cancellationToken: cancellationToken));
            if (!isThere) await connection.ExecuteAsync(new CommandDefinition($"CREATE SCHEMA \"{options.Schema}\"", cancellationToken: cancellationToken));
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override DbDataSource CreateDataSource()
    {
        // Spans and metrics name it; without a name they would show the connection string. A statement's own span says enough: not when its first row came.
        var builder = new NpgsqlDataSourceBuilder(options.ForService().ConnectionString) { Name = options.Schema };
        return builder.ConfigureTracing(tracing => tracing.EnableFirstResponseEvent(enable: false).EnablePhysicalOpenTracing(enable: false)).Build();
    }

    public ValueTask DisposeAsync() => _unlimited.DisposeAsync();

    protected override UpgradeEngineBuilder Builder() =>
        PostgresqlExtensions.PostgresqlDatabase(new PostgresqlConnectionManager(_unlimited), options.Schema).WithScript(QueueTables());

    /// <summary>
    /// The queue could make its own tables, but whoever migrates by hand wants them all made, and a service without the right to make tables has to start. The
    /// script is the one that the library of this version runs itself.
    /// </summary>
    private SqlScript QueueTables()
    {
        var library = typeof(Quartz.IScheduler).Assembly;
        using var stream = library.GetManifestResourceStream("Quartz.Impl.AdoJobStore.Schema.create_postgres.sql")
            ?? throw new InvalidOperationException($"{library.GetName()} has no script for PostgreSQL.");
        using var reader = new StreamReader(stream);
        var script = reader.ReadToEnd()
            .Replace("--;;", "", StringComparison.Ordinal)
            .Replace("{0}", QueuePrefix(options.Schema), StringComparison.Ordinal)
            .Replace("{1}", "qrtz_", StringComparison.Ordinal);
        return new SqlScript("Quartz 4", script);
    }

    /// <summary>What the names of the queue's tables begin with.</summary>
    internal static string QueuePrefix(string schema) => $"{schema}.qrtz_";
}
