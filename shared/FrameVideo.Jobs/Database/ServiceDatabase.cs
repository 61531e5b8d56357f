using System.Data.Common;

namespace FrameVideo.Jobs;

/// <summary>The service's data source: the engine's own behind a gate, which opens once the schema is up to date. Before that every call is told that the database is not there.</summary>
internal sealed class ServiceDatabase(DbDataSource engine) : DbDataSource
{
    private volatile string? _closed = "The database's schema has not been looked at yet.";

    public override string ConnectionString => engine.ConnectionString;

    /// <summary>Why nobody is let in; null where everybody is.</summary>
    public string? Closed => _closed;

    public void Open() => _closed = null;

    public void Close(string reason) => _closed = reason;

    protected override DbConnection CreateDbConnection() => engine.CreateConnection();

    protected override DbConnection OpenDbConnection()
    {
        RequireOpen();
        return engine.OpenConnection();
    }

    protected override async ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default)
    {
        RequireOpen();
        return await engine.OpenConnectionAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) engine.Dispose();
        base.Dispose(disposing);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        await engine.DisposeAsync();
        await base.DisposeAsyncCore();
    }

    private void RequireOpen()
    {
        if (_closed is { } reason) throw new DatabaseUnavailableException(reason);
    }
}
