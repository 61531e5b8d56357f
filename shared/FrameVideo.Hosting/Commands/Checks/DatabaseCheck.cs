using System.Data.Common;
using System.Runtime.CompilerServices;
using FrameVideo.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Hosting;

/// <summary>Whether the database answers, which one it is, and whether its schema is the service's.</summary>
public sealed class DatabaseCheck : IConfigurationCheck
{
    /// <inheritdoc/>
    public string Subject => "database";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Finding> RunAsync(CommandContext context, IServiceProvider services, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var kind = context.Settings["Database:Kind"] ?? "sqlite";
        await using (var connection = await services.GetRequiredService<DbDataSource>().OpenConnectionAsync(cancellationToken))
            yield return Finding.Ok(Subject, $"{kind} {connection.ServerVersion} answers: {connection.DataSource}{(connection.Database is { Length: > 0 } and not "main" ? $"/{connection.Database}" : "")}");
        var pending = services.GetRequiredService<DatabaseSchema>().Pending();
        yield return pending.Count == 0 ? Finding.Ok("schema", "up to date")
            : bool.TryParse(context.Settings["Database:MigrateAtStart"], out var atStart) && !atStart ? Finding.Failed("schema", $"{pending.Count} scripts are pending ({pending[0]} first); run `migrate`.")
            : Finding.Warning("schema", $"{pending.Count} scripts are pending ({pending[0]} first); the service applies them at its start, or run `migrate`.");
    }
}
