using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using FrameService;
using FrameVideo.Api.Tests.Isolation;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Hardening;

/// <summary>Who asks too often waits; nobody else does.</summary>
public sealed class RateLimitTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _data = new();
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private RunningApp _frames = null!;

    private string KeyFile => _data.Combine("keys.json");

    public async Task InitializeAsync()
    {
        foreach (var (id, user) in new[] { ("anna", "anna"), ("annas-other", "anna"), ("berta", "berta"), ("backend", null) }) _keys[id] = Keys.Add(KeyFile, id, user, Keys.Everything);
        _frames = await RunningApp.StartAsync(
            args => FrameApp.Build(args), _data, $"Auth:ApiKeysFile={KeyFile}", "RateLimits:Reads=4", "RateLimits:Writes=100", "RateLimits:Uploads=1000", "RateLimits:Links=8", "RateLimits:Unauthenticated=10",
            "RateLimits:FailedAuthentications=3", "RateLimits:ConcurrentUploads=1");
    }

    public async Task DisposeAsync() => await _frames.DisposeAsync();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_come_again_with_whatever_key_and_others_are_served()
    {
        using var anna = As("anna");
        for (var left = 3; left >= 0; left--)
        {
            using var answer = await anna.GetAsync("/v1/sessions");
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Equal(["\"reads\";q=4;w=60"], answer.Headers.GetValues("RateLimit-Policy"));
            Assert.Matches($"^\"reads\";r={left};t=[0-9]+$", answer.Headers.GetValues("RateLimit").Single());
        }

        foreach (var key in new[] { "anna", "annas-other" })
        {
            using var http = As(key);
            using var refused = await http.GetAsync("/v1/sessions");
            Assert.Equal((429, "too-many-requests"), await CodeAsync(refused));
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
            Assert.StartsWith("\"reads\";r=0;t=", refused.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
        }

        using var berta = As("berta");
        Assert.Equal(200, await StatusAsync(berta.GetAsync("/v1/sessions")));
        // What is written is counted apart from what is read.
        Assert.Equal(404, await StatusAsync(anna.DeleteAsync($"/v1/sessions/{RequestId.New(TimeProvider.System)}")));
    }

    [Fact]
    public async Task A_back_end_s_users_are_counted_each_and_what_names_none_counts_for_the_back_end()
    {
        using var backend = As("backend");
        foreach (var user in new[] { "carla", "doris" })
        {
            for (var i = 0; i < 4; i++) Assert.Equal(200, await StatusAsync(backend.GetAsync($"/v1/sessions?userId={user}")));
            Assert.Equal(429, await StatusAsync(backend.GetAsync($"/v1/sessions?userId={user}")));
        }

        for (var i = 0; i < 4; i++) Assert.Equal(400, await StatusAsync(backend.GetAsync("/v1/sessions")));
        Assert.Equal(429, await StatusAsync(backend.GetAsync("/v1/sessions")));
    }

    [Fact]
    public async Task Keys_are_not_guessed_by_the_thousand_nobody_beside_is_locked_out_and_an_address_is_not_changed_by_saying_so()
    {
        using var guesser = _frames.Client();
        for (var i = 0; i < 3; i++) Assert.Equal((401, "invalid-api-key"), await GuessAsync(guesser, ApiKey.New().Text, "203.0.113.7"));
        Assert.Equal((429, "too-many-requests"), await GuessAsync(guesser, ApiKey.New().Text, "203.0.113.7"));
        // Whoever shares the address and has a key is not locked out.
        using (var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sessions") { Headers = { { "X-API-Key", _keys["anna"] }, { "X-Forwarded-For", "203.0.113.7" } } })
            Assert.Equal(200, await StatusAsync(guesser.SendAsync(request)));
        // What stands before the last hop is the guesser's own word.
        Assert.Equal((429, "too-many-requests"), await GuessAsync(guesser, ApiKey.New().Text, "198.51.100.1, 203.0.113.7"));
        Assert.Equal((401, "invalid-api-key"), await GuessAsync(guesser, ApiKey.New().Text, "203.0.113.8"));
        // One line of IPv6 is one address.
        for (var i = 0; i < 3; i++) Assert.Equal((401, "invalid-api-key"), await GuessAsync(guesser, ApiKey.New().Text, string.Create(CultureInfo.InvariantCulture, $"2001:db8:1:2::{i}")));
        Assert.Equal((429, "too-many-requests"), await GuessAsync(guesser, ApiKey.New().Text, "2001:db8:1:2:ffff::9"));
    }

    [Fact]
    public async Task Who_does_not_say_who_it_is_is_counted_by_address_and_health_is_never_counted()
    {
        using var nobody = _frames.Client();
        nobody.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        for (var i = 0; i < 10; i++) Assert.Equal((401, "unauthorized"), await CodeAsync(await nobody.GetAsync("/v1/sessions")));
        Assert.Equal((429, "too-many-requests"), await CodeAsync(await nobody.GetAsync("/v1/sessions")));
        Assert.Equal(429, await StatusAsync(nobody.GetAsync("/openapi/v1.json")));
        for (var i = 0; i < 20; i++)
        {
            using var health = await nobody.GetAsync("/health/live");
            Assert.Equal((200, false), ((int)health.StatusCode, health.Headers.Contains("RateLimit")));
        }
    }

    [Fact]
    public async Task Links_are_counted_for_their_user_apart_from_what_the_user_asks_itself()
    {
        using var anna = As("anna");
        var link = (await anna.PutPictureAsync(RequestId.New(TimeProvider.System), 1, Pictures.Png()).ReadAsync<Frame>()).ImageUrl!;
        using var player = _frames.Client();
        for (var i = 0; i < 8; i++)
        {
            using var range = new HttpRequestMessage(HttpMethod.Get, link) { Headers = { Range = new RangeHeaderValue(i, i + 9) } };
            using var part = await player.SendAsync(range);
            Assert.Equal(206, (int)part.StatusCode);
            Assert.StartsWith($"\"links\";r={7 - i};", part.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
        }

        Assert.Equal((429, "too-many-requests"), await CodeAsync(await player.GetAsync(link)));
        Assert.Equal(200, await StatusAsync(anna.GetAsync("/v1/sessions")));
        // A token that does not hold is nobody's.
        using var forged = await player.GetAsync(Regex.Replace(link, "token=.", "token=x"));
        Assert.StartsWith("\"unauthenticated\";", forged.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_an_address_is_counted_as_whoever_shows_it_and_not_as_a_link()
    {
        var id = RequestId.New(TimeProvider.System);
        using var berta = As("berta");
        await berta.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        var token = (await berta.PostAsync("/v1/tokens", new { requestId = id }).ReadAsync<RequestToken>()).Token;
        using var browser = _frames.Client();
        using var answer = await browser.GetAsync($"/v1/sessions/{id}?token={token}");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.StartsWith("\"reads\";r=3;", answer.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_all_its_places_for_uploads_taken_waits_and_others_upload()
    {
        using var berta = As("berta");
        var id = RequestId.New(TimeProvider.System);
        using var slow = await RawAnswer.ConnectAsync(_frames.Address);
        await slow.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"PUT /v1/sessions/{id}/frames/1 HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {_keys["berta"]}\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"));
        // "Continue" is said by whoever begins to read the body.
        Assert.StartsWith("HTTP/1.1 100", await LineAsync(slow.GetStream()), StringComparison.Ordinal);
        Assert.Equal((429, "too-many-requests"), await CodeAsync(await berta.PutPictureAsync(id, 2, Pictures.Png())));
        using var anna = As("anna");
        Assert.Equal(201, await StatusAsync(anna.PutPictureAsync(id, 2, Pictures.Png())));
        slow.Close();
        await Wait.UntilAsync(async () => await StatusAsync(berta.PutPictureAsync(id, 2, Pictures.Png())) == 201, "the place to be free again");
    }

    [Fact]
    public void A_million_addresses_take_no_more_room_than_a_few()
    {
        using var quota = new CallerQuota("test", 2, maxCallers: 500);
        for (var i = 0; i < 1_000_000; i++) quota.Take(i.ToString(CultureInfo.InvariantCulture));
        Assert.InRange(quota.Buckets, 500, 500 + 1024 + Environment.ProcessorCount);
    }

    [Fact]
    public void A_flood_from_everywhere_locks_nobody_out_whose_own_credentials_hold()
    {
        using var quota = new CallerQuota("test", 2, maxCallers: 500);
        for (var i = 0; i < 10; i++) quota.Take("guesser");
        Assert.False(quota.HasRoom("guesser"));
        for (var i = 0; i < 20_000; i++) quota.Take(i.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < 100; i++) Assert.True(quota.HasRoom($"honest {i}"));
    }

    private static async Task<string> LineAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadLineAsync() ?? "";
    }

    private static async Task<(int Status, string Code)> GuessAsync(HttpClient http, string key, string from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sessions") { Headers = { { "X-API-Key", key }, { "X-Forwarded-For", from } } };
        return await CodeAsync(await http.SendAsync(request));
    }

    private static async Task<(int Status, string Code)> CodeAsync(HttpResponseMessage answer)
    {
        var (status, code, _) = await Task.FromResult(answer).RefusalAsync();
        return (status, code);
    }

    private static async Task<int> StatusAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        return (int)answer.StatusCode;
    }

    private HttpClient As(string key)
    {
        var http = _frames.Client();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _keys[key]);
        return http;
    }
}
