using System.Data.Common;
using Dapper;
using FrameVideo.Contracts;

namespace FrameVideo.Jobs;

/// <summary>
/// The statements on <c>spending</c>: a row for each paid call. Money is in millionths of a dollar, rounded up. Until a call's end is known its estimate counts; the row of one that cost nothing, since it
/// was refused, goes.
/// </summary>
internal static class SpendingTable
{
    private const string Reserved = "reserved";
    private const string Settled = "settled";

    /// <summary>Millionths of a dollar.</summary>
    public static long Micros(decimal usd) => (long)decimal.Ceiling(usd * 1_000_000m);

    /// <summary>Dollars.</summary>
    public static decimal Usd(long micros) => micros / 1_000_000m;

    /// <summary>What was spent on a session or video, in millionths.</summary>
    public static Task<long> OfResourceAsync(DbTransaction transaction, UserId userId, string resourceId) => transaction.Connection!.ExecuteScalarAsync<long>(
        "SELECT CAST(coalesce(sum(cost_micros), 0) AS bigint) FROM spending WHERE user_id = @userId AND resource_id = @resourceId", new { userId, resourceId }, transaction);

    /// <summary>What a user has spent since a moment, in millionths.</summary>
    public static Task<long> OfUserAsync(DbTransaction transaction, UserId userId, DateTimeOffset since) => transaction.Connection!.ExecuteScalarAsync<long>(
        "SELECT CAST(coalesce(sum(cost_micros), 0) AS bigint) FROM spending WHERE user_id = @userId AND reserved_at >= @since", new { userId, since }, transaction);

    /// <summary>Whether a call has its row.</summary>
    public static Task<bool> IsThereAsync(DbTransaction transaction, PaidCall call) => transaction.Connection!.ExecuteScalarAsync<bool>(
        "SELECT EXISTS (SELECT 1 FROM spending WHERE user_id = @UserId AND resource_id = @ResourceId AND call_id = @CallId)", new { call.UserId, call.ResourceId, call.CallId }, transaction);

    /// <summary>Adds the row of a call that is about to be made.</summary>
    public static Task ReserveAsync(DbTransaction transaction, PaidCall call, DateTimeOffset now) => transaction.Connection!.ExecuteAsync(
        """
        INSERT INTO spending (user_id, resource_id, call_id, provider, model, kind, status, cost_micros, reserved_at)
        VALUES (@UserId, @ResourceId, @CallId, @Provider, @Model, @kind, @Reserved, @micros, @now)
        ON CONFLICT (user_id, resource_id, call_id) DO NOTHING
        """,
        new { call.UserId, call.ResourceId, call.CallId, call.Provider, call.Model, kind = WireText.Of(call.Kind), Reserved, micros = Micros(call.EstimateUsd), now },
        transaction);

    /// <summary>Writes what a call came to.</summary>
    public static Task SettleAsync(DbTransaction transaction, PaidCall call, CallCost cost, DateTimeOffset now) => transaction.Connection!.ExecuteAsync(
        """
        UPDATE spending SET status = @Settled, cost_micros = @micros, pictures = @Pictures, input_tokens = @InputTokens, output_tokens = @OutputTokens, seconds = @Seconds, ended_at = @now
        WHERE user_id = @UserId AND resource_id = @ResourceId AND call_id = @CallId AND status = @Reserved
        """,
        new { call.UserId, call.ResourceId, call.CallId, Settled, Reserved, micros = Micros(cost.CostUsd), cost.Pictures, cost.InputTokens, cost.OutputTokens, cost.Seconds, now },
        transaction);

    /// <summary>Takes a call's row away; not one whose end is known.</summary>
    public static Task ReleaseAsync(DbTransaction transaction, PaidCall call) => transaction.Connection!.ExecuteAsync(
        "DELETE FROM spending WHERE user_id = @UserId AND resource_id = @ResourceId AND call_id = @CallId AND status = @Reserved", new { call.UserId, call.ResourceId, call.CallId, Reserved }, transaction);

    /// <summary>What was spent on a session or video, by provider, model and kind.</summary>
    public static async Task<IReadOnlyList<UsageItem>> ItemsAsync(DbTransaction transaction, UserId userId, string resourceId)
    {
        var rows = await transaction.Connection!.QueryAsync<ItemRow>(
            """
            SELECT provider, model, kind, count(*) AS calls, CAST(sum(pictures) AS bigint) AS pictures, CAST(sum(input_tokens) AS bigint) AS input_tokens, CAST(sum(output_tokens) AS bigint) AS output_tokens,
              sum(seconds) AS seconds, CAST(sum(cost_micros) AS bigint) AS micros
            FROM spending WHERE user_id = @userId AND resource_id = @resourceId GROUP BY provider, model, kind ORDER BY kind DESC, provider, model
            """,
            new { userId, resourceId },
            transaction);
        return [.. rows.Select(row => new UsageItem(row.Provider, row.Model, WireText.Parse<UsageKind>(row.Kind), (int)row.Calls, (int)row.Pictures, row.InputTokens, row.OutputTokens, row.Seconds, Usd(row.Micros)))];
    }

    private sealed record ItemRow
    {
        public string Provider { get; init; } = "";

        public string Model { get; init; } = "";

        public string Kind { get; init; } = "";

        public long Calls { get; init; }

        public long Pictures { get; init; }

        public long InputTokens { get; init; }

        public long OutputTokens { get; init; }

        public double Seconds { get; init; }

        public long Micros { get; init; }
    }
}
