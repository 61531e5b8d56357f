using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FrameVideo.Hosting.Tests.Access;

/// <summary>Who may do what, asked of both running services.</summary>
[Collection(GuardedPair.Collection)]
public sealed class AccessTests(GuardedPair pair)
{
    /// <summary>The operations: those of FrameService, of its former routes, of VideoService. A refusal by scope comes before anything is looked for.</summary>
    internal static readonly (string Name, string Service, string Method, string Path, string? Body)[] Operations =
    [
        ("list sessions", "frames", "GET", "/v1/sessions", null),
        ("read a session", "frames", "GET", "/v1/sessions/{id}", null),
        ("read a frame", "frames", "GET", "/v1/sessions/{id}/frames/1", null),
        ("read a former session", "frames", "GET", "/api/get_frames?sessionId={id}", null),
        ("describe a frame", "frames", "PATCH", "/v1/sessions/{id}/frames/1", """{"description":"x"}"""),
        ("save frames", "frames", "POST", "/v1/sessions", """{"requestId":"{id}","frames":[{"number":1,"description":"x"}]}"""),
        ("save former frames", "frames", "POST", "/api/save_frames", """{"sessionId":"{id}","frames":[{"id":1,"description":"x"}]}"""),
        ("list videos", "videos", "GET", "/v1/videos", null),
        ("plan a video", "videos", "POST", "/v1/videos", """{"requestId":"{id}","dryRun":true}"""),
        ("delete videos", "videos", "DELETE", "/v1/videos?requestId={id}", null),
    ];

    public static TheoryData<string, string, string> Matrix()
    {
        // By key: what may be done. Everything that is not named is 403.
        var allowed = new Dictionary<string, Func<string, string, bool>>(StringComparer.Ordinal)
        {
            ["reader"] = (_, method) => method == "GET",
            ["writer"] = (_, _) => true,
            ["operator"] = (_, _) => true,
            ["ending"] = (_, _) => true,
            ["frames"] = (service, _) => service == "frames",
            ["filmer"] = (service, _) => service == "videos",
        };
        var data = new TheoryData<string, string, string>();
        foreach (var (key, may) in allowed)
        {
            foreach (var operation in Operations)
            {
                // A film is made of frames, which are read with the same key.
                var reads = operation.Name != "plan a video" || key != "filmer";
                data.Add(key, operation.Name, may(operation.Service, operation.Method) && reads ? "done" : "insufficient-scope");
            }
        }

        foreach (var operation in Operations)
        {
            data.Add("none", operation.Name, "unauthorized");
            data.Add("ended", operation.Name, "invalid-api-key");
            data.Add("forged", operation.Name, "invalid-api-key");
            data.Add("mistyped", operation.Name, "invalid-api-key");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Each_key_does_what_its_scopes_say_and_nothing_else(string key, string operation, string outcome)
    {
        var (_, service, method, path, body) = Operations.Single(candidate => candidate.Name == operation);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", pair.Session.ToString(), StringComparison.Ordinal));
        if (body is not null) request.Content = JsonContent.Create(JsonDocument.Parse(body.Replace("{id}", pair.Session.ToString(), StringComparison.Ordinal)));
        var text = key switch { "none" => null, "forged" => ApiKey.New().Text, "mistyped" => pair.KeyOf("writer")[..^1] + '_', _ => pair.KeyOf(key) };
        if (text is not null) request.Headers.Add("X-API-Key", text);
        using var http = AppOf(service).Client();
        using var answer = await http.SendAsync(request);
        var content = await answer.Content.ReadAsStringAsync();
        if (outcome == "done")
        {
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {content}");
            return;
        }

        Assert.Equal(outcome, JsonSerializer.Deserialize<JsonElement>(content).GetProperty("code").GetString());
        Assert.Equal(outcome == "insufficient-scope" ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        if (text is not null) Assert.DoesNotContain(text, content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_scope_also_where_it_is_the_other_service_that_refuses()
    {
        var (_, _, problem) = await pair.As("reader", pair.Frames).DeleteAsync($"/v1/sessions/{pair.Session}").RefusalAsync();
        Assert.Contains("frames:write", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var (status, code, passed) = await pair.As("filmer", pair.Videos).PostAsync("/v1/videos", new { requestId = pair.Session }).RefusalAsync();
        Assert.Equal((403, "insufficient-scope"), (status, code));
        Assert.Matches("FrameService.*frames:read", passed.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_key_with_a_blank_that_HTTP_does_not_know_is_none_and_makes_no_outage_of_FrameService()
    {
        using var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = new Uri(pair.Videos.Address) };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer \u00a0{pair.KeyOf("writer")}");
        Assert.Equal((401, "invalid-api-key"), await CodeAsync(http.PostAsync("/v1/videos/plan", new { requestId = pair.Session })));
    }

    [Theory]
    [InlineData("frames", "/health/live")]
    [InlineData("frames", "/health/ready")]
    [InlineData("frames", "/openapi/v1.json")]
    [InlineData("frames", "/swagger/index.html")]
    [InlineData("videos", "/health/live")]
    [InlineData("videos", "/health/ready")]
    [InlineData("videos", "/openapi/v1.json")]
    [InlineData("videos", "/swagger/index.html")]
    public async Task Health_and_the_API_s_description_are_open(string service, string path)
    {
        using var http = AppOf(service).Client();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_link_is_read_without_a_key_and_opens_nothing_else()
    {
        var link = (await pair.As("reader", pair.Frames).GetAsync<Frame>($"/v1/sessions/{pair.Session}/frames/1")).ImageUrl!;
        using var nobody = pair.Frames.Client();
        using var read = await nobody.GetAsync(link);
        Assert.True(read.IsSuccessStatusCode || read.StatusCode == HttpStatusCode.Redirect);
        var token = link[link.IndexOf('?', StringComparison.Ordinal)..];
        Assert.Equal((403, "invalid-token"), await CodeAsync(nobody.GetAsync($"/v1/sessions/{pair.Session}{token}")));
        Assert.Equal((401, "unauthorized"), await CodeAsync(nobody.DeleteAsync($"/v1/sessions/{pair.Session}{token}")));
        Assert.Equal((403, "invalid-token"), await CodeAsync(nobody.GetAsync("/internal/deletions")));
    }

    [Fact]
    public async Task The_link_to_a_stream_works_without_headers_for_its_resource_and_its_time_alone()
    {
        var link = (await pair.As("reader", pair.Frames).GetAsync<Session>($"/v1/sessions/{pair.Session}")).Links.Events;
        using var nobody = pair.Frames.Client();
        using var stream = await EventStream.OpenAsync(nobody, link);
        await foreach (var entry in stream!.ReadAsync())
        {
            Assert.Equal("session.frame_stored", entry.Type);
            break;
        }

        var other = RequestId.New(TimeProvider.System);
        Assert.Equal((403, "invalid-token"), await CodeAsync(EventStream.SendAsync(nobody, link.Replace(pair.Session.ToString(), other.ToString(), StringComparison.Ordinal))));
        Assert.Equal((403, "invalid-token"), await CodeAsync(EventStream.SendAsync(nobody, link + "x")));
        Assert.Equal((401, "unauthorized"), await CodeAsync(EventStream.SendAsync(nobody, link[..link.IndexOf('?', StringComparison.Ordinal)])));
        Assert.Equal((401, "unauthorized"), await CodeAsync(nobody.PostAsync(link, null)));
        var path = new Uri(link).AbsolutePath;
        var over = pair.Frames.Services.GetRequiredService<LinkTokens>().Sign(UserId.Parse("anna"), path, pair.Clock.GetUtcNow().AddSeconds(-1));
        Assert.Equal((401, "token-expired"), await CodeAsync(EventStream.SendAsync(nobody, $"{path}?token={over}")));
        // The link to a picture says the same of its end.
        var image = (await pair.As("reader", pair.Frames).GetAsync<Session>($"/v1/sessions/{pair.Session}")).Frames![0];
        var ended = pair.Frames.Services.GetRequiredService<LinkTokens>().Sign(UserId.Parse("anna"), LinkTokens.ResourceOf(image.ObjectKey!.Value), pair.Clock.GetUtcNow().AddSeconds(-1));
        foreach (var address in new[] { $"/v1/objects/{image.ObjectKey}?token={ended}", $"/api/proxy_s3_image?key={image.ObjectKey}&token={ended}" })
        {
            using var refusal = await nobody.GetAsync(address);
            Assert.Equal((401, "Bearer error=\"invalid_token\""), ((int)refusal.StatusCode, refusal.Headers.WwwAuthenticate.ToString()));
            Assert.Contains("token-expired", await refusal.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // The key of another user opens it as little as it opens the session.
        Assert.Equal((404, "session-not-found"), await CodeAsync(EventStream.SendAsync(pair.As("berta", pair.Frames), path)));
    }

    [Fact]
    public async Task Whoever_has_the_token_of_an_address_reads_that_address()
    {
        var path = $"/v1/sessions/{pair.Session}";
        var token = pair.Frames.Services.GetRequiredService<LinkTokens>().Sign(UserId.Parse("anna"), path, pair.Clock.GetUtcNow().AddMinutes(5));
        using var nobody = pair.Frames.Client();
        Assert.Equal(pair.Session, (await nobody.GetAsync<Session>($"{path}?token={token}")).RequestId);
        Assert.Equal((401, "unauthorized"), await CodeAsync(nobody.PostAsync($"{path}/cancel?token={token}", null)));
    }

    [Fact]
    public async Task Another_user_s_session_is_not_there_and_another_user_s_name_is_refused()
    {
        using var berta = pair.As("berta", pair.Frames);
        Assert.Equal((404, "session-not-found"), await CodeAsync(berta.GetAsync($"/v1/sessions/{pair.Session}")));
        Assert.Equal((403, "user-mismatch"), await CodeAsync(berta.GetAsync($"/v1/sessions/{pair.Session}?userId=anna")));
        Assert.Equal((403, "user-mismatch"), await CodeAsync(berta.PostAsync("/v1/sessions", new { userId = "anna", prompt = "a boat" })));
        Assert.Equal((403, "user-mismatch"), await CodeAsync(berta.PostAsync("/api/save_frames", new { userId = "anna", sessionId = pair.Session, frames = new[] { new { id = 1 } } })));
        using var films = pair.As("berta", pair.Videos);
        Assert.Equal((403, "user-mismatch"), await CodeAsync(films.PostAsync("/v1/videos", new { userId = "anna", requestId = pair.Session })));
        Assert.Equal((404, "session-not-found"), await CodeAsync(films.PostAsync("/v1/videos", new { requestId = pair.Session })));
        berta.DefaultRequestHeaders.Add("X-User-Id", "anna");
        Assert.Equal((403, "user-mismatch"), await CodeAsync(berta.GetAsync("/v1/sessions")));
    }

    [Fact]
    public async Task A_back_end_names_its_user_in_a_header_the_query_or_the_body_and_has_to()
    {
        using var backend = pair.As("backend", pair.Frames);
        var path = $"/v1/sessions/{pair.Session}";
        Assert.Equal((400, "user-required"), await CodeAsync(backend.GetAsync(path)));
        Assert.Equal((400, "user-required"), await CodeAsync(backend.PostAsync("/v1/sessions", new { prompt = "a boat" })));
        Assert.Equal("anna", (await backend.GetAsync<Session>($"{path}?userId=anna")).UserId.ToString());
        Assert.Equal((404, "session-not-found"), await CodeAsync(backend.GetAsync($"{path}?userId=berta")));
        var made = await backend.PostAsync("/v1/sessions", new { userId = "carla", prompt = "a boat", frameCount = 1, videoDuration = 2 }).ReadAsync<Session>();
        Assert.Equal("carla", made.UserId.ToString());
        backend.DefaultRequestHeaders.Add("X-User-Id", "anna");
        Assert.Equal(pair.Session, (await backend.GetAsync<Session>(path)).RequestId);
        Assert.Equal((403, "user-mismatch"), await CodeAsync(backend.PostAsync("/v1/sessions", new { userId = "carla", prompt = "a boat" })));
        using var films = pair.As("backend", pair.Videos);
        var plan = await films.PostAsync("/v1/videos", new { userId = "anna", requestId = pair.Session, dryRun = true }).ReadAsync<JsonElement>();
        Assert.Equal(JsonValueKind.Object, plan.ValueKind);
        Assert.Equal((400, "user-required"), await CodeAsync(films.GetAsync("/v1/videos")));
    }

    [Fact]
    public async Task Two_keys_at_once_are_refused_and_one_key_twice_is_taken()
    {
        using var http = pair.As("reader", pair.Frames);
        http.DefaultRequestHeaders.Add("X-API-Key", pair.KeyOf("reader"));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/sessions")).StatusCode);
        http.DefaultRequestHeaders.Remove("X-API-Key");
        http.DefaultRequestHeaders.Add("X-API-Key", pair.KeyOf("writer"));
        Assert.Equal((401, "invalid-api-key"), await CodeAsync(http.GetAsync("/v1/sessions")));
        http.DefaultRequestHeaders.Remove("X-API-Key");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "YW5uYTphbm5h");
        Assert.Equal((401, "unauthorized"), await CodeAsync(http.GetAsync("/v1/sessions")));
    }

    [Fact]
    public async Task A_key_that_is_taken_out_or_added_counts_without_a_restart()
    {
        var added = TestKey.Of("added", "anna", null, Scopes.FramesRead);
        using var http = pair.Frames.Client();
        http.DefaultRequestHeaders.Add("X-API-Key", added.Text);
        Assert.Equal((401, "invalid-api-key"), await CodeAsync(http.GetAsync("/v1/sessions")));
        pair.Add(added);
        await UntilAsync(http, HttpStatusCode.OK);
        pair.Revoke("added");
        await UntilAsync(http, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_stream_ends_soon_after_its_key_was_taken_out_and_another_goes_on()
    {
        // A draft has no end of its own.
        var draft = RequestId.New(TimeProvider.System);
        await pair.As("writer", pair.Frames).PutPictureAsync(draft, 1, Pictures.Png()).ReadAsync<Frame>();
        var added = TestKey.Of("listener", "anna", null, Scopes.FramesRead);
        pair.Add(added);
        using var http = pair.Frames.Client();
        http.DefaultRequestHeaders.Add("X-API-Key", added.Text);
        await UntilAsync(http, HttpStatusCode.OK);
        using var mine = await StreamAsync(http);
        using var others = await StreamAsync(pair.As("reader", pair.Frames));
        pair.Revoke("listener");
        await UntilAsync(http, HttpStatusCode.Unauthorized);
        var (ended, going) = (EndAsync(mine), EndAsync(others));
        await Wait.UntilAsync(
            () =>
            {
                // The next sign of life is when keys are looked at.
                pair.Clock.Advance(TimeSpan.FromSeconds(1));
                return ended.IsCompleted;
            },
            "the end of the stream");
        Assert.False(going.IsCompleted);
        others.Dispose();
        await Record.ExceptionAsync(() => going);

        async Task<HttpResponseMessage> StreamAsync(HttpClient client)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/sessions/{draft}/events");
            request.Headers.Accept.ParseAdd("text/event-stream");
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        }

        static async Task EndAsync(HttpResponseMessage stream) => await stream.Content.CopyToAsync(Stream.Null);
    }

    [Theory]
    [InlineData("frames")]
    [InlineData("videos")]
    public async Task A_user_is_erased_by_itself_by_its_back_end_or_by_an_operator_and_by_nobody_else(string service)
    {
        const string Carla = "/v1/users/carla/data";
        Assert.Equal((403, "user-mismatch"), await CodeAsync(pair.As("writer", AppOf(service)).DeleteAsync(Carla)));
        Assert.Equal((403, "user-mismatch"), await CodeAsync(pair.As("reader", AppOf(service)).GetAsync(Carla)));
        Assert.Equal((403, "insufficient-scope"), await CodeAsync(pair.As("reader", AppOf(service)).DeleteAsync("/v1/users/anna/data")));
        foreach (var key in new[] { "operator", "backend" }) Assert.Equal("carla", (await pair.As(key, AppOf(service)).DeleteAsync(Carla).ReadAsync<Erasure>()).UserId.ToString());
        Assert.True((await pair.As("operator", AppOf(service)).GetAsync<Erasure>(Carla)).Complete);
    }

    [Fact]
    public async Task No_key_is_ever_logged()
    {
        using var logged = new LoggedLines();
        foreach (var app in new[] { pair.Frames, pair.Videos }) app.Services.GetRequiredService<ILoggerFactory>().AddProvider(logged);
        foreach (var key in new[] { "writer", "filmer", "ended" })
        {
            using var refused = await pair.As(key, pair.Videos).PostAsync("/v1/videos", new { requestId = pair.Session, dryRun = true });
            using var asked = await pair.As(key, pair.Frames).GetAsync("/v1/sessions");
        }

        Assert.NotEmpty(logged.Lines);
        Assert.DoesNotContain(logged.Lines, line => line.Contains(pair.KeyOf("writer")[..20], StringComparison.Ordinal) || line.Contains(pair.KeyOf("filmer")[..20], StringComparison.Ordinal) || line.Contains(pair.KeyOf("ended")[..20], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_key_an_address_that_takes_no_such_method_says_nothing_about_itself()
    {
        using var nobody = pair.Frames.Client();
        Assert.Equal(401, (int)(await nobody.DeleteAsync("/v1/sessions")).StatusCode);
        Assert.Equal(404, (int)(await nobody.GetAsync("/v1/nothing")).StatusCode);
    }

    [Theory]
    [InlineData("frames")]
    [InlineData("videos")]
    public async Task The_OpenAPI_document_says_how_a_key_is_shown(string service)
    {
        using var http = AppOf(service).Client();
        var document = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync("/openapi/v1.json"));
        Assert.Equal(["accessToken", "apiKey", "bearer", "linkToken", "requestToken"], document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).Order(StringComparer.Ordinal));
        foreach (var operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => method.Value)))
        {
            // Health asks for nothing, and bytes are opened by their link alone.
            var ways = operation.GetProperty("security").GetArrayLength();
            Assert.Equal(operation.GetProperty("tags")[0].GetString() == "Health", ways == 0);
            Assert.True(ways is 0 or 1 || operation.GetProperty("responses").GetProperty("401").GetProperty("description").GetString()!.Contains("invalid-api-key", StringComparison.Ordinal));
        }
    }

    private RunningApp AppOf(string service) => service == "frames" ? pair.Frames : pair.Videos;

    /// <summary>FrameService's clock stands still, and with it the look at the file: each step of it is one look.</summary>
    private Task UntilAsync(HttpClient http, HttpStatusCode status) => Wait.UntilAsync(
        async () =>
        {
            pair.Clock.Advance(TimeSpan.FromMilliseconds(100));
            using var answer = await http.GetAsync("/v1/sessions");
            return answer.StatusCode == status;
        },
        $"{status}");

    private static async Task<(int Status, string Code)> CodeAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        return ((int)answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString()!);
    }
}
