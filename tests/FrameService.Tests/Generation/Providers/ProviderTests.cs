using FrameVideo.Hosting;
using FrameVideo.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace FrameService.Tests.Generation.Providers;

/// <summary>The one way to call an AI service, on a clock of its own; and what the configuration makes of them.</summary>
public sealed class ProviderTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<Provider> _providers = [];

    public void Dispose()
    {
        foreach (var provider in _providers) provider.Dispose();
    }

    [Fact]
    public async Task A_rate_limit_holds_every_caller_back_for_as_long_as_it_says_and_no_longer()
    {
        var provider = Provider(concurrency: 4, maxWait: TimeSpan.FromMinutes(2));
        var calls = 0;
        var first = provider.CallAsync(
            _ => Interlocked.Increment(ref calls) == 1 ? throw Limited(TimeSpan.FromSeconds(60)) : Task.FromResult("first"), CancellationToken.None);
        var second = provider.CallAsync(_ => Task.FromResult($"second {Interlocked.Increment(ref calls)}"), CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(59.9));
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.Equal(1, calls);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("first", await first.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.StartsWith("second", await second.WaitAsync(TimeSpan.FromSeconds(10)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_that_is_longer_than_is_allowed_is_not_begun_and_meanwhile_nobody_calls()
    {
        var provider = Provider(concurrency: 4, maxWait: TimeSpan.FromSeconds(30));
        var calls = 0;
        async Task<ProviderException> LimitedAsync() => await Assert.ThrowsAsync<ProviderException>(() => provider.CallAsync<string>(
            _ =>
            {
                calls++;
                throw Limited(TimeSpan.FromSeconds(31));
            },
            CancellationToken.None));
        Assert.Equal((ProviderFault.RateLimited, true), ((await LimitedAsync()).Kind, (await LimitedAsync()).IsOutage));
        Assert.Equal(1, calls);
        _clock.Advance(TimeSpan.FromSeconds(31));
        await LimitedAsync();
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task What_can_have_cost_something_is_not_called_twice()
    {
        var provider = Provider();
        foreach (var (charged, expected) in new[] { (true, 1), (false, 2) })
        {
            var calls = 0;
            var call = provider.CallAsync<string>(
                _ =>
                {
                    calls++;
                    throw new ProviderException(ProviderFault.Unavailable, "p", "Out.") { MayBeCharged = charged };
                },
                CancellationToken.None);
            while (!call.IsCompleted)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            await Assert.ThrowsAsync<ProviderException>(() => call);
            Assert.Equal(expected, calls);
        }
    }

    [Fact]
    public async Task No_more_calls_are_under_way_than_the_provider_is_set_up_for()
    {
        var provider = Provider(concurrency: 3);
        var (now, most) = (0, 0);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = Enumerable.Range(0, 20).Select(_ => provider.CallAsync(
            async cancellation =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                await gate.Task.WaitAsync(cancellation);
                return Interlocked.Decrement(ref now);
            },
            CancellationToken.None)).ToList();
        await Wait.UntilAsync(() => Volatile.Read(ref now) == 3, "three calls");
        gate.SetResult();
        await Task.WhenAll(calls);
        Assert.Equal(3, most);
    }

    [Theory]
    [InlineData("", "draft", "draft", "")]
    [InlineData("OPENAI_API_KEY=k", "openai", "openai", "")]
    [InlineData("OPENAI_API_KEY=k;Generation:Frames=draft", "openai", "draft", "")]
    [InlineData("OPENAI_API_KEY=k;Generation:Stories=draft;Generation:Frames=draft", "draft", "draft", "")]
    [InlineData("Providers:openai:ApiKey=k", "draft", "draft", "")]
    [InlineData("RUNWAYML_API_SECRET=k", "draft", "draft", "")]
    [InlineData("OPENAI_API_KEY= ;OPENAI_BASE_URL=", "draft", "draft", "")]
    [InlineData("OPENAI_API_KEY=k;Providers:mine:Kind=openai;Providers:mine:ApiKey=x;Providers:mine:Endpoint=http://localhost:1/v1;Providers:mine:StoryModel=m;Generation:Stories=OpenAI, mine,draft", "openai,mine,draft", "openai", "")]
    [InlineData("Generation:Stories=openai", "openai", "draft", "set OPENAI_API_KEY or Providers:openai:ApiKey")]
    [InlineData("Providers:openai:Kind=openai;Generation:Frames=openai", "draft", "openai", "there is no key for it: set OPENAI_API_KEY or Providers:openai:ApiKey")]
    [InlineData("OPENAI_API_KEY=k;OPENAI_BASE_URL=http://localhost:1/v1;Generation:Frames=draft", "openai", "draft", "Providers:openai:StoryModel does not say which model")]
    [InlineData("Generation:Stories=opnai", "opnai", "draft", "there is no such provider: set Providers:opnai:Kind")]
    [InlineData("RUNWAYML_API_SECRET=k;Generation:Frames=runway", "draft", "runway", "of kind runway and cannot do this")]
    [InlineData("Providers:mine:Kind=azure", "draft", "draft", "Providers:mine:Kind is \"azure\"")]
    [InlineData("OPENAI_API_KEY=k;OPENAI_BASE_URL=localhost", "openai", "openai", "Providers:openai:Endpoint is no http or https address")]
    [InlineData("Providers:openai:Concurrency=0", "draft", "draft", "Providers:openai:Concurrency is 0; it is 1 to 64")]
    public void The_environment_alone_chooses_OpenAI_and_what_is_set_goes_before(string settings, string stories, string frames, string fault)
    {
        ProviderUse[] uses = [ProviderUse.Stories, ProviderUse.Frames];
        var set = new ProviderSet();
        set.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], string? (pair) => pair[1])).Build(), uses);
        Assert.Equal(stories, string.Join(',', set.ChosenFor(ProviderUse.Stories)));
        Assert.Equal(frames, string.Join(',', set.ChosenFor(ProviderUse.Frames)));
        var told = string.Join('\n', set.Faults(uses));
        if (fault.Length == 0) Assert.Empty(told);
        else Assert.Contains(fault, told, StringComparison.Ordinal);
    }

    private static ProviderException Limited(TimeSpan wait) => new(ProviderFault.RateLimited, "p", "Too many.") { RetryAfter = wait };

    private Provider Provider(int concurrency = 1, TimeSpan? maxWait = null)
    {
        var provider = new Provider("p", new ProviderOptions { Concurrency = concurrency, MaxWait = maxWait ?? TimeSpan.FromMinutes(1) }, _clock);
        _providers.Add(provider);
        return provider;
    }
}
