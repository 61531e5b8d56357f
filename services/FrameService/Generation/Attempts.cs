using System.Data.Common;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Jobs;

namespace FrameService.Generation;

/// <summary>Takes sessions for work.</summary>
internal sealed class Attempts(DbDataSource database, SessionTable sessions, EndGeneration ending, TimeProvider clock, ILogger<Attempt> logger)
{
    /// <summary>Attempts without a step done, after which the work is held to be what ends its process.</summary>
    private const int MaxIdleAttempts = 8;

    /// <summary>Begins an attempt at a session that is queued or was left in progress; null for any other.</summary>
    /// <param name="key">The session.</param>
    /// <param name="stopping">Ends the attempt's own token, too.</param>
    public async Task<Attempt?> BeginAsync(SessionKey key, CancellationToken stopping)
    {
        var row = await database.WriteAsync(transaction => BeginAsync(transaction, key), stopping);
        return row is null ? null : new Attempt(row, database, sessions, clock, logger, stopping);
    }

    private async Task<SessionRow?> BeginAsync(DbTransaction transaction, SessionKey key)
    {
        if (await sessions.LockAsync(transaction, key) is not { IsGenerating: true, DeletedAt: null } row) return null;
        row = row with { Attempt = row.Attempt + 1, IdleAttempts = row.IdleAttempts + 1, Status = WireText.Of(SessionStatus.InProgress) };
        var isExhausted = row.IdleAttempts > MaxIdleAttempts;
        if (isExhausted) row = await ending.FailAsync(transaction, row, new ResourceError(ErrorCodes.AttemptsExhausted.Code, ErrorCodes.AttemptsExhausted.Title, Retryable: true));
        await sessions.SaveAsync(transaction, row);
        return isExhausted ? null : row;
    }
}
