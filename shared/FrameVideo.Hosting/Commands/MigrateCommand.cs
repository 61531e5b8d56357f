using FrameVideo.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Hosting;

/// <summary>Brings the schema of the service's database up to date, under an account that may do so; the service itself can then run with <c>Database:MigrateAtStart=false</c>.</summary>
public sealed class MigrateCommand : OperatorCommand
{
    /// <inheritdoc/>
    public override string Name => "migrate";

    /// <inheritdoc/>
    public override string Description => "Brings the database's schema up to date and says which scripts ran. Several at once are fine.";

    /// <inheritdoc/>
    protected override async Task<bool> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var applied = await context.Compose().GetRequiredService<DatabaseSchema>().MigrateAsync(cancellationToken);
        foreach (var script in applied) context.Say($"applied {ScriptName(script)}");
        if (applied.Count == 0) context.Say("up to date");
        return true;
    }

    /// <summary>Without the assembly's part of the name.</summary>
    internal static string ScriptName(string script) => script.Split('.') is [.., var name, var extension] ? $"{name}.{extension}" : script;
}
