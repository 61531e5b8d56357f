using System.Data.Common;
using System.Globalization;
using Dapper;
using FrameVideo.Contracts;
using Microsoft.Extensions.Options;

namespace FrameVideo.Jobs;

/// <summary>
/// What is spent at providers, and the budgets that stop it before they are passed. A call is reserved before it is made, at the most that it can cost; then it is settled with what it did cost, or released
/// where the provider says that it took nothing. One whose end nobody knows, since its process died or the line was cut, stays counted as it was reserved.
/// </summary>
public sealed class Spending(DbDataSource database, IOptions<SpendingOptions> options, TimeProvider clock)
{
    /// <summary>Counts a call before it is made.</summary>
    /// <exception cref="BudgetExceededException">It would pass the request's budget or the user's.</exception>
    /// <exception cref="DatabaseUnavailableException">The database does not answer: the call is not to be made.</exception>
    public Task ReserveAsync(PaidCall call, CancellationToken cancellationToken) => database.WriteAsync(transaction => ReserveAsync(transaction, call), cancellationToken);

    /// <summary>The same as a step of the caller's transaction. Calls of one user wait here for each other until its end, so that together they pass no budget; it is short, and takes no other lock by that name.</summary>
    /// <inheritdoc cref="ReserveAsync(PaidCall, CancellationToken)" path="/exception"/>
    public async Task ReserveAsync(DbTransaction transaction, PaidCall call)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(call);
        await transaction.LockAsync($"spending of {call.UserId}");
        if (await SpendingTable.IsThereAsync(transaction, call)) return;
        var left = await LeftAsync(transaction, call.UserId, call.ResourceId, call.MaxCostUsd);
        if (left.Exceeds(call.EstimateUsd) is { } sentence) throw new BudgetExceededException(sentence);
        await SpendingTable.ReserveAsync(transaction, call, clock.GetRowTime());
    }

    /// <summary>Writes what a call came to. It is kept whatever becomes of the caller, so it takes no token.</summary>
    public Task SettleAsync(PaidCall call, CallCost cost) => database.WriteAsync(transaction => SettleAsync(transaction, call, cost), CancellationToken.None);

    /// <summary>The same as a step of the caller's transaction. A second time changes nothing.</summary>
    public Task SettleAsync(DbTransaction transaction, PaidCall call, CallCost cost)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return SpendingTable.SettleAsync(transaction, call, cost, clock.GetRowTime());
    }

    /// <summary>A call was refused and costs nothing.</summary>
    public Task ReleaseAsync(PaidCall call) => database.WriteAsync(transaction => ReleaseAsync(transaction, call), CancellationToken.None);

    /// <summary>The same as a step of the caller's transaction.</summary>
    public Task ReleaseAsync(DbTransaction transaction, PaidCall call)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return SpendingTable.ReleaseAsync(transaction, call);
    }

    /// <summary>What was spent on a session or video so far, by provider, model and kind.</summary>
    public Task<IReadOnlyList<UsageItem>> ItemsAsync(UserId userId, string resourceId, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => SpendingTable.ItemsAsync(transaction, userId, resourceId), cancellationToken);

    /// <summary>The same as a step of the caller's transaction.</summary>
    public static Task<IReadOnlyList<UsageItem>> ItemsAsync(DbTransaction transaction, UserId userId, string resourceId) => SpendingTable.ItemsAsync(transaction, userId, resourceId);

    /// <summary>What budgets leave.</summary>
    /// <param name="userId">Who pays.</param>
    /// <param name="resourceId">The session or video; null for one that is not there yet.</param>
    /// <param name="maxCostUsd">What the request itself allows; null for no limit of its own.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<BudgetLeft> LeftAsync(UserId userId, string? resourceId, decimal? maxCostUsd, CancellationToken cancellationToken) =>
        database.WriteAsync(transaction => LeftAsync(transaction, userId, resourceId, maxCostUsd), cancellationToken);

    /// <summary>Removes rows whose time is over: they count for no budget any more, and what they were for is gone.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="before">What was reserved before; never later than the period that is counted.</param>
    /// <param name="table">The service's table of sessions or videos.</param>
    /// <param name="column">Its column with their IDs.</param>
    /// <param name="limit">How many at a time.</param>
    public async Task<int> ForgetAsync(DbTransaction transaction, DateTimeOffset before, string table, string column, int limit)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var since = PeriodStart();
        return await transaction.Connection!.ExecuteAsync(
            $"""
            DELETE FROM spending WHERE (user_id, resource_id, call_id) IN (
              SELECT user_id, resource_id, call_id FROM spending spent
              WHERE spent.reserved_at < @before AND NOT EXISTS (SELECT 1 FROM {table} living WHERE living.user_id = spent.user_id AND living.{column} = spent.resource_id AND living.deleted_at IS NULL)
              ORDER BY spent.reserved_at LIMIT @limit)
            """,
            new { before = before < since ? before : since, limit },
            transaction);
    }

    private async Task<BudgetLeft> LeftAsync(DbTransaction transaction, UserId userId, string? resourceId, decimal? maxCostUsd)
    {
        var (perRequest, perUser) = (options.Value.PerRequestUsd, options.Value.PerUserUsd);
        var ofRequest = maxCostUsd < perRequest || perRequest is null ? maxCostUsd : perRequest;
        var spent = ofRequest is null || resourceId is null ? 0 : await SpendingTable.OfResourceAsync(transaction, userId, resourceId);
        var spentByUser = perUser is null ? 0 : await SpendingTable.OfUserAsync(transaction, userId, PeriodStart());
        return new BudgetLeft(ofRequest - SpendingTable.Usd(spent), perUser - SpendingTable.Usd(spentByUser), options.Value.Period);
    }

    private DateTimeOffset PeriodStart()
    {
        var today = clock.GetUtcNow().UtcDateTime.Date;
        var start = options.Value.Period switch
        {
            SpendingPeriod.Day => today,
            SpendingPeriod.Week => today.AddDays(-(((int)today.DayOfWeek + 6) % 7)),
            _ => new DateTime(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        return new DateTimeOffset(start, TimeSpan.Zero);
    }
}

/// <summary>What budgets leave, in US dollars; null where there is none. Less than nothing where a call has cost more than was estimated.</summary>
/// <param name="OfRequest">For the session or video.</param>
/// <param name="OfUser">For the user, in the period.</param>
/// <param name="Period">Which period that is.</param>
public sealed record BudgetLeft(decimal? OfRequest, decimal? OfUser, SpendingPeriod Period)
{
    /// <summary>The smaller of the two; null where there is no budget.</summary>
    public decimal? Usd => OfRequest is { } request && OfUser is { } user ? Math.Max(0, Math.Min(request, user)) : (OfRequest ?? OfUser) is { } one ? Math.Max(0, one) : null;

    /// <summary>The sentence that says which budget an estimate would pass; null where it passes none. What costs nothing passes none.</summary>
    public string? Exceeds(decimal estimateUsd) =>
        estimateUsd <= 0 ? null
        : estimateUsd > OfRequest ? Sentence(estimateUsd, OfRequest.Value, "the budget of this request")
        : estimateUsd > OfUser ? Sentence(estimateUsd, OfUser.Value, $"your budget of this {Period.ToString().ToLowerInvariant()}")
        : null;

    private static string Sentence(decimal estimate, decimal left, string budget) =>
        $"This is estimated to cost {Dollars(estimate)}, and {Dollars(Math.Max(0, left))} of {budget} is left.";

    private static string Dollars(decimal usd) => $"${usd.ToString("0.00####", CultureInfo.InvariantCulture)}";
}
