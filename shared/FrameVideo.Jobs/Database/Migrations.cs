using System.Reflection;
using DbUp;
using Microsoft.Data.Sqlite;

namespace FrameVideo.Jobs;

/// <summary>Applies the numbered scripts that a database has not seen, each once, in a transaction, its name recorded.</summary>
internal static class Migrations
{
    public static void Run(string connectionString, Assembly scripts)
    {
        using (var connection = new SqliteConnection(connectionString))
        {
            connection.Open();
            using var wal = connection.CreateCommand();
            wal.CommandText = "PRAGMA journal_mode = wal";
            wal.ExecuteNonQuery();
        }

        var result = DeployChanges.To
            .SqliteDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(scripts, script => script.Contains(".Database.Sqlite.", StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful) throw new InvalidOperationException($"The schema script {result.ErrorScript?.Name} failed.", result.Error);
    }
}
