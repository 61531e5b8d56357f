using System.Data.Common;
using FrameVideo.Contracts;
using FrameVideo.Jobs;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace FrameService.Tests.Budgets;

/// <summary>Budgets hold however many calls are made at a time, and count what nobody knows the end of.</summary>
public abstract class BudgetTests : IAsyncLifetime
{
    private static readonly UserId Anna = UserId.Parse("anna", null);
    private readonly RunningFrameService _service;

    protected BudgetTests(RunningFrameService service)
    {
        _service = service;
        // Wednesday, so that no week ends within a test.
        var today = TimeProvider.System.GetUtcNow();
        _service.Clock.Ahead = TimeSpan.FromDays(7 - (int)today.DayOfWeek + 3);
        _service.Settings = ["Spending:PerRequestUsd=1", "Spending:PerUserUsd=1.5", "Spending:Period=week"];
    }

    private Spending Spending => _service.App.Services.GetRequiredService<Spending>();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [ServerFact]
    public async Task Calls_at_a_time_pass_no_budget_together()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ReserveAsync(Call("req_1_a", $"call{i}", 0.3m))));
        Assert.Equal(3, outcomes.Count(sentence => sentence is null));
        Assert.All(outcomes.OfType<string>(), sentence => Assert.Contains("$0.10 of the budget of this request is left", sentence, StringComparison.Ordinal));
        // The user has 0.6 left, of which two sessions at a time get two calls.
        outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => ReserveAsync(Call($"req_2_{i % 2}", $"call{i}", 0.3m))));
        Assert.Equal(2, outcomes.Count(sentence => sentence is null));
        Assert.Contains("of your budget of this week", outcomes.OfType<string>().First(), StringComparison.Ordinal);
        Assert.Null(await ReserveAsync(Call("req_2_0", "free", 0)));
    }

    [ServerFact]
    public async Task A_call_counts_as_reserved_until_its_end_is_known()
    {
        var (settled, released, lost) = (Call("req_3_a", "settled", 0.4m), Call("req_3_a", "released", 0.4m), Call("req_3_a", "lost", 0.2m));
        foreach (var call in new[] { settled, released, lost }) Assert.Null(await ReserveAsync(call));
        Assert.Equal(0, (await Spending.LeftAsync(Anna, "req_3_a", null, default)).Usd);
        await Spending.SettleAsync(settled, new CallCost(0.1234567m, Pictures: 1, InputTokens: 7, OutputTokens: 9));
        await Spending.SettleAsync(settled, new CallCost(99));
        await Spending.ReleaseAsync(settled);
        await Spending.ReleaseAsync(released);
        // Asked for again, a call is reserved once.
        Assert.Null(await ReserveAsync(lost));
        var left = await Spending.LeftAsync(Anna, "req_3_a", maxCostUsd: 0.5m, default);
        Assert.Equal((0.5m - 0.123457m - 0.2m, 1.5m - 0.323457m), (left.OfRequest, left.OfUser));
        Assert.Equal(
            [new UsageItem("openai", "painter", UsageKind.Frame, 2, 1, 7, 9, 0, 0.323457m)],
            await Spending.ItemsAsync(Anna, "req_3_a", default));
        Assert.NotNull(await ReserveAsync(Call("req_3_a", "more", 0.2m) with { MaxCostUsd = 0.5m }));
    }

    [ServerFact]
    public async Task What_was_spent_is_forgotten_once_nothing_counts_it()
    {
        Assert.Null(await ReserveAsync(Call("req_4_a", "call", 0.4m)));
        var database = _service.App.Services.GetRequiredService<DbDataSource>();
        async Task<int> ForgetAsync(DateTimeOffset before) => await database.WriteAsync(transaction => Spending.ForgetAsync(transaction, before, "sessions", "request_id", 100), default);
        var now = _service.Clock.GetUtcNow();
        Assert.Equal(0, await ForgetAsync(now.AddDays(1)));
        _service.Clock.Ahead += TimeSpan.FromDays(8);
        Assert.Equal(1.5m, (await Spending.LeftAsync(Anna, null, null, default)).OfUser);
        Assert.Equal(0, await ForgetAsync(now.AddDays(-1)));
        Assert.Equal(1, await ForgetAsync(now.AddDays(1)));
    }

    private static PaidCall Call(string request, string id, decimal usd) => new(Anna, request, id, "openai", "painter", UsageKind.Frame, usd, null);

    private async Task<string?> ReserveAsync(PaidCall call)
    {
        try
        {
            await Spending.ReserveAsync(call, default);
            return null;
        }
        catch (BudgetExceededException exceeded)
        {
            return exceeded.Message;
        }
    }
}

public sealed class BudgetsOnSqlite() : BudgetTests(new RunningFrameService());

[Needs(TestServers.Postgres)]
public sealed class BudgetsOnPostgres() : BudgetTests(new FrameServiceOnPostgres());
