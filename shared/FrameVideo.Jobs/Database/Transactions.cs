using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Dapper;
using FrameVideo.Telemetry;
using Microsoft.Data.Sqlite;
using Npgsql;
using Polly;
using Polly.Retry;

namespace FrameVideo.Jobs;

/// <summary>
/// The one way to the rows. What fails for a reason that has passed is run again at once; an outage is a <see cref="DatabaseUnavailableException"/>, never an empty
/// answer; a statement that is wrong throws as it is.
/// </summary>
public static class Transactions
{
    private static readonly ConditionalWeakTable<DbTransaction, List<Action>> AfterCommit = [];

    private static readonly ResiliencePipeline Again = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            Name = "broken connection",
            ShouldHandle = new PredicateBuilder().Handle<DbException>(DatabaseFailures.IsBrokenConnection),
            MaxRetryAttempts = 1,
            Delay = TimeSpan.Zero,
        })
        .AddRetry(new RetryStrategyOptions
        {
            Name = "conflict",
            ShouldHandle = new PredicateBuilder().Handle<DbException>(DatabaseFailures.IsConflict),
            MaxRetryAttempts = 5,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(10),
        })
        .Build();

    /// <summary>Opens a connection and reads. The statements may run twice.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    public static async Task<T> ReadAsync<T>(this DbDataSource database, Func<DbConnection, Task<T>> statements, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(statements);
        try
        {
            // Once without the pipeline of attempts: nearly every reading needs no second one.
            return await ReadOnceAsync(database, statements, cancellationToken);
        }
        catch (DbException failure) when (DatabaseFailures.IsBrokenConnection(failure) || DatabaseFailures.IsConflict(failure))
        {
            return await RunAsync(token => new ValueTask<T>(ReadOnceAsync(database, statements, token)), cancellationToken);
        }
        catch (DbException failure) when (failure is not DatabaseUnavailableException && DatabaseFailures.IsOutage(failure))
        {
            throw new DatabaseUnavailableException(DatabaseFailures.Sentence(failure), failure);
        }
    }

    /// <summary>
    /// Opens a connection and a transaction, runs the statements and commits; any exception rolls back. SQLite takes its write lock at the start; PostgreSQL lets
    /// transactions interleave (READ COMMITTED), so statements take the rows that they decide by first. They may run several times, so they change nothing but rows.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer. Where it fell silent during the commit nobody knows whether that happened; it is not tried again.</exception>
    public static Task<T> WriteAsync<T>(this DbDataSource database, Func<DbTransaction, Task<T>> statements, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(statements);
        return RunAsync(
            async token =>
            {
                await using var connection = await OpenAsync(database, token);
                return await Span(connection, "write").RunAsync(async () =>
                {
                    await using var transaction = await connection.BeginTransactionAsync(token);
                    var result = await statements(transaction);
                    await CommitAsync(transaction);
                    if (AfterCommit.TryGetValue(transaction, out var actions)) actions.ForEach(action => action());
                    return result;
                });
            },
            cancellationToken);
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

    /// <summary>Runs something short as soon as the transaction has been committed, and never if it is not: a hint to somebody else in this process. It throws nothing.</summary>
    public static void OnCommit(this DbTransaction transaction, Action action)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        AfterCommit.GetOrCreateValue(transaction).Add(action);
    }

    /// <summary>
    /// Makes transactions that take the same name wait for each other until their end, where no row stands for what they decide by. What the ones before have
    /// committed is seen by the statements after this. SQLite's write lock does the same for all.
    /// </summary>
    public static async Task LockAsync(this DbTransaction transaction, string name)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction is NpgsqlTransaction)
            await transaction.Connection!.ExecuteAsync($"SELECT pg_advisory_xact_lock({AdvisoryLock.Key})", new { name }, transaction);
    }

    /// <summary>SQLite's own: Npgsql tells each of its statements itself.</summary>
    private static Activity? Span(DbConnection connection, string operation) => connection is SqliteConnection
        ? Tracing.Begin($"sqlite {operation}", ActivityKind.Client)
            ?.SetTag("db.system.name", "sqlite").SetTag("db.operation.name", operation).SetTag("db.namespace", Path.GetFileNameWithoutExtension(connection.DataSource))
        : null;

    private static async Task<T> ReadOnceAsync<T>(DbDataSource database, Func<DbConnection, Task<T>> statements, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        return connection is SqliteConnection ? await Span(connection, "read").RunAsync(() => statements(connection)) : await statements(connection);
    }

    private static async Task<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> statements, CancellationToken cancellationToken)
    {
        try
        {
            return await Again.ExecuteAsync(statements, cancellationToken);
        }
        catch (DbException failure) when (failure is not DatabaseUnavailableException && DatabaseFailures.IsOutage(failure))
        {
            throw new DatabaseUnavailableException(DatabaseFailures.Sentence(failure), failure);
        }
    }

    private static async Task<DbConnection> OpenAsync(DbDataSource database, CancellationToken cancellationToken)
    {
        try
        {
            return await database.OpenConnectionAsync(cancellationToken);
        }
        catch (DbException failure) when (failure is not DatabaseUnavailableException && DatabaseFailures.IsOutage(failure))
        {
            // Nobody is there to be asked a second time.
            throw new DatabaseUnavailableException(DatabaseFailures.Sentence(failure), failure);
        }
    }

    private static async Task CommitAsync(DbTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (DbException failure) when (DatabaseFailures.IsConflict(failure) || !DatabaseFailures.IsOutage(failure))
        {
            // The server itself has said that nothing was kept.
            throw;
        }
        catch (Exception failure) when (failure is DbException or InvalidOperationException or IOException)
        {
            throw new DatabaseUnavailableException("The database fell silent while it was told to keep what was written; nobody knows whether it did.", failure);
        }
    }
}
