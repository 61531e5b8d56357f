using System.Data.Common;
using System.Reflection;
using DbUp;
using DbUp.Builder;
using Microsoft.Data.Sqlite;

namespace FrameVideo.Jobs;

/// <summary>The schema of a SQLite file.</summary>
internal sealed class SqliteSchema(string connectionString, Assembly scripts) : SchemaEngine(scripts)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override string Folder => "Sqlite";

    public override async Task<IAsyncDisposable> LockAsync(CancellationToken cancellationToken)
    {
        var turn = await TakeTurnAsync(new SqliteConnectionStringBuilder(connectionString).DataSource + ".lock", cancellationToken);
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var wal = connection.CreateCommand();
        wal.CommandText = "PRAGMA journal_mode = wal";
        await wal.ExecuteNonQueryAsync(cancellationToken);
        return turn;
    }

    public override DbDataSource CreateDataSource() => SqliteFactory.Instance.CreateDataSource(connectionString);

    protected override UpgradeEngineBuilder Builder() => DeployChanges.To.SqliteDatabase(connectionString);

    /// <summary>SQLite's own locks end with each transaction, and the upgrade has one for each script: a file beside is locked for the whole of it.</summary>
    private static async Task<FileStream> TakeTurnAsync(string file, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException taken) when (taken is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}
