using System.Reflection;
using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;

namespace FrameVideo.Jobs;

/// <summary>The schema of a service's database: numbered scripts, each applied once, in a transaction, its name recorded.</summary>
public sealed class DatabaseSchema
{
    private readonly string _connectionString;
    private readonly Assembly _scripts;

    internal DatabaseSchema(string connectionString, Assembly scripts) => (_connectionString, _scripts) = (connectionString, scripts);

    /// <summary>The scripts that the database has not seen, in their order.</summary>
    public IReadOnlyList<string> Pending() => [.. Engine().GetScriptsToExecute().Select(ShortName)];

    /// <summary>Applies what is pending, and answers which scripts that were. Two at once are fine: each script is applied by one of them.</summary>
    /// <exception cref="InvalidOperationException">A script failed.</exception>
    public IReadOnlyList<string> BringUpToDate()
    {
        using (var connection = new SqliteConnection(_connectionString))
        {
            connection.Open();
            using var wal = connection.CreateCommand();
            wal.CommandText = "PRAGMA journal_mode = wal";
            wal.ExecuteNonQuery();
        }

        var applied = new List<string>();
        while (true)
        {
            var before = Pending().Count;
            var result = Engine().PerformUpgrade();
            applied.AddRange(result.Scripts.Select(ShortName));
            if (result.Successful) return applied;
            // Another process applied the script at the same moment: go on after it.
            if (Pending().Count >= before) throw new InvalidOperationException($"The schema script {ShortName(result.ErrorScript)} failed: {result.Error?.Message}", result.Error);
        }
    }

    private UpgradeEngine Engine() => DeployChanges.To
        .SqliteDatabase(_connectionString)
        .WithScriptsEmbeddedInAssembly(_scripts, script => script.Contains(".Database.Sqlite.", StringComparison.Ordinal))
        .WithTransactionPerScript()
        .LogToNowhere()
        .Build();

    /// <summary>Without the assembly's part of the name.</summary>
    private static string ShortName(SqlScript? script)
    {
        var parts = script?.Name.Split('.') ?? [];
        return parts.Length < 2 ? script?.Name ?? "" : $"{parts[^2]}.{parts[^1]}";
    }
}
