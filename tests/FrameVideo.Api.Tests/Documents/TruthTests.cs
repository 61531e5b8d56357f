using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FrameService;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Callbacks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using VideoService;

namespace FrameVideo.Api.Tests.Documents;

/// <summary>The documents are true of the services as they run: nothing is left out of them, and every answer is as they say.</summary>
public sealed class TruthTests : IAsyncLifetime, IDisposable
{
    /// <summary>What is mapped and is no part of the API.</summary>
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["/internal/deletions"] = "between the two services, with a token that they alone can sign",
        ["/internal/revisions"] = "between the two services, with a token that they alone can sign",
    };

    /// <summary>Codes that no operation of either service answers with.</summary>
    private static readonly Dictionary<string, string> OfNoOperation = new(StringComparer.Ordinal)
    {
        ["method-not-allowed"] = "there is no operation by that method",
        ["not-acceptable"] = "nothing that an operation has is refused for what is accepted",
        ["forbidden"] = "FrameService's 403 without a code, which VideoService passes on",
        ["not-found"] = "no address, and so no operation",
        ["video-service-unavailable"] = "the front door's alone",
        ["insufficient-credit"] = "what an AI service says while work is done; in a resource's error",
        ["budget-exceeded"] = "told by what spends",
        ["content-moderated"] = "what an AI service says while work is done; in a resource's error",
        ["uri-too-long"] = "the server's, before there is an operation",
        ["headers-too-large"] = "the server's, before there is an operation",
    };

    private readonly TempFolder _data = new();
    private readonly ApiKey _key = ApiKey.New();
    private RunningApp _frames = null!;
    private RunningApp _videos = null!;
    private DocumentedHandler _frameTraffic = null!;
    private DocumentedHandler _videoTraffic = null!;

    public async Task InitializeAsync()
    {
        var keys = _data.Combine("keys.json");
        ApiKeyFile.Append(keys, new ApiKeyEntry { Id = "all", Hash = _key.Hash, UserId = "anna", Scopes = [Scopes.Admin] });
        string[] settings = [$"Auth:ApiKeysFile={keys}", "Callbacks:Secrets:0=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "Callbacks:AllowPrivate:0=127.0.0.1"];
        _frames = await RunningApp.StartAsync(args => FrameApp.Build(args), _data, settings);
        _videos = await RunningApp.StartAsync(args => VideoApp.Build(args), _data, [$"FrameService:Url={_frames.Address}", .. settings]);
        _frameTraffic = Traffic("FrameService");
        _videoTraffic = Traffic("VideoService");
    }

    public async Task DisposeAsync()
    {
        await _videos.DisposeAsync();
        await _frames.DisposeAsync();
        _frameTraffic.Dispose();
        _videoTraffic.Dispose();
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Every_route_is_in_the_document_of_its_service()
    {
        foreach (var (app, service) in new[] { (_frames, "FrameService"), (_videos, "VideoService") })
        {
            var documented = ApiDocument.Of(service).Operations.Select(operation => $"{operation.Method} {operation.Path}").ToHashSet(StringComparer.Ordinal);
            var mapped = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Select(route => (Path: PathOf(route), Methods: route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]))
                .Where(route => !LeftOut.ContainsKey(route.Path)).SelectMany(route => route.Methods.Where(method => method != "HEAD").Select(method => $"{method} {route.Path}")).ToHashSet(StringComparer.Ordinal);
            Assert.Equal(mapped.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_code_is_in_a_document()
    {
        var told = ServiceDocuments.Services.SelectMany(service => ApiDocument.Of(service).Operations)
            .SelectMany(operation => operation.Json["responses"]!.AsObject()).SelectMany(response => response.Value!["x-error-codes"]?.AsArray() ?? [])
            .Select(code => code!.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(ErrorCodes.All.Values.Where(code => code.Status > 0 && !OfNoOperation.ContainsKey(code.Code)).Select(code => code.Code).Except(told, StringComparer.Ordinal));
        foreach (var code in told) Assert.True(ErrorCodes.All.ContainsKey(code), code);
    }

    [Fact]
    public async Task A_walk_through_every_operation_is_answered_as_the_documents_say()
    {
        await using var receiver = await CallbackReceiver.StartAsync();
        using var frames = Client(_frameTraffic, _frames);
        using var videos = Client(_videoTraffic, _videos);

        var drawn = await frames.PostAsync("/v1/sessions", new { prompt = "a paper boat crosses a stormy sea", frameCount = 2, videoDuration = 4, callbackUrl = receiver.Url, metadata = new { campaign = "spring" } }).ReadAsync<Session>();
        var path = $"/v1/sessions/{drawn.Id}";
        var ended = await frames.EndedAsync(drawn.Id);
        await RefusedAsync(frames, path);
        await AskedTwiceAsync(frames, path);
        await AskedTwiceAsync(frames, $"{path}/frames/1");
        await GetAsync(frames, $"{path}/frames/1?inline=data", $"{path}/frames/1/image", "/v1/sessions?limit=1", $"{path}/events", $"{path}/events?after=1&limit=1", $"{path}/deliveries");
        await SendAsync(frames, HttpMethod.Get, $"{path}/frames/1/image", ("Accept", "application/json"));
        await SendAsync(frames, HttpMethod.Get, $"{path}/events", ("Accept", "text/event-stream"));
        await SendAsync(frames, HttpMethod.Get, $"{path}/events", ("Accept", "text/event-stream"), ("Last-Event-ID", "999"));
        await ObjectAsync(frames, ended.Frames![0].ImageUrl!);
        var delivery = (await Wait.ForAsync(async () => (await frames.GetAsync<Page<Delivery>>($"{path}/deliveries")) is { Items.Count: > 0 } page ? page : null, "a delivery")).Items[0];
        await GetAsync(frames, $"{path}/deliveries/{delivery.Id}");
        await frames.PostAsync($"{path}/deliveries/{delivery.Id}/redeliver", new { });
        await frames.PatchAsync($"{path}/frames/1", System.Net.Http.Json.JsonContent.Create(new { description = "a boat" }));
        await frames.PostAsync($"{path}/frames/1/regenerate", new { });
        await frames.EndedAsync(drawn.Id);

        await frames.PostAsync("/v1/sessions/plan", new { prompt = "a paper boat", frameCount = 3, maxCostUsd = 1.5 });
        await frames.PostAsync("/v1/sessions/plan", new { prompt = "a paper boat", maxCostUsd = -1 });
        var mine = RequestId.New(TimeProvider.System);
        await frames.PutPictureAsync(mine, 1, Pictures.Png());
        await frames.PutPictureAsync(mine, 1, Pictures.Jpeg(), "image/jpeg");
        for (var i = 0; i < 2; i++) await frames.PostOnceAsync("/v1/sessions", "walk-1", new { requestId = mine.ToString(), frames = new[] { new { number = 1, description = "at the sea" } } });
        await frames.PostAsync("/v1/sessions", new { requestId = mine.ToString(), frames = new[] { new { number = 1 } } });
        var sound = await frames.PutAsync($"{path}/uploads/theme", new ByteArrayContent(Sounds.Wav(1))).ReadAsync<Upload>();
        await frames.PutAsync($"{path}/uploads/theme", new ByteArrayContent(Sounds.Wav(1)));
        await frames.PutAsync($"{path}/uploads/theme", new ByteArrayContent([1, 2, 3]));
        await PausedAsync(frames);
        await frames.PostAsync("/v1/tokens", new { requestId = drawn.Id.ToString() });
        await OlderAsync(frames, mine);

        await videos.PostAsync("/v1/videos/plan", new { requestId = drawn.Id.ToString() });
        await videos.PostAsync("/v1/videos", new { requestId = "req_1_none" });
        await videos.PostAsync("/v1/videos", new { requestId = drawn.Id.ToString(), fps = 7 });
        await videos.PostAsync("/v1/videos/plan", new { requestId = drawn.Id.ToString(), audio = new { objectKey = sound.ObjectKey, start = 9 } });
        await videos.PostAsync("/v1/videos/plan", new { requestId = drawn.Id.ToString(), audio = new { objectKey = sound.ObjectKey } });
        var film = await videos.PostAsync("/v1/videos", new { requestId = drawn.Id.ToString(), format = "hls", quality = "draft", captions = new { track = true }, callbackUrl = receiver.Url }).ReadAsync<Video>();
        var filmPath = $"/v1/videos/{film.Id}";
        var done = await videos.EndedAsync(film.Id);
        Assert.Equal(VideoStatus.Completed, done.Status);
        await AskedTwiceAsync(videos, filmPath);
        await GetAsync(videos, "/v1/videos", $"/v1/videos?requestId={drawn.Id}", $"{filmPath}/content", $"{filmPath}/content?variant=poster", $"{filmPath}/content?variant=captions", $"{filmPath}/content?variant=clip&clip=1", $"{filmPath}/content?variant=x", $"{filmPath}/playlist.m3u8", $"{filmPath}/events", $"{filmPath}/deliveries", "/v1/videos/none", "/v1/videos/vid_1_none");
        await SendAsync(videos, HttpMethod.Get, $"{filmPath}/content", ("Accept", "application/json"));
        await ObjectAsync(videos, done.Links.Content!);
        await videos.PostAsync($"{filmPath}/cancel", new { });
        await videos.PostAsync($"{filmPath}/retry", new { });
        var sent = (await Wait.ForAsync(async () => (await videos.GetAsync<Page<Delivery>>($"{filmPath}/deliveries")) is { Items.Count: > 0 } page ? page : null, "a delivery")).Items[0];
        await GetAsync(videos, $"{filmPath}/deliveries/{sent.Id}", "/health/live", "/health/ready");
        await videos.PostAsync($"{filmPath}/deliveries/{sent.Id}/redeliver", new { });
        var again = await videos.PostAsync($"{filmPath}/rerender", new { }).ReadAsync<Video>();
        await videos.PostAsync($"/v1/videos/{again.Id}/cancel", new { });
        await videos.DeleteAsync($"/v1/videos/{again.Id}");
        await videos.DeleteAsync($"/v1/videos?requestId={drawn.Id}");
        await videos.DeleteAsync("/v1/users/anna/data");
        await GetAsync(videos, "/v1/users/anna/data");
        await GetAsync(frames, "/health/live", "/health/ready");
        await frames.DeleteAsync(path);
        await GetAsync(frames, path);
        await frames.PutPictureAsync(drawn.Id, 1, Pictures.Png());
        await frames.DeleteAsync("/v1/users/anna/data");
        await GetAsync(frames, "/v1/users/anna/data");

        Webhooks(receiver);
        _frameTraffic.RequireTrue();
        _videoTraffic.RequireTrue();
        foreach (var (traffic, service) in new[] { (_frameTraffic, "FrameService"), (_videoTraffic, "VideoService") })
        {
            var seen = traffic.Seen.Keys.Select(one => one.Split(' ')[0]).ToHashSet(StringComparer.Ordinal);
            Assert.Empty(ApiDocument.Of(service).Operations.Select(operation => operation.Id).Where(id => !id.StartsWith("head", StringComparison.Ordinal) && !id.StartsWith("getProxied", StringComparison.Ordinal)).Except(seen, StringComparer.Ordinal));
        }
    }

    private static async Task RefusedAsync(HttpClient frames, string path)
    {
        await GetAsync(frames, "/v1/sessions/none", "/v1/sessions/session_1_a", "/v1/sessions/req_1_none", $"{path}/frames/0", $"{path}/frames/9", "/v1/sessions?limit=0", "/v1/sessions?limit=x", "/v1/sessions?cursor=%20", $"{path}/events?after=-1", $"{path}/image?token=bent");
        await SendAsync(frames, HttpMethod.Get, path, ("Authorization", "Bearer fv_bent"));
        await SendAsync(frames, HttpMethod.Get, path, ("X-User-Id", "eve"));
        await frames.PostAsync("/v1/sessions", new { });
        await frames.PostAsync("/v1/sessions", new { prompt = "x", style = "none" });
        await frames.PostAsync("/v1/sessions", new { prompt = "x", videoDuration = 1 });
        await frames.PostAsync("/v1/sessions", new { prompt = "x", requestId = path.Split('/')[^1] });
        await frames.PostAsync("/v1/sessions", new StringContent("<x/>", MediaTypeHeaderValue.Parse("text/xml")));
        await frames.PostAsync("/v1/sessions", new StringContent("{", MediaTypeHeaderValue.Parse("application/json")));
        await frames.PostOnceAsync("/v1/sessions", new string('x', 300), new { prompt = "x" });
        await SendAsync(frames, HttpMethod.Patch, $"{path}/frames/1", ("If-Match", "\"999\""));
        await frames.PutPictureAsync(RequestId.New(TimeProvider.System), 1, [1, 2, 3]);
        await frames.PostAsync($"{path}/cancel", new { });
        await frames.PostAsync($"{path}/approve", new { });
        await frames.PostAsync($"{path}/retry", new { });
        await SendAsync(frames, HttpMethod.Put, path);
    }

    private static async Task PausedAsync(HttpClient frames)
    {
        var waiting = await frames.PostAsync("/v1/sessions", new { prompt = "a fox in the city", frameCount = 2, pauseAfter = "story" }).ReadAsync<Session>();
        await Wait.ForAsync(async () => await frames.GetAsync<Session>($"/v1/sessions/{waiting.Id}") is { Status: SessionStatus.AwaitingApproval } session ? session : null, "the pause");
        await frames.PostAsync($"/v1/sessions/{waiting.Id}/approve", new { story = new { scenes = new[] { new { description = "A fox wakes" } } } });
        await frames.EndedAsync(waiting.Id);
        var canceled = await frames.PostAsync("/v1/sessions", new { prompt = "a fox in the city", frameCount = 2, pauseAfter = "story" }).ReadAsync<Session>();
        await frames.PostAsync($"/v1/sessions/{canceled.Id}/cancel", new { });
        await frames.PostAsync($"/v1/sessions/{canceled.Id}/retry", new { });
        await GetAsync(frames, $"/v1/sessions/{canceled.Id}/events");
    }

    private static async Task OlderAsync(HttpClient frames, RequestId mine)
    {
        await frames.PostAsync("/api/save_frames", new { sessionId = mine.ToString(), frames = new[] { new { id = 1, description = "at the sea" } }, style = "Realistic" });
        await frames.PostAsync("/api/save_frames", new { sessionId = "none", frames = new[] { new { id = 1 } } });
        await frames.PostAsync("/api/upload_image_s3", new { imageData = $"data:image/png;base64,{Convert.ToBase64String(Pictures.Png())}", frameId = 2, folderPath = $"anna/{mine}/reference-frames" });
        await frames.PostAsync("/api/upload_image_s3", new { });
        await GetAsync(frames, $"/api/get_frames?sessionId={mine}", "/api/get_frames?sessionId=req_1_none");
    }

    /// <summary>Whole, a part, a part that is not there, and not at all where the caller has it.</summary>
    private static async Task ObjectAsync(HttpClient http, string link)
    {
        var path = new Uri(link).PathAndQuery;
        using var whole = await SendAsync(http, HttpMethod.Get, path);
        await SendAsync(http, HttpMethod.Head, path);
        await SendAsync(http, HttpMethod.Get, path, ("Range", "bytes=0-9"));
        await SendAsync(http, HttpMethod.Get, path, ("Range", "bytes=999999999-"));
        await SendAsync(http, HttpMethod.Get, path, ("If-None-Match", whole.Headers.ETag!.ToString()));
        await SendAsync(http, HttpMethod.Get, path[..^3]);
    }

    private static async Task AskedTwiceAsync(HttpClient http, string path)
    {
        using var first = await SendAsync(http, HttpMethod.Get, path);
        using var second = await SendAsync(http, HttpMethod.Get, path, ("If-None-Match", first.Headers.ETag!.ToString()));
        Assert.Equal(System.Net.HttpStatusCode.NotModified, second.StatusCode);
    }

    private static async Task GetAsync(HttpClient http, params string[] paths)
    {
        foreach (var path in paths) (await SendAsync(http, HttpMethod.Get, path)).Dispose();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Patch) request.Content = System.Net.Http.Json.JsonContent.Create(new { description = "x" });
        foreach (var (name, value) in headers)
        {
            if (name == "Authorization") request.Headers.Authorization = AuthenticationHeaderValue.Parse(value);
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        return http.SendAsync(request);
    }

    /// <summary>What receivers are sent is what the documents say they are sent.</summary>
    private static void Webhooks(CallbackReceiver receiver)
    {
        foreach (var callback in receiver.Received)
        {
            var body = JsonNode.Parse(callback.Body)!;
            var type = body["type"]!.GetValue<string>();
            var service = type.StartsWith("session", StringComparison.Ordinal) ? "FrameService" : "VideoService";
            var webhook = ServiceDocuments.Read(service)["webhooks"]![type]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!.AsObject();
            Assert.Null(ApiDocument.Of(service).Complaint(webhook, body));
        }

        Assert.True(receiver.Received.Count >= 5);
    }

    private static string PathOf(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        _ => "",
    }))));

    private static DocumentedHandler Traffic(string service) => new(ApiDocument.Of(service), new SocketsHttpHandler { AllowAutoRedirect = false });

    private HttpClient Client(DocumentedHandler traffic, RunningApp app)
    {
        var client = new HttpClient(traffic, disposeHandler: false) { BaseAddress = new Uri(app.Address), Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key.Text);
        return client;
    }
}
