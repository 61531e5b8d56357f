using System.Data.Common;

namespace FrameVideo.Jobs;

/// <summary>The schema of the service's database: numbered scripts, each applied once, in a transaction, its name recorded in the schema itself.</summary>
public sealed class DatabaseSchema
{
    private readonly SchemaEngine _engine;
    private readonly ServiceDatabase _database;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal DatabaseSchema(SchemaEngine engine, ServiceDatabase database) => (_engine, _database) = (engine, database);

    /// <summary>Ends when the schema is up to date; until then nobody gets a connection.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Applies what is missing; answers with the names of the scripts. Any number of processes may do so at once: one works, the others wait and find nothing to do.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    /// <exception cref="InvalidOperationException">A script failed, and was taken back whole; those before it stay.</exception>
    public Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken) => InTurnAsync<IReadOnlyList<string>>(
        upgrade =>
        {
            var result = upgrade.PerformUpgrade();
            if (!result.Successful) throw result.Error is DbException failure && DatabaseFailures.IsOutage(failure) ? failure : new InvalidOperationException($"The schema script {result.ErrorScript?.Name} failed.", result.Error);
            Open();
            return [.. result.Scripts.Select(script => script.Name)];
        },
        cancellationToken);

    /// <summary>The names of the scripts that are still to be applied; where there are none, the database is opened.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    public Task<IReadOnlyList<string>> PendingAsync(CancellationToken cancellationToken) => InTurnAsync<IReadOnlyList<string>>(
        upgrade =>
        {
            List<string> pending = [.. upgrade.GetScriptsToExecute().Select(script => script.Name)];
            if (pending.Count == 0) Open();
            return pending;
        },
        cancellationToken);

    private async Task<T> InTurnAsync<T>(Func<DbUp.Engine.UpgradeEngine, T> action, CancellationToken cancellationToken)
    {
        try
        {
            await using var turn = await _engine.LockAsync(cancellationToken);
            return await Task.Run(() => action(_engine.Upgrade()), cancellationToken);
        }
        catch (DbException failure) when (failure is not DatabaseUnavailableException && DatabaseFailures.IsOutage(failure))
        {
            throw new DatabaseUnavailableException(DatabaseFailures.Sentence(failure), failure);
        }
    }

    private void Open()
    {
        _database.Open();
        _ready.TrySetResult();
    }
}
