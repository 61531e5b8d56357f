using System.Data.Common;
using FrameService.Sessions;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.Jobs;

namespace FrameService.Generation;

/// <summary>
/// The one way by which the work on a session calls a provider: counted before, by what it can cost at most, and after, by what it did; what the session says of its spending goes with it. A call that the
/// provider refused is not counted; one whose end nobody knows stays counted.
/// </summary>
internal sealed class PaidCalls(DbDataSource database, Spending spending, SessionTable sessions)
{
    /// <summary>Calls a provider by its gate.</summary>
    /// <param name="session">For which session.</param>
    /// <param name="provider">Whom.</param>
    /// <param name="model">Which of its models.</param>
    /// <param name="kind">What for.</param>
    /// <param name="estimateUsd">What it can cost at most.</param>
    /// <param name="call">One try; it answers with a result and what that has cost.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BudgetExceededException">It would pass a budget, and was not made.</exception>
    /// <exception cref="ProviderException">It has failed for good.</exception>
    public async Task<T> RunAsync<T>(
        SessionRow session, Provider provider, string model, UsageKind kind, decimal estimateUsd, Func<CancellationToken, Task<(T Result, CallCost Cost)>> call, CancellationToken cancellationToken)
    {
        var paid = new PaidCall(session.UserId, session.RequestId.ToString(), PaidCall.NewId(), provider.Name, model, kind, estimateUsd, session.MaxCostUsd);
        await spending.ReserveAsync(paid, cancellationToken);
        // Whether something is under way that may have to be paid; while its turn is waited for, nothing is.
        var isOut = false;
        try
        {
            var (result, cost) = await provider.CallAsync(
                async token =>
                {
                    isOut = true;
                    try
                    {
                        return await call(token);
                    }
                    catch (ProviderException fault) when (!fault.MayBeCharged)
                    {
                        isOut = false;
                        throw;
                    }
                },
                cancellationToken);
            await EndAsync(session.Key, transaction => spending.SettleAsync(transaction, paid, cost));
            return result;
        }
        catch (Exception failure) when (failure is ProviderException { MayBeCharged: false } || (failure is OperationCanceledException && !isOut))
        {
            await spending.ReleaseAsync(paid);
            throw;
        }
        catch (Exception failure) when (failure is ProviderException or OperationCanceledException)
        {
            await EndAsync(session.Key, _ => Task.CompletedTask);
            throw;
        }
    }

    private Task EndAsync(SessionKey key, Func<DbTransaction, Task> write) => database.WriteAsync(
        async transaction =>
        {
            await write(transaction);
            await sessions.CountAsync(transaction, key);
        },
        CancellationToken.None);
}
