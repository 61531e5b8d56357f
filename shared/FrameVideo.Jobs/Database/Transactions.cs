using System.Data.Common;

namespace FrameVideo.Jobs;

/// <summary>Runs a few statements as one.</summary>
public static class Transactions
{
    /// <summary>Opens a connection and a transaction, runs the statements and commits; any exception rolls back. SQLite takes its write lock at the start.</summary>
    public static async Task<T> WriteAsync<T>(this DbDataSource database, Func<DbTransaction, Task<T>> statements, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(statements);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await statements(transaction);
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public static Task WriteAsync(this DbDataSource database, Func<DbTransaction, Task> statements, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(statements);
        return database.WriteAsync<bool>(
            async transaction =>
            {
                await statements(transaction);
                return true;
            },
            cancellationToken);
    }
}
