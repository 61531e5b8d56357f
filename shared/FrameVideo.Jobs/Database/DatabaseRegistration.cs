using System.Data.Common;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FrameVideo.Jobs;

/// <summary>Gives a service its own database. <see cref="DbDataSource"/> is the seam: no code above knows the engine.</summary>
public static class DatabaseRegistration
{
    /// <summary>
    /// Registers the data source that <c>Database:Kind</c> names (<c>sqlite</c>, the default: <c>&lt;Data:Folder&gt;/&lt;name&gt;.db</c>) and brings its
    /// schema up to date at once, so that nothing runs on an old one; <c>Database:MigrateAtStart=false</c> leaves that to the command <c>migrate</c>.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="name">The database's name.</param>
    /// <param name="scripts">The assembly with the numbered scripts, embedded under <c>Database/&lt;Engine&gt;/</c>.</param>
    /// <exception cref="InvalidOperationException">The kind is not known.</exception>
    public static void AddDatabase(this WebApplicationBuilder builder, string name, Assembly scripts)
    {
        ArgumentNullException.ThrowIfNull(builder);
        TypeHandlers.Register();
        var kind = builder.Configuration["Database:Kind"] ?? "sqlite";
        if (kind != "sqlite") throw new InvalidOperationException($"Database:Kind is '{kind}'; allowed: sqlite.");
        var connectionString = SqliteFile(builder.Configuration, name);
        var schema = new DatabaseSchema(connectionString, scripts);
        if (builder.Configuration.GetValue("Database:MigrateAtStart", true)) schema.BringUpToDate();
        builder.Services.AddSingleton(schema);
        builder.Services.AddSingleton(SqliteFactory.Instance.CreateDataSource(connectionString));
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
    }

    /// <summary>Asks the database.</summary>
    private sealed class DatabaseHealth(DbDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1";
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }

    /// <summary>The connection string of a file in the service's data folder. Microsoft.Data.Sqlite waits up to the default time-out, 30 s, for a lock.</summary>
    internal static string SqliteFile(IConfiguration configuration, string name)
    {
        var folder = Path.GetFullPath(configuration["Data:Folder"] ?? "data");
        Directory.CreateDirectory(folder);
        return new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, $"{name}.db"),
            ForeignKeys = true,
            DefaultTimeout = 30,
        }.ToString();
    }
}
