using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;

namespace FrameService.Tests.Database;

/// <summary>A PostgreSQL of the test's own that goes and comes: callers are told 503, never an empty list, and nothing that was committed is lost.</summary>
[Needs(TestServers.Postgres)]
public sealed class DatabaseOutageTests(TempFolder data, Xunit.Abstractions.ITestOutputHelper output) : IAsyncLifetime, IClassFixture<TempFolder>
{
    private OwnPostgres _server = null!;

    public async Task InitializeAsync() => _server = await OwnPostgres.StartAsync(fsync: true);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [ServerFact]
    public async Task A_service_that_starts_before_its_database_says_503_and_goes_on_by_itself()
    {
        await _server.StopAsync(immediate: false);
        await using var app = await StartAsync();
        using var http = app.Client();
        await RequireUnavailableAsync(http);
        using (var ready = await http.GetAsync("/health/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            var health = JsonSerializer.Deserialize<JsonElement>(await ready.Content.ReadAsStringAsync());
            Assert.Equal("The database does not answer.", health.GetProperty("problems").GetProperty("database").GetString());
        }

        using (var alive = await http.GetAsync("/health/live")) Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        await _server.StartAgainAsync();
        var back = Stopwatch.StartNew();
        await Wait.UntilAsync(async () => await IsOkAsync(http, "/health/ready"), "the service to be ready", TimeSpan.FromSeconds(20));
        output.WriteLine($"ready {back.Elapsed.TotalSeconds:F1} s after the database");
        var begun = await http.PostAsync("/v1/sessions", new { prompt = "a well", frameCount = 2 }).ReadAsync<Session>();
        Assert.Equal(SessionStatus.Completed, (await http.EndedAsync(begun.Id)).Status);
    }

    [ServerFact]
    public async Task A_crash_under_load_loses_nothing_that_was_acknowledged()
    {
        await using var app = await StartAsync();
        using var http = app.Client();
        await Wait.UntilAsync(() => IsOkAsync(http, "/health/ready"), "the service to be ready");
        var acknowledged = new ConcurrentBag<(RequestId Id, string Sha256)>();
        var refused = new ConcurrentBag<(int Status, string Code)>();
        using var ending = new CancellationTokenSource();
        var generated = (await http.PostAsync("/v1/sessions", new { prompt = "a train across the plain", frameCount = 12 }).ReadAsync<Session>()).Id;
        var load = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (!ending.IsCancellationRequested)
            {
                var id = RequestId.New(TimeProvider.System);
                using var answer = await http.PutPictureAsync(id, 1, Pictures.Png());
                if (answer.IsSuccessStatusCode) acknowledged.Add((id, (await Task.FromResult(answer).ReadAsync<Frame>()).Sha256!));
                else refused.Add((await Task.FromResult(answer).RefusalAsync()) is var refusal ? (refusal.Status, refusal.Code) : default);
            }
        })).ToList();
        await Wait.UntilAsync(() => Task.FromResult(acknowledged.Count > 20), "some load");
        await _server.StopAsync(immediate: true);
        await Wait.UntilAsync(() => Task.FromResult(!refused.IsEmpty), "a refusal");
        await RequireUnavailableAsync(http);
        await _server.StartAgainAsync();
        var back = Stopwatch.StartNew();
        var before = acknowledged.Count;
        await Wait.UntilAsync(() => Task.FromResult(acknowledged.Count > before + 5), "the service to be back", TimeSpan.FromSeconds(20));
        output.WriteLine($"back {back.Elapsed.TotalSeconds:F2} s after the database; {refused.Count} refused, {acknowledged.Count} acknowledged");
        await ending.CancelAsync();
        await Task.WhenAll(load);

        Assert.All(refused, refusal => Assert.Equal((503, "database-unavailable"), refusal));
        foreach (var (id, sha256) in acknowledged) Assert.Equal(sha256, (await http.GetAsync<Frame>($"/v1/sessions/{id}/frames/1")).Sha256);
        Assert.Equal(SessionStatus.Completed, (await http.EndedAsync(generated)).Status);
    }

    [ServerFact]
    public async Task A_stream_of_events_outlasts_an_outage_and_misses_nothing()
    {
        await using var app = await StartAsync();
        using var http = app.Client();
        await Wait.UntilAsync(() => IsOkAsync(http, "/health/ready"), "the service to be ready");
        var id = RequestId.New(TimeProvider.System);
        await http.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        using var stream = await EventStream.OpenAsync(http, $"/v1/sessions/{id}/events");
        await using var events = stream!.ReadAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        await _server.StopAsync(immediate: true);
        var next = events.MoveNextAsync();
        await RequireUnavailableAsync(http);
        await _server.StartAgainAsync();
        await Wait.UntilAsync(() => IsOkAsync(http, "/health/ready"), "the service to be ready");
        await http.PutPictureAsync(id, 2, Pictures.Png()).ReadAsync<Frame>();
        Assert.True(await next);
        Assert.Equal(2, events.Current.Number);
    }

    private static async Task RequireUnavailableAsync(HttpClient http)
    {
        foreach (var path in new[] { "/v1/sessions", $"/v1/sessions/{RequestId.New(TimeProvider.System)}" })
        {
            using var answer = await http.GetAsync(path);
            Assert.Equal(503, (int)answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Equal("database-unavailable", (await Task.FromResult(answer).RefusalAsync()).Code);
        }
    }

    private static async Task<bool> IsOkAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.IsSuccessStatusCode;
    }

    private Task<RunningApp> StartAsync() =>
        RunningApp.StartAsync(args => FrameApp.Build(args), data, "Database:Kind=postgres", $"Database:ConnectionString={_server.ConnectionString}", "Logging:LogLevel:Default=Critical");
}
