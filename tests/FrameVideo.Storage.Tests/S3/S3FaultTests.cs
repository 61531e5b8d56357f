using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using FrameVideo.Contracts;
using FrameVideo.TestKit.Faults;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using static FrameVideo.Storage.Tests.TemporaryFolder;

namespace FrameVideo.Storage.Tests;

/// <summary>The store and its pipelines against a server that fails on the way.</summary>
[Needs(TestServers.S3)]
public sealed class S3FaultTests(S3Bucket bucket) : IClassFixture<S3Bucket>, IAsyncLifetime, IDisposable
{
    // Of one attempt and of one read: more than a busy machine needs for either.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(1 << 20);
    private readonly ObjectKey _key = FrameKey($"u{RandomNumberGenerator.GetHexString(8)}");
    private S3FaultProxy _proxy = null!;
    private S3TestStore _s3 = null!;
    private ResilientObjectStore _store = null!;
    private SpooledFile _file = null!;

    public async Task InitializeAsync()
    {
        _proxy = await S3FaultProxy.StartAsync(bucket.Bucket.Endpoint);
        _s3 = new S3TestStore(bucket.Bucket, options => (options.Endpoint, options.ReadTimeout) = (_proxy.Endpoint.ToString(), Patience));
        var options = new UploadOptions { BaseDelay = TimeSpan.FromMilliseconds(10), AttemptTimeout = Patience };
        var metrics = new StoreMetrics(_services.GetRequiredService<IMeterFactory>());
        _store = new ResilientObjectStore(_s3.Store, new StorePipeline(Options.Create(options), TimeProvider.System, metrics, new RecordingLogger<StorePipeline>()));
        _file = await _folder.Spooled(_bytes);
    }

    public void Dispose()
    {
        _s3.Dispose();
        _folder.Dispose();
    }

    public async Task DisposeAsync()
    {
        _file.Dispose();
        await _proxy.DisposeAsync();
        await _services.DisposeAsync();
    }

    [ServerTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_store_that_is_busy_is_asked_again_and_only_as_often_as_the_pipeline_says(int times)
    {
        _proxy.Inject(S3Fault.SlowDown(), times);
        Assert.Equal(PutOutcome.Stored, await PutAsync());
        Assert.Equal(times + 1, Puts);
        Assert.Equal(_bytes, await ReadAsync());
    }

    [ServerFact]
    public async Task A_store_that_stays_busy_is_unavailable_after_the_last_attempt()
    {
        _proxy.Inject(S3Fault.SlowDown());
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(PutAsync);
        Assert.Equal(4, Puts);
    }

    [ServerFact]
    public async Task The_pause_that_the_server_names_is_told()
    {
        _proxy.Inject(S3Fault.SlowDown(TimeSpan.FromSeconds(7)));
        var told = await Assert.ThrowsAsync<ObjectStoreUnavailableException>(() => _s3.Store.PutAsync(_key, _file, CancellationToken.None));
        Assert.Equal(TimeSpan.FromSeconds(7), told.RetryAfter);
    }

    [ServerTheory]
    [InlineData(FaultPlace.AfterRequestHeaders, PutOutcome.Stored)]
    [InlineData(FaultPlace.MidRequestBody, PutOutcome.Stored)]
    [InlineData(FaultPlace.BeforeAnswer, PutOutcome.Same)]
    public async Task A_put_whose_connection_is_reset_or_stalls_is_made_again(FaultPlace place, PutOutcome outcome)
    {
        _proxy.Inject(S3Fault.Reset(place), 1);
        _proxy.Inject(S3Fault.Stall(place), 1);
        Assert.Equal(outcome, await PutAsync());
        Assert.Equal(3, Puts);
        Assert.Equal(_bytes, await ReadAsync());
    }

    [ServerTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_breaks_off_or_stalls_is_an_outage_and_holds_nobody(bool stalls)
    {
        await PutAsync();
        _proxy.Inject(stalls ? S3Fault.Stall(FaultPlace.MidResponseBody) : S3Fault.Reset(FaultPlace.MidResponseBody), 1);
        await Assert.ThrowsAsync<ObjectStoreUnavailableException>(ReadAsync);
        Assert.Equal(_bytes, await ReadAsync());
    }

    [ServerFact]
    public async Task A_refusal_is_not_asked_again()
    {
        _proxy.Inject(S3Fault.Forbidden());
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(PutAsync);
        await Assert.ThrowsAsync<ObjectStoreForbiddenException>(() => _store.GetAsync(_key, null, CancellationToken.None));
        Assert.Equal(2, _proxy.Requests.Count);
    }

    [ServerFact]
    public async Task While_everything_is_down_the_breaker_keeps_the_requests_few()
    {
        _proxy.Outage = true;
        for (var i = 0; i < 50; i++) await Assert.ThrowsAsync<ObjectStoreUnavailableException>(PutAsync);
        Assert.InRange(Puts, 10, 13);
    }

    private int Puts => _proxy.Requests.Count(request => request.Method == "PUT");

    private Task<PutOutcome> PutAsync() => _store.PutAsync(_key, _file, CancellationToken.None);

    private async Task<byte[]> ReadAsync()
    {
        await using var found = await _store.GetAsync(_key, null, CancellationToken.None);
        using var bytes = new MemoryStream();
        await found!.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
