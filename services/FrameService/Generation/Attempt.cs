using System.Data.Common;
using System.Diagnostics;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Generation;

/// <summary>
/// One attempt at a session, and its guard: it writes only while it owns the session, and ends its token as soon as it does not, be the session cancelled, deleted or taken up again, here or on
/// another instance, which the row tells twice a second.
/// </summary>
internal sealed partial class Attempt : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(0.5);

    private readonly DbDataSource _database;
    private readonly SessionTable _sessions;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending;
    private readonly Task _watching;
    private volatile bool _isLost;

    public Attempt(SessionRow session, DbDataSource database, SessionTable sessions, TimeProvider clock, ILogger logger, CancellationToken stopping)
    {
        (Session, _database, _sessions, _logger) = (session, database, sessions, logger);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Token = _ending.Token;
        _watching = WatchAsync(clock);
    }

    /// <summary>The session as it was taken: what it asks for does not change while it is worked on.</summary>
    public SessionRow Session { get; }

    public SessionKey Key => Session.Key;

    /// <summary>Ends with the process, and with the ownership.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the session is in other hands, or nobody's.</summary>
    public bool IsLost => _isLost;

    /// <summary>What ends the attempt for the frames that are still to come, since each would meet it; null where nothing does.</summary>
    public ResourceError? Halted { get; private set; }

    /// <summary>Says so.</summary>
    public void Halt(ResourceError error) => Halted ??= error;

    /// <summary>Changes the session in a transaction; what comes back is saved.</summary>
    /// <param name="change">Gets the row as it is now.</param>
    /// <param name="isStep">A step done is a sign of life; one begun is none, since a frame that ends the process begins each time.</param>
    /// <exception cref="OperationCanceledException">The session is not this attempt's any more.</exception>
    public async Task<SessionRow> WriteAsync(Func<DbTransaction, SessionRow, Task<SessionRow>> change, bool isStep = true) =>
        await TryWriteAsync(change, isStep, Token) ?? throw Lose();

    /// <summary>Gives the session back without counting the attempt; false where it is not this attempt's any more.</summary>
    public async Task<bool> ReleaseAsync() => await TryWriteAsync((_, row) => Task.FromResult(row), isStep: true, CancellationToken.None) is not null;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        _ending.Dispose();
    }

    private Task<SessionRow?> TryWriteAsync(Func<DbTransaction, SessionRow, Task<SessionRow>> change, bool isStep, CancellationToken cancellationToken) => _database.WriteAsync(
        async transaction =>
        {
            var row = await _sessions.LockAsync(transaction, Key);
            if (row is not { State: SessionStatus.InProgress, DeletedAt: null } || row.Attempt != Session.Attempt) return null;
            row = await change(transaction, row);
            if (isStep) row = row with { IdleAttempts = 0 };
            await _sessions.SaveAsync(transaction, row);
            return row;
        },
        cancellationToken);

    private OperationCanceledException Lose()
    {
        _isLost = true;
        _ending.Cancel();
        return new OperationCanceledException("The session is not this attempt's any more.");
    }

    private async Task WatchAsync(TimeProvider clock)
    {
        // Two looks a second are nothing that the work's trace has to tell.
        Activity.Current = null;
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(Token))
            {
                if (await OwnsAsync()) continue;
                Lose();
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The attempt has ended, one way or the other.
        }
    }

    private async Task<bool> OwnsAsync()
    {
        try
        {
            return await _sessions.OwnsAsync(Key, Session.Attempt, Token);
        }
        catch (DbException failure)
        {
            // A database that does not answer has not said no.
            NotAsked(_logger, failure);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database could not be asked who owns the session")]
    private static partial void NotAsked(ILogger logger, Exception failure);
}
