using System.Data.Common;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FrameVideo.Jobs;

/// <summary>Gives a service its own database. <see cref="DbDataSource"/> is the seam: no code above knows the engine.</summary>
public static class DatabaseRegistration
{
    /// <summary>
    /// Registers the data source that <c>Database:Kind</c> names: <c>sqlite</c>, the default, <c>&lt;Data:Folder&gt;/&lt;name&gt;.db</c>; or <c>postgres</c>, a schema of
    /// the service's own. Its schema is brought up to date as the first thing that the app does when it starts, so this comes before every other hosted service.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="name">The database's name.</param>
    /// <param name="scripts">The assembly with the numbered scripts, embedded under <c>Database/&lt;Engine&gt;/</c>.</param>
    /// <exception cref="InvalidOperationException">The kind is not known, or another value is not allowed.</exception>
    public static void AddDatabase(this WebApplicationBuilder builder, string name, Assembly scripts)
    {
        ArgumentNullException.ThrowIfNull(builder);
        TypeHandlers.Register();
        var options = DatabaseOptions.Read(builder.Configuration, name);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<SchemaEngine>(_ => options.Kind switch
        {
            DatabaseOptions.Sqlite => new SqliteSchema(SqliteFile(builder.Configuration, name), scripts),
            DatabaseOptions.Postgres => new PostgresSchema(options, scripts),
            _ => throw new InvalidOperationException($"Database:Kind is '{options.Kind}'."),
        });
        services.AddSingleton(provider => new ServiceDatabase(provider.GetRequiredService<SchemaEngine>().CreateDataSource()));
        services.AddSingleton<DbDataSource>(provider => provider.GetRequiredService<ServiceDatabase>());
        services.AddSingleton(provider => new DatabaseSchema(provider.GetRequiredService<SchemaEngine>(), provider.GetRequiredService<ServiceDatabase>()));
        services.AddHostedService<DatabaseStart>();
        services.AddHealthChecks().AddCheck<DatabaseHealth>("database", tags: ["ready"]);
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
