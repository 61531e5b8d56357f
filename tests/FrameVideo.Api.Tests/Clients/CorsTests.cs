using System.Net;
using System.Net.Http.Headers;
using FrameService;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FrameVideo.Api.Tests.Clients;

/// <summary>What a browser is told that a page of another origin may do. Browsers themselves are asked in <see cref="TypeScriptClientTests"/>.</summary>
[Collection(nameof(ClientPair))]
public sealed class CorsTests(ClientPair pair)
{
    private const string Exposed = "Location,Retry-After,ETag,X-Correlation-Id,Idempotent-Replayed,RateLimit,RateLimit-Policy,Content-Range,Accept-Ranges,Content-Disposition";

    private static readonly string[] Taken =
    [
        "accept", "authorization", "x-api-key", "x-user-id", "content-type", "idempotency-key", "if-match", "if-none-match", "if-range", "range", "last-event-id", "x-correlation-id", "traceparent", "tracestate",
    ];

    [Theory]
    [InlineData("frames")]
    [InlineData("videos")]
    [InlineData("door")]
    public async Task A_preflight_needs_no_key_and_is_told_what_the_api_takes_for_two_hours(string where)
    {
        using var http = Http.Client(AddressOf(where));
        foreach (var path in new[] { where == "videos" ? "/v1/videos" : "/v1/sessions", "/v1/objects/anna/req_1_a/manifest.json" })
        {
            using var answer = await http.SendAsync(Preflight(path, pair.Origin));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Equal(pair.Origin, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Equal("GET,HEAD,POST,PUT,PATCH,DELETE", Header(answer, "Access-Control-Allow-Methods"));
            Assert.Equal(Taken.Order(), Header(answer, "Access-Control-Allow-Headers")!.Split(',').Select(name => name.ToLowerInvariant()).Order());
            Assert.Equal("7200", Header(answer, "Access-Control-Max-Age"));
            Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://app.example.org")]
    public async Task An_origin_that_is_not_listed_is_told_nothing(string origin)
    {
        using var http = pair.Frames.Client();
        using var preflight = await http.SendAsync(Preflight("/v1/sessions", origin));
        using var answer = await http.SendAsync(Get("/health/live", origin));
        Assert.All([preflight, answer], told => Assert.DoesNotContain(told.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("Origin", Header(answer, "Vary"));
    }

    [Theory]
    [InlineData("frames")]
    [InlineData("door")]
    public async Task A_page_can_read_every_refusal_with_its_headers(string where)
    {
        using var http = Http.Client(AddressOf(where));
        HttpRequestMessage Asked(HttpMethod method, string path, string? key, HttpContent? body = null)
        {
            var request = new HttpRequestMessage(method, path) { Content = body };
            if (key is not null) request.Headers.Add("X-API-Key", key);
            // Who sends on after a refusal may be cut off before it has read the answer.
            request.Headers.ExpectContinue = body is not null;
            return request;
        }

        var json = new MediaTypeHeaderValue("application/json");
        var id = RequestId.New(TimeProvider.System);
        var refusals = new List<(int Status, HttpRequestMessage Request)>
        {
            (400, Asked(HttpMethod.Post, "/v1/sessions", pair.Key, new StringContent("{", json))),
            (401, Asked(HttpMethod.Get, "/v1/sessions", null)),
            (401, Asked(HttpMethod.Post, "/v1/sessions", "fv_wrong", new StringContent("{}", json))),
            (403, Asked(HttpMethod.Delete, $"/v1/sessions/{id}", pair.Reader)),
            (404, Asked(HttpMethod.Get, $"/v1/sessions/{id}", pair.Key)),
            (404, Asked(HttpMethod.Get, "/v1/nothing", pair.Key)),
            (405, Asked(HttpMethod.Put, "/v1/sessions", pair.Key)),
            (413, Asked(HttpMethod.Patch, $"/v1/sessions/{id}/frames/1", pair.Key, new StringContent(new string(' ', 1 << 20), json))),
            (415, Asked(HttpMethod.Post, "/v1/sessions", pair.Key, new StringContent("a boat"))),
        };
        // The front door has no such address; it answers that itself, and its own list is another test's. A body that is cut may cut its answer, too.
        if (where == "door") refusals.RemoveAll(refusal => refusal.Status == 413 || refusal.Request.RequestUri!.OriginalString == "/v1/nothing");
        else refusals.Add((500, Asked(HttpMethod.Get, ClientPair.Broken, null)));
        foreach (var (status, request) in refusals) await AssertReadableAsync(http, request, status);

        using var anna = Http.Client(AddressOf(where));
        anna.DefaultRequestHeaders.Add("X-API-Key", pair.Key);
        await anna.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        anna.DefaultRequestHeaders.Add("Origin", pair.Origin);
        var streams = new List<HttpResponseMessage>();
        do streams.Add(await EventStream.SendAsync(anna, $"/v1/sessions/{id}/events"));
        while (streams[^1].IsSuccessStatusCode);
        await AssertReadableAsync(streams[^1], 429);
        Assert.NotNull(streams[^1].Headers.RetryAfter);
        foreach (var stream in streams) stream.Dispose();

        try
        {
            pair.Frames.StoreIsDown = true;
            await AssertReadableAsync(http, Asked(HttpMethod.Get, $"/v1/sessions/{RequestId.New(TimeProvider.System)}", pair.Key), 503);
        }
        finally
        {
            pair.Frames.StoreIsDown = false;
        }
    }

    [Fact]
    public async Task A_picture_that_an_img_has_fetched_is_not_given_to_a_script_from_a_cache()
    {
        using var http = pair.Frames.Client();
        http.DefaultRequestHeaders.Add("X-API-Key", pair.Key);
        var id = RequestId.New(TimeProvider.System);
        var link = new Uri((await http.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>()).ImageUrl!).PathAndQuery;
        using var plain = await http.GetAsync(link);
        Assert.Equal("Origin", Header(plain, "Vary"));
        Assert.Null(Header(plain, "Access-Control-Allow-Origin"));

        foreach (var where in new[] { "frames", "door" })
        {
            using var page = Http.Client(AddressOf(where));
            var part = Get(link, pair.Origin);
            part.Headers.Range = new RangeHeaderValue(0, 9);
            using var read = await page.SendAsync(part);
            Assert.Equal(HttpStatusCode.PartialContent, read.StatusCode);
            Assert.Equal((pair.Origin, Exposed, "Origin"), (Header(read, "Access-Control-Allow-Origin"), Header(read, "Access-Control-Expose-Headers"), Header(read, "Vary")));
        }

        // What the operation says of itself stays.
        using var image = await http.SendAsync(Get($"/v1/sessions/{id}/frames/1/image", pair.Origin));
        Assert.Equal((HttpStatusCode.Redirect, "Accept,Origin"), (image.StatusCode, Header(image, "Vary")));
    }

    [Fact]
    public async Task Without_a_list_no_page_is_told_anything_and_a_listed_one_may_change_what_nobody_guards()
    {
        using var data = new TempFolder();
        await using (var app = await RunningApp.StartAsync(args => FrameApp.Build(args), data))
        {
            using var http = app.Client();
            using var preflight = await http.SendAsync(Preflight("/v1/sessions", pair.Origin));
            Assert.Equal(HttpStatusCode.MethodNotAllowed, preflight.StatusCode);
            using var read = await http.SendAsync(Get("/v1/sessions", pair.Origin));
            Assert.All([preflight, read], told => Assert.DoesNotContain(told.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase) || header.Key == "Vary"));
            Assert.Equal((403, "origin-refused"), await DraftAsync(http, "https://app.example.org"));
        }

        await using var listing = await RunningApp.StartAsync(args => FrameApp.Build(args), data, "Cors:Origins:0=https://app.example.org");
        using var page = listing.Client();
        Assert.Equal((201, ""), await DraftAsync(page, "https://app.example.org"));
        Assert.Equal((403, "origin-refused"), await DraftAsync(page, "https://app.example.org.evil.example"));
        Assert.Equal((403, "origin-refused"), await DraftAsync(page, "null"));
    }

    [Fact]
    public async Task The_front_door_lets_pages_read_what_it_answers_in_a_services_place()
    {
        using var data = new TempFolder();
        var nobody = $"http://127.0.0.1:{Ports.Free()}";
        await using var door = new ServiceProcess("FrontDoor", data.Combine("door.log"), new Dictionary<string, string> { ["FrameService__Url"] = nobody, ["VideoService__Url"] = pair.Videos.Address, ["Cors__Origins__0"] = pair.Origin });
        await door.StartAsync();
        using var http = Http.Client(door.Address);
        await AssertReadableAsync(http, new HttpRequestMessage(HttpMethod.Get, "/v1/sessions"), 503);
        await AssertReadableAsync(http, new HttpRequestMessage(HttpMethod.Get, "/v1/nothing"), 404);
        // A service that answers for itself says everything once.
        var refused = await AssertReadableAsync(http, new HttpRequestMessage(HttpMethod.Get, "/v1/videos"), 401);
        Assert.Equal("Origin", Header(refused, "Vary"));
        using var preflight = await http.SendAsync(Preflight("/v1/sessions", pair.Origin));
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
    }

    [Theory]
    [InlineData("*", "There are no wildcards")]
    [InlineData("https://*.example.org", "There are no wildcards")]
    [InlineData("null", "An origin is scheme://host[:port]")]
    [InlineData("", "An origin is scheme://host[:port]")]
    [InlineData("app.example.org", "An origin is scheme://host[:port]")]
    [InlineData("file:///home", "An origin is scheme://host[:port]")]
    [InlineData("https://app.example.org/", "Browsers call that origin https://app.example.org, without")]
    [InlineData("https://app.example.org/page", "Browsers call that origin https://app.example.org, without")]
    [InlineData("https://app.example.org?x", "Browsers call that origin https://app.example.org, without")]
    [InlineData("https://anna@app.example.org", "Browsers call that origin https://app.example.org, without")]
    [InlineData("HTTPS://App.Example.org:443", "Browsers call that origin https://app.example.org, without")]
    [InlineData("https://bücher.example", "Browsers call that origin https://xn--bcher-kva.example, without")]
    [InlineData("http://[0:0::1]:80", "Browsers call that origin http://[::1], without")]
    public void An_entry_that_no_browser_would_match_is_a_mistake(string origin, string reason) =>
        Assert.StartsWith($"Cors:Origins:0 is '{origin}'. {reason}", Assert.Single(MistakesOf("Cors:Origins:0", origin)), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://app.example.org")]
    [InlineData("http://localhost:5173")]
    [InlineData("https://xn--bcher-kva.example:8443")]
    [InlineData("http://[::1]:3000")]
    public void An_entry_is_written_as_browsers_write_it(string origin) => Assert.Empty(MistakesOf("Cors:Origins:0", origin));

    [Fact]
    public async Task A_mistake_in_the_list_refuses_the_start_and_so_does_a_list_that_is_none()
    {
        Assert.Contains("set by Cors__Origins__0", Assert.Single(MistakesOf("Cors:Origins", "https://app.example.org")), StringComparison.Ordinal);
        using var data = new TempFolder();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningApp.StartAsync(args => FrameApp.Build(args), data, "Cors:Origins:0=*"));
        Assert.Contains("There are no wildcards", refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> MistakesOf(string key, string value) => CorsOrigins.Mistakes(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build());

    private async Task<HttpResponseMessage> AssertReadableAsync(HttpClient http, HttpRequestMessage request, int status)
    {
        request.Headers.Add("Origin", pair.Origin);
        var answer = await http.SendAsync(request);
        await AssertReadableAsync(answer, status);
        return answer;
    }

    private async Task AssertReadableAsync(HttpResponseMessage answer, int status)
    {
        var what = $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
        Assert.True(status == (int)answer.StatusCode, what);
        Assert.True(answer.Content.Headers.ContentType?.MediaType == "application/problem+json", what);
        Assert.True(Header(answer, "Access-Control-Allow-Origin") == pair.Origin && Header(answer, "Access-Control-Expose-Headers") == Exposed, what);
        Assert.True(Header(answer, "Vary")?.Split(',').Count(name => name == "Origin") == 1, what);
    }

    private static async Task<(int Status, string Code)> DraftAsync(HttpClient http, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/sessions/{RequestId.New(TimeProvider.System)}/frames/1") { Content = new ByteArrayContent(Pictures.Png()) };
        request.Headers.Add("Origin", origin);
        var sent = http.SendAsync(request);
        if ((await sent).StatusCode == HttpStatusCode.Created) return (201, "");
        var (status, code, _) = await sent.RefusalAsync();
        return (status, code);
    }

    private static HttpRequestMessage Get(string path, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", origin);
        return request;
    }

    private static HttpRequestMessage Preflight(string path, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,idempotency-key");
        return request;
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values).Replace(" ", "", StringComparison.Ordinal) : null;

    private string AddressOf(string where) => where switch { "frames" => pair.Frames.Address, "videos" => pair.Videos.Address, _ => pair.Door.Address };
}
