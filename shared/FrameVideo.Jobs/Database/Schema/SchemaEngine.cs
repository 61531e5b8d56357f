using System.Data.Common;
using System.Reflection;
using DbUp.Builder;

namespace FrameVideo.Jobs;

/// <summary>What differs between the engines about a schema: where the scripts are, and how instances that start at once take turns.</summary>
internal abstract class SchemaEngine(Assembly scripts)
{
    /// <summary>The folder of the scripts, <c>Database/&lt;Folder&gt;/</c>.</summary>
    protected abstract string Folder { get; }

    /// <summary>Waits until no other process is at the schema, and keeps others out until disposal. The schema itself is there then.</summary>
    public abstract Task<IAsyncDisposable> LockAsync(CancellationToken cancellationToken);

    /// <summary>The upgrade to the newest script; what was applied is recorded in the schema itself.</summary>
    public DbUp.Engine.UpgradeEngine Upgrade() => Builder()
        .WithScriptsEmbeddedInAssembly(scripts, script => script.Contains($".Database.{Folder}.", StringComparison.Ordinal))
        // A dollar is a dollar.
        .WithVariablesDisabled()
        .WithTransactionPerScript()
        .LogToNowhere()
        .Build();

    /// <summary>The engine's own connections, for all but the schema.</summary>
    public abstract DbDataSource CreateDataSource();

    protected abstract UpgradeEngineBuilder Builder();
}
