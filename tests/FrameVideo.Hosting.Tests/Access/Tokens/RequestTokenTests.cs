using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FrameVideo.Hosting.Tests.Access.Tokens;

/// <summary>What the token of one request ID opens, asked of both running services; and what it does not.</summary>
[Collection(GuardedPair.Collection)]
public sealed class RequestTokenTests(GuardedPair pair)
{
    private static readonly string[] All = [Scopes.FramesRead, Scopes.FramesWrite, Scopes.VideosRead, Scopes.VideosWrite];

    /// <summary>Everything that a token of one request ID may ask for; what is not named here is closed to it.</summary>
    private static readonly string[] Open =
    [
        "createSession", "planSession", "getSession", "cancelSession", "approveSession", "retrySession", "listSessionEvents", "putFrame", "putUpload", "getFrame", "patchFrame", "regenerateFrame", "getFrameImage",
        "createVideo", "planVideo", "listVideos", "getVideo", "listVideoEvents", "cancelVideo", "retryVideo", "rerenderVideo", "getVideoContent", "getVideoPlaylist",
    ];

    /// <summary>Another request ID of anna's, each test's own.</summary>
    private readonly RequestId _other = RequestId.New(TimeProvider.System);

    [Fact]
    public async Task A_token_reads_for_an_hour_what_its_maker_may_read_unless_it_is_told_otherwise()
    {
        var (now, made) = (pair.Clock.GetUtcNow(), await MakeAsync("writer", pair.Filmed));
        Assert.Equal([Scopes.FramesRead, Scopes.VideosRead], made.Scopes);
        Assert.Equal(pair.Filmed, made.RequestId);
        Assert.InRange(made.ExpiresAt, now.AddSeconds(3598), now.AddSeconds(3600));
        Assert.Equal([Scopes.FramesRead], (await MakeAsync("frames", pair.Filmed)).Scopes);
        Assert.Equal(All, (await MakeAsync("operator", pair.Filmed, All)).Scopes);
        Assert.Equal([Scopes.FramesRead, Scopes.VideosRead], (await MakeAsync("reader", pair.Filmed)).Scopes);
        var ofBackend = await pair.As("backend", pair.Frames).PostAsync("/v1/tokens", new { requestId = pair.Filmed, userId = "anna" }).ReadAsync<RequestToken>();
        Assert.Equal(pair.Filmed, (await As(ofBackend, pair.Frames).GetAsync<Session>($"/v1/sessions/{pair.Filmed}")).RequestId);
    }

    [Fact]
    public async Task A_token_does_not_outlive_the_key_that_it_was_asked_for_with()
    {
        var made = await pair.As("ending", pair.Frames).PostAsync("/v1/tokens", new { requestId = pair.Filmed, expiresIn = 86400 }).ReadAsync<RequestToken>();
        Assert.Equal(pair.Ending.ToUnixTimeSeconds(), made.ExpiresAt.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("writer", """{}""", 422, "validation-failed")]
    [InlineData("writer", """{"requestId":"req_x"}""", 400, "invalid-request-id")]
    [InlineData("writer", """{"requestId":"session_1_a"}""", 400, "legacy-session-id")]
    [InlineData("writer", """{"requestId":"req_1_a","expiresIn":59}""", 422, "validation-failed")]
    [InlineData("writer", """{"requestId":"req_1_a","expiresIn":86401}""", 422, "validation-failed")]
    [InlineData("writer", """{"requestId":"req_1_a","scopes":[]}""", 422, "validation-failed")]
    [InlineData("writer", """{"requestId":"req_1_a","scopes":["admin"]}""", 422, "validation-failed")]
    [InlineData("operator", """{"requestId":"req_1_a","scopes":["users:act-as"]}""", 422, "validation-failed")]
    [InlineData("writer", """{"requestId":"req_1_a","scopes":[null]}""", 422, "validation-failed")]
    [InlineData("reader", """{"requestId":"req_1_a","scopes":["frames:read","frames:write"]}""", 403, "insufficient-scope")]
    [InlineData("frames", """{"requestId":"req_1_a","scopes":["videos:read"]}""", 403, "insufficient-scope")]
    [InlineData("writer", """{"requestId":"req_1_a","userId":"berta"}""", 403, "user-mismatch")]
    [InlineData("backend", """{"requestId":"req_1_a"}""", 400, "user-required")]
    [InlineData("writer", """{"requestId":"req_1_a","more":1}""", 400, "invalid-json")]
    [InlineData("writer", """[]""", 400, "invalid-json")]
    public async Task A_token_that_is_asked_for_wrongly_is_refused(string key, string body, int status, string code) =>
        Assert.Equal((status, code), await CodeAsync(pair.As(key, pair.Frames).PostAsync("/v1/tokens", JsonContent.Create(JsonDocument.Parse(body)))));

    [Fact]
    public void Every_operation_is_open_to_such_tokens_or_closed_on_purpose()
    {
        var open = Operations().Where(operation => operation.Endpoint.Metadata.Any(item => item.GetType().DeclaringType == typeof(RequestTokenRules))).Select(operation => operation.Name);
        Assert.Equal(Open.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_token_of_one_request_opens_nothing_of_another()
    {
        var token = await MakeAsync("writer", _other, All);
        var before = (await pair.As("writer", pair.Frames).GetAsync<Session>($"/v1/sessions/{pair.Filmed}")).UpdatedAt;
        var answers = new List<string>();
        foreach (var (name, app, endpoint) in Operations())
        {
            var (status, code) = await CodeAsync(SendAsync(As(token, app), endpoint, pair.Filmed, pair.Film));
            var closed = (status, code) is (403, "insufficient-scope") or (404, "session-not-found") or (404, "video-not-found");
            if (!closed) answers.Add($"{name}: {status} {code}");
        }

        Assert.Empty(answers);
        Assert.Equal(before, (await pair.As("writer", pair.Frames).GetAsync<Session>($"/v1/sessions/{pair.Filmed}")).UpdatedAt);
    }

    [Fact]
    public async Task The_token_of_a_request_opens_that_request_and_no_operation_beside()
    {
        var token = await MakeAsync("writer", pair.Filmed, All);
        var answers = new List<string>();
        foreach (var (name, app, endpoint) in Operations())
        {
            // There is no such film, and what the bodies say cannot be done: what is open is refused for that.
            var (status, code) = await CodeAsync(SendAsync(As(token, app), endpoint, pair.Filmed, VideoId.New(TimeProvider.System)));
            if (code == "insufficient-scope" == Open.Contains(name, StringComparer.Ordinal)) answers.Add($"{name}: {status} {code}");
        }

        Assert.Empty(answers);
    }

    public static TheoryData<string, string> ByScope()
    {
        var data = new TheoryData<string, string>();
        foreach (var operation in Reachable)
        {
            foreach (var scope in All) data.Add(operation.Name, scope);
        }

        return data;
    }

    private static readonly (string Name, string Service, string Method, string Path, string? Body)[] Reachable =
    [
        ("read the session", "frames", "GET", "/v1/sessions/{id}", null),
        ("read a frame", "frames", "GET", "/v1/sessions/{id}/frames/1", null),
        ("read a picture", "frames", "GET", "/v1/sessions/{id}/frames/1/image", null),
        ("read events", "frames", "GET", "/v1/sessions/{id}/events", null),
        ("describe a frame", "frames", "PATCH", "/v1/sessions/{id}/frames/1", """{"description":"x"}"""),
        ("list films", "videos", "GET", "/v1/videos?requestId={id}", null),
        ("read a film", "videos", "GET", "/v1/videos/{film}", null),
        ("read a film's events", "videos", "GET", "/v1/videos/{film}/events", null),
        ("plan a film", "videos", "POST", "/v1/videos", """{"requestId":"{id}","dryRun":true}"""),
    ];

    [Theory]
    [MemberData(nameof(ByScope))]
    public async Task A_token_does_what_its_scopes_say_and_nothing_else(string operation, string scope)
    {
        var (_, service, method, path, body) = Reachable.Single(candidate => candidate.Name == operation);
        string Fill(string text) => text.Replace("{id}", pair.Filmed.ToString(), StringComparison.Ordinal).Replace("{film}", pair.Film.ToString(), StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(method), Fill(path));
        if (body is not null) request.Content = JsonContent.Create(JsonDocument.Parse(Fill(body)));
        using var answer = await As(await MakeAsync("writer", pair.Filmed, scope), service == "frames" ? pair.Frames : pair.Videos).SendAsync(request);
        // A film is made of frames, which the same token has to read.
        var may = scope == $"{service}:{(method == "GET" ? "read" : "write")}" && operation != "plan a film";
        if (may) Assert.True((int)answer.StatusCode is 200 or 302, $"{(int)answer.StatusCode}");
        else
        {
            Assert.Equal((403, "insufficient-scope"), await CodeAsync(Task.FromResult(answer)));
            Assert.StartsWith("error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.Single().Parameter, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_browser_uploads_saves_and_films_with_a_token_before_anybody_else_has_used_the_ID()
    {
        var id = RequestId.New(TimeProvider.System);
        var token = await MakeAsync("writer", id, All);
        using var frames = As(token, pair.Frames);
        await frames.PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        var saved = await frames.PostAsync("/v1/sessions", new { requestId = id, frames = new[] { new { number = 1, description = "at the sea" } } }).ReadAsync<Session>();
        Assert.Equal((id, "anna"), (saved.RequestId, saved.UserId.ToString()));
        var plan = await As(token, pair.Videos).PostAsync("/v1/videos", new { requestId = id, dryRun = true }).ReadAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Object, plan.ValueKind);
    }

    [Fact]
    public async Task A_body_names_the_token_s_request_and_nothing_else()
    {
        await pair.As("writer", pair.Frames).PutPictureAsync(_other, 1, Pictures.Png()).ReadAsync<Frame>();
        var token = await MakeAsync("writer", _other, All);
        using var frames = As(token, pair.Frames);
        var picture = (await pair.As("writer", pair.Frames).GetAsync<Frame>($"/v1/sessions/{pair.Filmed}/frames/1")).ImageUrl;
        var kept = new[] { new { number = 1, description = "x" } };
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(frames.PostAsync("/v1/sessions", new { frames = kept })));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(frames.PostAsync("/v1/sessions", new { prompt = "a boat" })));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(frames.PostAsync("/v1/sessions", new { requestId = pair.Filmed, frames = kept })));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(frames.PostAsync("/v1/sessions", new { sessionId = pair.Filmed, frames = kept })));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(frames.PostAsync("/v1/sessions", new { requestId = _other, sessionId = pair.Filmed, frames = kept })));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(frames.PostAsync("/v1/sessions", new { requestId = _other, frames = kept, callbackUrl = "https://example.org/" })));
        Assert.Equal((403, "user-mismatch"), await CodeAsync(frames.PostAsync("/v1/sessions", new { requestId = _other, userId = "berta", frames = kept })));
        Assert.Equal((409, "request-id-mismatch"), await CodeAsync(frames.PostAsync("/v1/sessions", new { requestId = _other, frames = new[] { new { number = 1, imageUrl = picture } } })));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(As(token, pair.Videos).PostAsync("/v1/videos", new { requestId = pair.Filmed, dryRun = true })));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(As(token, pair.Videos).PostAsync("/v1/videos", new { requestId = _other, dryRun = true, callbackUrl = "https://example.org/" })));
        frames.DefaultRequestHeaders.Add("X-User-Id", "berta");
        Assert.Equal((403, "user-mismatch"), await CodeAsync(frames.GetAsync($"/v1/sessions/{_other}")));
    }

    [Fact]
    public async Task Lists_are_of_the_token_s_request_or_refused()
    {
        var token = await MakeAsync("writer", pair.Filmed, All);
        Assert.All((await As(token, pair.Videos).GetAsync<Page<Video>>($"/v1/videos?requestId={pair.Filmed}")).Items, film => Assert.Equal(pair.Filmed, film.RequestId));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(As(token, pair.Videos).GetAsync("/v1/videos")));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(As(token, pair.Videos).GetAsync($"/v1/videos?requestId={_other}")));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(As(token, pair.Frames).GetAsync("/v1/sessions")));
    }

    [Fact]
    public async Task A_token_has_idempotency_keys_of_its_own()
    {
        await pair.As("writer", pair.Frames).PutPictureAsync(_other, 1, Pictures.Png()).ReadAsync<Frame>();
        var (name, path) = ($"key-{_other}", "/v1/sessions");
        var body = new { requestId = _other, frames = new[] { new { number = 1, description = "mine" } } };
        using var mine = await pair.As("writer", pair.Frames).PostOnceAsync(path, name, body);
        Assert.True(mine.IsSuccessStatusCode);
        using var token = As(await MakeAsync("writer", _other, All), pair.Frames);
        using var same = await token.PostOnceAsync(path, name, body);
        Assert.False(same.IsReplayed());
        // The owner's key is the owner's still, and the token's is the token's.
        Assert.Equal((422, "idempotency-key-reused"), await CodeAsync(token.PostOnceAsync(path, name, new { requestId = _other, frames = new[] { new { number = 1, description = "other" } } })));
        using var again = await pair.As("writer", pair.Frames).PostOnceAsync(path, name, body);
        Assert.True(again.IsReplayed());
        using var repeated = await token.PostOnceAsync(path, name, body);
        Assert.True(repeated.IsReplayed());
    }

    [Fact]
    public async Task In_an_address_a_token_reads_and_does_nothing_else()
    {
        var token = (await MakeAsync("writer", pair.Filmed, All)).Token;
        using var nobody = pair.Frames.Client();
        Assert.Equal(pair.Filmed, (await nobody.GetAsync<Session>($"/v1/sessions/{pair.Filmed}?token={token}")).RequestId);
        Assert.Equal((404, "session-not-found"), await CodeAsync(nobody.GetAsync($"/v1/sessions/{_other}?token={token}")));
        Assert.Equal((401, "unauthorized"), await CodeAsync(nobody.PostAsync($"/v1/sessions/{pair.Filmed}/cancel?token={token}", null)));
        Assert.Equal((401, "unauthorized"), await CodeAsync(nobody.PutAsync($"/v1/sessions/{pair.Filmed}/frames/2?token={token}", new ByteArrayContent(Pictures.Png()))));
        Assert.Equal((403, "invalid-token"), await CodeAsync(nobody.GetAsync($"/internal/deletions?token={token}")));
        using var films = pair.Videos.Client();
        Assert.Equal(pair.Film, (await films.GetAsync<Video>($"/v1/videos/{pair.Film}?token={token}")).Id);
    }

    [Fact]
    public async Task The_token_of_a_link_and_the_token_of_a_request_are_never_taken_for_each_other()
    {
        var token = (await MakeAsync("writer", pair.Filmed, All)).Token;
        var path = $"/v1/sessions/{pair.Filmed}";
        var link = pair.Frames.Services.GetRequiredService<LinkTokens>().Sign(UserId.Parse("anna"), path, pair.Clock.GetUtcNow().AddHours(1));
        using var nobody = pair.Frames.Client();
        Assert.Equal((403, "invalid-token"), await CodeAsync(nobody.GetAsync($"{path}?token={token[4..]}")));
        Assert.Equal((401, "invalid-access-token"), await CodeAsync(nobody.GetAsync($"{path}?token=fvt_{link}")));
        Assert.NotEqual(HttpStatusCode.OK, (await As(link, pair.Frames).GetAsync(path)).StatusCode);
        Assert.Equal((401, "invalid-access-token"), await CodeAsync(As("fvt_" + link, pair.Frames).GetAsync(path)));
        Assert.Equal((401, "invalid-api-key"), await CodeAsync(Shown(pair.Frames, "X-API-Key", token).GetAsync(path)));
    }

    [Fact]
    public async Task After_its_end_a_token_opens_nothing()
    {
        var over = pair.Frames.Services.GetRequiredService<RequestTokens>().Sign(UserId.Parse("anna"), pair.Filmed, All.ToHashSet(), pair.Clock.GetUtcNow());
        foreach (var app in new[] { pair.Frames, pair.Videos })
        {
            using var refused = await As(over, app).GetAsync(app == pair.Frames ? $"/v1/sessions/{pair.Filmed}" : $"/v1/videos?requestId={pair.Filmed}");
            Assert.Equal("error=\"invalid_token\"", refused.Headers.WwwAuthenticate.Single().Parameter?.Split(',')[0]);
            Assert.Equal((401, "invalid-access-token"), await CodeAsync(Task.FromResult(refused)));
        }
    }

    [Fact]
    public async Task A_stream_ends_when_the_token_does_that_opened_it()
    {
        await pair.As("writer", pair.Frames).PutPictureAsync(_other, 1, Pictures.Png()).ReadAsync<Frame>();
        var end = pair.Clock.GetUtcNow().AddSeconds(2);
        var token = pair.Frames.Services.GetRequiredService<RequestTokens>().Sign(UserId.Parse("anna"), _other, All.ToHashSet(), end);
        using var answer = await EventStream.SendAsync(As(token, pair.Frames), $"/v1/sessions/{_other}/events");
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var whole = answer.Content.ReadAsStringAsync();
        Assert.False(whole.IsCompleted);
        pair.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Contains("session.frame_stored", await whole.WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
    }

    /// <summary>Every operation of both services that asks who calls.</summary>
    private IEnumerable<(string Name, RunningApp App, RouteEndpoint Endpoint)> Operations() =>
        from app in new[] { pair.Frames, pair.Videos }
        from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
        select (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, app, endpoint);

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, RouteEndpoint endpoint, RequestId id, VideoId film)
    {
        var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0];
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["requestId"] = id.ToString(), ["videoId"] = film.ToString(), ["number"] = "9", ["userId"] = "anna", ["deliveryId"] = $"evt_{id}_1", ["name"] = "theme" };
        var path = Regex.Replace(endpoint.RoutePattern.RawText!, @"\{([a-zA-Z]+)\}", match => values[match.Groups[1].Value]);
        var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName;
        var request = new HttpRequestMessage(new HttpMethod(method), $"{path}?requestId={id}&sessionId={id}");
        // What would change something says nothing that can be carried out.
        if (name is "createSession" or "planSession") request.Content = JsonContent.Create(new { requestId = id, frames = Array.Empty<object>() });
        else if (name is "createVideo" or "planVideo") request.Content = JsonContent.Create(new { requestId = id, framesRevision = 999 });
        else if (name is "approveSession") request.Content = JsonContent.Create(new { story = new { title = new string('x', 5000) } });
        else if (method is "PATCH" or "POST") request.Content = JsonContent.Create(new { prompt = new string('x', 5000) });
        else if (method is "PUT") request.Content = new StringContent("no picture");
        return http.SendAsync(request);
    }

    private Task<RequestToken> MakeAsync(string key, RequestId id, params string[] scopes) =>
        pair.As(key, pair.Frames).PostAsync("/v1/tokens", new { requestId = id, scopes = scopes.Length == 0 ? null : scopes }).ReadAsync<RequestToken>();

    private static HttpClient As(RequestToken token, RunningApp app) => As(token.Token, app);

    private static HttpClient As(string token, RunningApp app) => Shown(app, "Authorization", $"Bearer {token}");

    private static HttpClient Shown(RunningApp app, string header, string value)
    {
        var http = app.Client();
        http.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        return http;
    }

    private static async Task<(int Status, string? Code)> CodeAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.StartsWith('{') && JsonSerializer.Deserialize<JsonElement>(text).TryGetProperty("code", out var code) ? code.GetString() : null);
    }
}
