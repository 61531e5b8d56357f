using FrameVideo.Jobs;
using FrameVideo.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>The sweep as work of the queue, which runs it on one node at a time and remembers over restarts when it is due. Each run asks for the next one.</summary>
internal sealed partial class SweepWork(
    IOrphanSweep sweep, WorkQueue queue, IOptions<SweepOptions> options, IConfiguration configuration, ILogger<SweepWork> logger) : IWork
{
    public const string WorkName = "sweep";
    public const string WorkId = "orphans";

    /// <summary>How soon it comes again after an outage.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(10);

    public string Name => WorkName;

    public async Task RunAsync(string id, CancellationToken cancellationToken)
    {
        var period = options.Value.SweepPeriod;
        if (period == TimeSpan.Zero) return;
        var next = period;
        try
        {
            var tally = await sweep.RunAsync(new SweepRequest(null, SweepRequest.GraceOf(options, configuration), DryRun: false), Removed, cancellationToken);
            Swept(tally);
        }
        catch (ObjectStoreException outage)
        {
            Later(outage.Message);
            next = Again < period ? Again : period;
        }

        await queue.EnqueueAsync(Name, WorkId, next, CancellationToken.None);
    }

    /// <summary>It is never done: a queue that knows nothing of it begins with it.</summary>
    public Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(options.Value.SweepPeriod > TimeSpan.Zero ? [WorkId] : []);

    [LoggerMessage(LogLevel.Information, "Orphans: {Line}")]
    private partial void Removed(string line);

    [LoggerMessage(LogLevel.Information, "Swept the store for orphans: {Tally}")]
    private partial void Swept(Tally tally);

    [LoggerMessage(LogLevel.Warning, "The sweep for orphans comes again later. {Reason}")]
    private partial void Later(string reason);
}

/// <summary>Gives a service its sweep.</summary>
public static class SweepRegistration
{
    /// <summary>Registers the sweep, and its run once in a while.</summary>
    public static void AddOrphanSweep<TSweep>(this IServiceCollection services, IConfiguration configuration)
        where TSweep : class, IOrphanSweep
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<SweepOptions>().Bind(configuration.GetSection("Storage")).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IOrphanSweep, TSweep>();
        services.AddWork<SweepWork>();
    }
}
