using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Jobs;

/// <summary>
/// Brings the schema up to date before anything else starts. A database that does not answer then keeps no service from starting: it is asked again each second,
/// and until it has answered the service is not ready and says 503.
/// </summary>
internal sealed partial class DatabaseStart(DatabaseSchema schema, ServiceDatabase database, DatabaseOptions options, TimeProvider clock, ILogger<DatabaseStart> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TryAsync(cancellationToken)) await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await TryAsync(stoppingToken)) return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // At the start it would have ended the service; now it stays what it is, and an operator reads why.
                database.Close("The database's schema could not be brought up to date; the service's log says why.");
                Failed(exception);
            }
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (options.MigrateAtStart)
            {
                foreach (var script in await schema.MigrateAsync(cancellationToken)) Applied(script);
                return true;
            }

            var pending = await schema.PendingAsync(cancellationToken);
            if (pending.Count == 0) return true;
            Wait($"The database's schema is {pending.Count} scripts behind, and Database:MigrateAtStart is false: run the command migrate.", null);
        }
        catch (DatabaseUnavailableException outage)
        {
            Wait(outage.Message, outage.InnerException);
        }

        return false;
    }

    /// <summary>Told once for each reason, not each second.</summary>
    private void Wait(string reason, Exception? outage)
    {
        if (database.Closed == reason) return;
        database.Close(reason);
        Waits(reason, outage?.Message ?? "");
    }

    [LoggerMessage(LogLevel.Information, "Schema script applied: {Script}")]
    private partial void Applied(string script);

    [LoggerMessage(LogLevel.Error, "The service is not ready and asks the database again each second. {Reason} {Details}")]
    private partial void Waits(string reason, string details);

    [LoggerMessage(LogLevel.Critical, "The schema could not be brought up to date; it is tried again")]
    private partial void Failed(Exception exception);
}
