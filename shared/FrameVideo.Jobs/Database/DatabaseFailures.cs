using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace FrameVideo.Jobs;

/// <summary>
/// What a failed statement means: the database is away or out of something (an outage), the transaction lost against another one (a conflict), or the
/// statement is wrong, which is a fault of ours.
/// </summary>
/// <remarks>Codes: PostgreSQL, appendix A; SQLite, "Result and Error Codes".</remarks>
internal static class DatabaseFailures
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>Nothing of the transaction was kept, and the same statements may succeed now: a serialization failure, a deadlock, or a migration that changed what a prepared statement answers.</summary>
    public static bool IsConflict(DbException failure) => failure.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
        // "cached plan must not change result type": the driver prepares it anew next time. The state alone is that of every feature that there is not.
        || failure is PostgresException { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" };

    /// <summary>The connection died, as all pooled ones do with their server; a new one may live. Time-outs are none of these: they have cost enough.</summary>
    public static bool IsBrokenConnection(DbException failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        PostgresException => false,
        NpgsqlException { InnerException: IOException } => true,
        _ => false,
    };

    /// <summary>Whether the database is away, overloaded, full, or lets nobody in; the statement itself says nothing wrong.</summary>
    public static bool IsOutage(DbException failure) => failure switch
    {
        DatabaseUnavailableException => true,
        PostgresException postgres => IsConflict(postgres) || postgres.SqlState is PostgresErrorCodes.LockNotAvailable or IdleInTransactionTimeout
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction
            || postgres.SqlState[..2] is "08" or "28" or "53" or "57" or "58",
        // Sockets, time-outs, an exhausted pool: whatever the server has not said itself.
        NpgsqlException => true,
        // BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB; and PERM, AUTH for a file of somebody else's.
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 15 or 26 or 3 or 23,
        _ => failure.IsTransient,
    };

    /// <summary>A sentence for operators; no host, user or password.</summary>
    public static string Sentence(DbException failure) => failure switch
    {
        DatabaseUnavailableException known => known.Message,
        { SqlState: [.. "28", _, _, _] } => "PostgreSQL refuses the user or the password of Database:ConnectionString.",
        { SqlState: PostgresErrorCodes.InvalidCatalogName } => "The database that Database:ConnectionString names does not exist.",
        { SqlState: PostgresErrorCodes.InsufficientPrivilege } => "The database does not give the service's role a right that it needs.",
        { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => "The database takes no changes: it is a standby, or read-only.",
        { SqlState: PostgresErrorCodes.TooManyConnections } => "The database has no connection to spare.",
        { SqlState: PostgresErrorCodes.DiskFull } or SqliteException { SqliteErrorCode: 13 } => "The database's disk is full.",
        { SqlState: PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable } => "The database took too long.",
        NpgsqlException { InnerException: TimeoutException } and not PostgresException => "The database took too long, or all connections are in use.",
        SqliteException => "The database's file cannot be used.",
        _ => "The database does not answer.",
    };
}

/// <summary>The database does not answer now, or its schema is not there yet; the same call may succeed later.</summary>
public sealed class DatabaseUnavailableException : DbException
{
    internal DatabaseUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Always: come again.</summary>
    public override bool IsTransient => true;
}
