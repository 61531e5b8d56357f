using System.Diagnostics.Metrics;
using System.Threading.Channels;
using FrameVideo.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Testing;
using Polly.Timeout;

namespace FrameVideo.Storage.Tests;

public sealed class StorePipelineTests : IDisposable
{
    private static readonly ObjectKey Key = TemporaryFolder.FrameKey();
    private static readonly ObjectPrefix Prefix = ObjectKeys.UserPrefix(Key.UserId);
    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RecordingLogger<StorePipeline> _log = new();
    private readonly ScriptedStore _store = new();

    // Without pauses, so that no time passes but by hand.
    private readonly UploadOptions _options = new() { BaseDelay = TimeSpan.Zero };
    private readonly Channel<CancellationToken> _hanging = Channel.CreateUnbounded<CancellationToken>();
    private readonly SpooledFile _file = new("unused", 10, new string('a', 64));

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_passing_outage_is_overcome()
    {
        _store.Script(Outage, Outage, Stored);
        Assert.Equal(PutOutcome.Stored, await Put());
        Assert.Equal(3, _store.Calls);
    }

    [Fact]
    public async Task After_the_last_attempt_the_store_counts_as_unavailable_whatever_broke()
    {
        _store.Script(_ => throw new IOException("connection reset"));
        var failure = await Assert.ThrowsAsync<ObjectStoreUnavailableException>(Put);
        Assert.Equal("connection reset", failure.InnerException!.Message);
        Assert.Equal(4, _store.Calls);
    }

    [Fact]
    public async Task A_refusal_is_an_answer()
    {
        _store.Script(_ => throw new ObjectStoreForbiddenException("no"));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(Put);
        Assert.Equal(1, _store.Calls);
    }

    [Fact]
    public async Task A_mistake_in_the_program_is_not_tried_again()
    {
        _store.Script(_ => throw new InvalidDataException("bent"));
        await Assert.ThrowsAsync<InvalidDataException>(Put);
        _store.Script(_ => throw new FileNotFoundException("spooled file"));
        await Assert.ThrowsAsync<FileNotFoundException>(Put);
        Assert.Equal(2, _store.Calls);
    }

    [Fact]
    public async Task A_conflict_is_an_answer()
    {
        _store.Script(_ => Task.FromResult(PutOutcome.Conflict));
        Assert.Equal(PutOutcome.Conflict, await Put());
        Assert.Equal(1, _store.Calls);
    }

    [Fact]
    public async Task An_attempt_that_hangs_is_given_up_after_its_time_and_tried_again()
    {
        _store.Script(Hang, Stored);
        Assert.Equal(PutOutcome.Stored, await Put());
        Assert.Equal("timeout stored", _log.Values("Outcome"));
        Assert.InRange(_store.At(1) - _store.At(0), _options.AttemptTimeout, _options.AttemptTimeout + TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task An_attempt_that_does_not_see_its_token_is_left_behind()
    {
        _store.Script(HangDeaf, Stored);
        Assert.Equal(PutOutcome.Stored, await Put());
        Assert.Equal("timeout stored", _log.Values("Outcome"));
    }

    [Fact]
    public async Task The_whole_has_an_end()
    {
        _options.MaxAttempts = 10;
        _store.Script(Hang);
        var start = _clock.GetUtcNow();
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(Put);
        Assert.InRange(_clock.GetUtcNow() - start, _options.TotalTimeout, _options.TotalTimeout + TimeSpan.FromMilliseconds(50));
        Assert.InRange(_store.Calls, 4, 5);
    }

    [Fact]
    public async Task A_long_upload_is_allowed_the_time_that_it_needs()
    {
        _options.MaxAttempts = 2;
        _store.Script(Hang, Stored);
        await Put(_file with { Length = 300L << 20 });
        Assert.InRange(_store.At(1) - _store.At(0), TimeSpan.FromSeconds(315), TimeSpan.FromSeconds(315.1));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_no_outage()
    {
        using var caller = new CancellationTokenSource();
        _store.Script(async token =>
        {
            await caller.CancelAsync();
            return await Hang(token);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Pass(Store().PutAsync(Key, _file, caller.Token)));
        Assert.Equal(1, _store.Calls);
        Assert.Equal("canceled", _log.Values("Outcome"));
    }

    [Fact]
    public async Task An_open_breaker_answers_at_once_and_closes_when_the_store_does_again()
    {
        var store = Store();
        await OpenAsync(store);
        var calls = _store.Calls;

        var refused = store.PutAsync(Key, _file, CancellationToken.None);
        Assert.True(refused.IsCompleted, "no time has to pass");
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => refused);
        Assert.Equal(calls, _store.Calls);

        _clock.Advance(_options.BreakerPause);
        _store.Script(Stored);
        Assert.Equal(PutOutcome.Stored, await store.PutAsync(Key, _file, CancellationToken.None));
        Assert.Contains(_log.Lines, line => line.Contains("answers again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pauses_grow_with_each_attempt_up_to_the_longest()
    {
        // Jitter moves each pause, so the median of many uploads is looked at.
        (_options.BaseDelay, _options.MaxDelay, _options.MaxAttempts, _options.BreakerMinAttempts) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), 7, 1000);
        var clock = new PauseClock();
        var store = Store(clock);
        _store.Script(Outage);
        for (var i = 0; i < 100; i++) await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.PutAsync(Key, _file, CancellationToken.None));

        var medians = Enumerable.Range(0, 6).Select(pause => clock.Pauses.Where((_, at) => at % 6 == pause).Order().ElementAt(50)).ToArray();
        Assert.Equal(600, clock.Pauses.Count);
        Assert.InRange(medians[0], TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(400));
        Assert.True(medians[1] > medians[0] && medians[2] > medians[1] && medians[3] > medians[2], string.Join(' ', medians));
        Assert.Equal(_options.MaxDelay, medians[5]);
    }

    [Fact]
    public async Task Refusals_do_not_open_the_breaker()
    {
        var store = Store();
        _store.Script(_ => throw new ObjectStoreForbiddenException("no"));
        for (var i = 0; i < 30; i++) await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => Pass(store.PutAsync(Key, _file, CancellationToken.None)));
        Assert.Equal(30, _store.Calls);
    }

    [Fact]
    public async Task A_record_is_uploaded_through_the_same_pipeline()
    {
        _store.Script(Outage, Stored);
        await Pass(Task.Run(async () =>
        {
            await Store().ReplaceAsync(TemporaryFolder.ManifestKey(), new byte[3], CancellationToken.None);
            return true;
        }));
        Assert.Equal("unavailable replaced", _log.Values("Outcome"));
    }

    [Fact]
    public void The_pipeline_is_the_one_that_the_options_describe()
    {
        var options = new UploadOptions();
        var strategies = Pipeline(options).Uploads.GetPipelineDescriptor().Strategies.Select(strategy => strategy.Options).ToArray();
        Assert.Collection(
            strategies,
            whole => Assert.Equal("whole", Assert.IsType<TimeoutStrategyOptions>(whole).Name),
            retry =>
            {
                var built = Assert.IsType<RetryStrategyOptions>(retry);
                Assert.Equal((3, true, Polly.DelayBackoffType.Exponential), (built.MaxRetryAttempts, built.UseJitter, built.BackoffType));
                Assert.Equal((options.BaseDelay, options.MaxDelay), (built.Delay, built.MaxDelay));
            },
            breaker => Assert.Equal(options.BreakerPause, Assert.IsType<CircuitBreakerStrategyOptions>(breaker).BreakDuration),
            attempt => Assert.Equal("attempt", Assert.IsType<TimeoutStrategyOptions>(attempt).Name));
        Assert.IsType<TimeoutStrategyOptions>(Pipeline(new UploadOptions { MaxAttempts = 1 }).Uploads.GetPipelineDescriptor().Strategies[0].Options);
    }

    [Fact]
    public async Task Each_attempt_is_counted_timed_and_logged()
    {
        var counted = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "framevideo.store.attempt.duration" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>()) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => counted.Add($"{value >= 0} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"));
        listener.Start();
        _store.Script(Outage, Stored);
        await Put();

        Assert.Equal("True operation=put outcome=unavailable, True operation=put outcome=stored", string.Join(", ", counted));
        Assert.Equal("1 2", _log.Values("Attempt"));
        Assert.Equal($"{Key} {Key}", _log.Values("Key"));
    }

    [Fact]
    public async Task The_pause_that_the_store_asks_for_is_kept_up_to_the_longest()
    {
        (_options.BaseDelay, _options.MaxDelay) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
        var clock = new PauseClock();
        var store = Store(clock);
        _store.Script(_ => throw Asking(3), _ => throw Asking(600), Stored);
        Assert.Equal(PutOutcome.Stored, await store.PutAsync(Key, _file, CancellationToken.None));
        Assert.Equal([TimeSpan.FromSeconds(3), _options.MaxDelay], clock.Pauses);
    }

    [Fact]
    public async Task A_pause_that_the_store_asks_for_ends_with_the_time_for_the_whole()
    {
        (_options.MaxDelay, _options.TotalTimeout) = (TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(20));
        _store.Script(_ => throw Asking(120));
        var put = Store().PutAsync(Key, _file, CancellationToken.None);
        _clock.Advance(_options.TotalTimeout - TimeSpan.FromMilliseconds(1));
        Assert.False(put.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => put);
        Assert.Equal(1, _store.Calls);
    }

    [Fact]
    public async Task Reads_are_tried_once_more_and_the_rest_passes_through()
    {
        _store.Script(Outage);
        var store = Quick();
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.GetAsync(Key, null, CancellationToken.None));
        Assert.Equal(2, _store.Calls);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.ListAsync(Prefix, CancellationToken.None).ToListAsync().AsTask());
        Assert.Equal(4, _store.Calls);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.DeleteAsync(Key, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.DeleteAsync(Prefix, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.ProbeAsync(CancellationToken.None));
        Assert.Equal(7, _store.Calls);
        Assert.Equal("get get list list delete delete probe", _log.Values("Operation"));
    }

    [Fact]
    public async Task A_read_that_is_refused_or_asked_to_wait_is_not_tried_again()
    {
        var store = Quick();
        _store.Script(_ => throw new ObjectStoreForbiddenException("no"), _ => throw new BucketNotFoundException("none"), _ => throw Asking(2));
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => store.GetAsync(Key, null, CancellationToken.None));
        await Assert.ThrowsAsync<BucketNotFoundException>(() => store.GetAsync(Key, null, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.GetAsync(Key, null, CancellationToken.None));
        Assert.Equal(3, _store.Calls);
    }

    [Fact]
    public async Task While_the_breaker_is_open_an_upload_costs_no_attempt_or_one_and_a_read_one()
    {
        var store = Store();
        await OpenAsync(store);
        var calls = _store.Calls;
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.GetAsync(Key, null, CancellationToken.None));
        Assert.Equal(calls + 1, _store.Calls);

        // The pause is over: one attempt finds out, and the upload that made it ends with that.
        _clock.Advance(_options.BreakerPause);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.PutAsync(Key, _file, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.PutAsync(Key, _file, CancellationToken.None));
        Assert.Equal(calls + 2, _store.Calls);
    }

    [Fact]
    public async Task A_probe_that_is_answered_after_one_that_was_not_closes_the_breaker()
    {
        var store = Store();
        await OpenAsync(store);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.ProbeAsync(CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.PutAsync(Key, _file, CancellationToken.None));

        _store.Script(Stored);
        await store.ProbeAsync(CancellationToken.None);
        Assert.Equal(PutOutcome.Stored, await store.PutAsync(Key, _file, CancellationToken.None));
    }

    [Fact]
    public async Task A_probe_that_was_answered_all_along_says_nothing_about_uploads()
    {
        var store = Store();
        await OpenAsync(store);
        _store.Script(Stored);
        await store.ProbeAsync(CancellationToken.None);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.PutAsync(Key, _file, CancellationToken.None));
    }

    private static Task<PutOutcome> Outage(CancellationToken token) => throw new ObjectStoreUnavailableException("503");

    private static Task<PutOutcome> Stored(CancellationToken token) => Task.FromResult(PutOutcome.Stored);

    private async Task<PutOutcome> Hang(CancellationToken token)
    {
        var hang = Task.Delay(Timeout.Infinite, token);
        await _hanging.Writer.WriteAsync(token, CancellationToken.None);
        await hang;
        return default;
    }

    private async Task<PutOutcome> HangDeaf(CancellationToken token)
    {
        await _hanging.Writer.WriteAsync(token, CancellationToken.None);
        return await new TaskCompletionSource<PutOutcome>().Task;
    }

    private StorePipeline Pipeline(UploadOptions? options = null) =>
        new(Options.Create(options ?? _options), _clock, new StoreMetrics(_services.GetRequiredService<IMeterFactory>()), _log);

    private static ObjectStoreUnavailableException Asking(int seconds) => new("503 SlowDown") { RetryAfter = TimeSpan.FromSeconds(seconds) };

    private ResilientObjectStore Store()
    {
        _store.Clock = _clock;
        return new ResilientObjectStore(_store, Pipeline());
    }

    private ResilientObjectStore Store(TimeProvider clock) =>
        new(_store, new StorePipeline(Options.Create(_options), clock, new StoreMetrics(_services.GetRequiredService<IMeterFactory>()), _log));

    /// <summary>A store whose pauses are over at once.</summary>
    private ResilientObjectStore Quick() => Store(new PauseClock());

    private async Task OpenAsync(ResilientObjectStore store)
    {
        _store.Script(Outage);
        while (_store.Calls < _options.BreakerMinAttempts) await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.PutAsync(Key, _file, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => store.PutAsync(Key, _file, CancellationToken.None));
        Assert.Equal(_options.BreakerMinAttempts, _store.Calls);
    }

    private Task<PutOutcome> Put() => Put(_file);

    private Task<PutOutcome> Put(SpooledFile file) => Pass(Store().PutAsync(Key, file, CancellationToken.None));

    /// <summary>Lets time pass while the store hangs, until the hanging attempt is given up, and not a step longer.</summary>
    private async Task<T> Pass<T>(Task<T> work)
    {
        while (true)
        {
            var hanging = _hanging.Reader.ReadAsync().AsTask();
            if (await Task.WhenAny(work, hanging) == work) return await work;
            var token = await hanging;
            while (!token.IsCancellationRequested) _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }
}
