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
        var options = services.GetRequiredService<DatabaseOptions>();
        var pending = await services.GetRequiredService<DatabaseSchema>().PendingAsync(cancellationToken);
        if (pending.Count > 0)
        {
            yield return Finding.Ok(Subject, $"{options.Kind} answers");
            var behind = $"{pending.Count} scripts are pending, {MigrateCommand.ScriptName(pending[0])} first";
            yield return options.MigrateAtStart ? Finding.Warning("schema", $"{behind}; the service applies them at its start, or run `migrate`.") : Finding.Failed("schema", $"{behind}; run `migrate`.");
            yield break;
        }

        await using var connection = await services.GetRequiredService<DbDataSource>().OpenConnectionAsync(cancellationToken);
        yield return Finding.Ok(Subject, $"{options.Kind} {connection.ServerVersion} answers: {connection.DataSource}{(options.Kind == DatabaseOptions.Postgres ? $"/{connection.Database}, schema {options.Schema}" : "")}");
        yield return Finding.Ok("schema", "up to date");
    }
}
