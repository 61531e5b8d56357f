using System.Data.Common;
using Dapper;
using Npgsql;

namespace FrameVideo.Jobs;

/// <summary>A lock by name among the instances of one service, held by a connection: it goes when that ends, whatever has become of its process.</summary>
public sealed class AdvisoryLock : IAsyncDisposable
{
    /// <summary>The number for a <c>@name</c>: two services in one database do not meet.</summary>
    internal const string Key = "hashtextextended(current_schema() || '/' || @name, 0)";

    private readonly DbConnection? _connection;
    private readonly string _name;

    private AdvisoryLock(DbConnection? connection, string name) => (_connection, _name) = (connection, name);

    /// <summary>Takes the lock if nobody has it; null where another instance does. On SQLite there is one instance, so it always has it.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    public static async Task<AdvisoryLock?> TryTakeAsync(DbDataSource database, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        DbConnection? connection = null;
        try
        {
            connection = await database.OpenConnectionAsync(cancellationToken);
            var isTaken = connection is not NpgsqlConnection
                || await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"SELECT pg_try_advisory_lock({Key})", new { name }, cancellationToken: cancellationToken));
            if (isTaken && connection is NpgsqlConnection) return new AdvisoryLock(connection, name);
            await connection.DisposeAsync();
            return isTaken ? new AdvisoryLock(null, name) : null;
        }
        catch (Exception failure)
        {
            if (connection is not null) await connection.DisposeAsync();
            if (failure is DbException lost and not DatabaseUnavailableException && DatabaseFailures.IsOutage(lost)) throw new DatabaseUnavailableException(DatabaseFailures.Sentence(lost), lost);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is null) return;
        try
        {
            await _connection.ExecuteAsync($"SELECT pg_advisory_unlock({Key})", new { name = _name });
        }
        catch (DbException)
        {
            await EndAsync(_connection);
        }
        finally
        {
            await _connection.DisposeAsync();
        }
    }

    /// <summary>A connection that lives on in the pool would keep the lock.</summary>
    private static async Task EndAsync(DbConnection connection)
    {
        try
        {
            await connection.ExecuteAsync("SELECT pg_terminate_backend(pg_backend_pid())");
        }
        catch (DbException)
        {
            // It has ended: with the connection goes the lock.
        }
    }
}
