using System.Collections.Concurrent;
using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FrameVideo.Hosting;

/// <summary>
/// Erases a user, however much that is:
/// <code>
/// 1. a row says that it was asked for                                     whatever happens now, it will be done
/// 2. every living thing is buried, its work ended, its texts wiped        reads as not there from here on; nothing late is taken
/// 3. rows by user go, and the row says "buried"                           what begins after this stays
/// 4. objects go, then what is left of the rows                            where the store does not answer: later
/// 5. the row says "done"
/// </code>
/// A process that ends in between leaves the row, and <see cref="FinishErasures"/> of any instance goes on.
/// </summary>
public sealed partial class EraseUser(
    DbDataSource database, ErasureTable erasures, IUserEraser eraser, UserTables tables, IOptions<IdempotencyOptions> answers, IHostApplicationLifetime lifetime, ILogger<EraseUser> logger)
{
    private readonly ConcurrentDictionary<UserId, Lazy<Task>> _running = [];

    /// <summary>Asks for an erasure and waits a while for its end; the work goes on without whoever waits.</summary>
    /// <exception cref="DatabaseUnavailableException">Nothing was asked for.</exception>
    public async Task<ErasureRow> RunAsync(UserId userId, TimeSpan patience, CancellationToken cancellationToken)
    {
        await erasures.RequestAsync(userId, cancellationToken);
        Requested(userId);
        try
        {
            await GoOnAsync(userId).WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It is told how far it is.
        }

        return (await erasures.FindAsync(userId, cancellationToken))!;
    }

    /// <summary>Goes on with a user's erasure, once at a time in this process. What goes wrong is logged, and left for the next time.</summary>
    public Task GoOnAsync(UserId userId) => _running.GetOrAdd(userId, user => new Lazy<Task>(() => Task.Run(() => GuardedAsync(user, lifetime.ApplicationStopping)))).Value;

    private async Task GuardedAsync(UserId userId, CancellationToken cancellationToken)
    {
        try
        {
            while (await StepAsync(userId, cancellationToken))
            {
            }
        }
        catch (Exception outage) when (outage is ObjectStoreException or DatabaseUnavailableException)
        {
            Later(userId, outage.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next start goes on.
        }
        catch (Exception failure)
        {
            Failed(failure, userId);
        }
        finally
        {
            _running.TryRemove(userId, out _);
        }
    }

    /// <summary>True where there is another step to take, or it was asked for again meanwhile.</summary>
    private async Task<bool> StepAsync(UserId userId, CancellationToken cancellationToken)
    {
        await using var turn = await AdvisoryLock.TryTakeAsync(database, $"erasure of {userId}", cancellationToken);
        if (turn is null || await erasures.FindAsync(userId, cancellationToken) is not { CompletedAt: null } erasure) return false;
        if (erasure.BuriedAt is null)
        {
            await eraser.BuryAsync(erasure, cancellationToken);
            await database.WriteAsync(transaction => BuriedAsync(transaction, erasure), cancellationToken);
            // The row says by now when that was: what begins after it stays.
            return true;
        }

        if (!await eraser.RemoveAsync(erasure, cancellationToken)) return false;
        if (!await erasures.CompleteAsync(erasure, cancellationToken)) return true;
        Erased(userId);
        return false;
    }

    private async Task<bool> BuriedAsync(DbTransaction transaction, ErasureRow erasure)
    {
        if (!await erasures.BuriedAsync(transaction, erasure)) return false;
        var rows = await tables.RemoveAsync(transaction, erasure.UserId, erasure.RequestedAt, answers.Value.KeepFor);
        await ErasureTable.CountAsync(transaction, erasure.UserId, rows: rows);
        return true;
    }

    [LoggerMessage(LogLevel.Information, "The data of user {UserId} is being erased")]
    private partial void Requested(UserId userId);

    [LoggerMessage(LogLevel.Information, "The data of user {UserId} was erased")]
    private partial void Erased(UserId userId);

    [LoggerMessage(LogLevel.Warning, "The erasure of user {UserId} is finished later. {Reason}")]
    private partial void Later(UserId userId, string reason);

    [LoggerMessage(LogLevel.Error, "The erasure of user {UserId} failed; it is tried again")]
    private partial void Failed(Exception failure, UserId userId);
}

/// <summary>Goes on with erasures that an outage, or the end of a process, has left.</summary>
internal sealed class FinishErasures(ErasureTable erasures, EraseUser erase, TimeProvider clock, ILogger<FinishErasures> logger)
    : Poller(TimeSpan.FromSeconds(5), clock, logger)
{
    private const int Batch = 10;

    protected override async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        foreach (var user in await erasures.UnfinishedAsync(Batch, cancellationToken)) await erase.GoOnAsync(user).WaitAsync(cancellationToken);
        return false;
    }
}
