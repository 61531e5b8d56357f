using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.TestKit;

namespace FrameVideo.Api.Tests.Fuzz;

/// <summary>One of each thing that an operation can be about, in the state in which it takes it; all of one user, whom nobody else is in the fuzz.</summary>
/// <param name="Request">A saved session of two frames.</param>
/// <param name="Paused">A session that waits for the approval of its story.</param>
/// <param name="Stopped">Another that waits, to be canceled.</param>
/// <param name="Canceled">A session that was canceled, to be gone on with.</param>
/// <param name="Video">The first one's film with a playlist; made whole where that was waited for.</param>
/// <param name="Rendering">A film that takes long, to be canceled.</param>
/// <param name="CanceledVideo">A film that was canceled, to be gone on with.</param>
/// <param name="FrameLink">A link to frame 1, with its token.</param>
/// <param name="FilmLink">A link to the film, with its token; the frame's until it was made.</param>
/// <param name="Delivery">An event of the first session that is sent to its callback address.</param>
/// <param name="VideoDelivery">An event of the film that is sent to its callback address; null until it was made.</param>
internal sealed record Things(
    string Request, string Paused, string Stopped, string Canceled, string Video, string Rendering, string CanceledVideo, string FrameLink, string FilmLink, string Delivery, string? VideoDelivery)
{
    /// <summary>Whose they are.</summary>
    public const string User = "dora";

    /// <summary>Makes them, as a client does.</summary>
    /// <param name="pair">Both services.</param>
    /// <param name="key">The user's.</param>
    /// <param name="isWaited">Whether the film has to be there.</param>
    /// <param name="learn">Is told each answer.</param>
    public static async Task<Things> MakeAsync(Pair pair, string key, bool isWaited, Action<string> learn)
    {
        using var frames = pair.FrameClient();
        using var videos = pair.VideoClient();
        frames.DefaultRequestHeaders.Add("X-API-Key", key);
        videos.DefaultRequestHeaders.Add("X-API-Key", key);
        var id = RequestId.New(TimeProvider.System);
        for (var number = 1; number <= 2; number++) learn(await TextAsync(frames.PutPictureAsync(id, number, Pictures.Png())));
        var session = await SendAsync<Session>(frames, "/v1/sessions", new { requestId = id, videoDuration = 2, callbackUrl = "https://example.org/hook", frames = new[] { new { number = 1 }, new { number = 2 } } }, learn);
        var paused = await PausedAsync(frames, learn);
        var stopped = await PausedAsync(frames, learn);
        var canceled = await PausedAsync(frames, learn);
        learn(await TextAsync(frames.PostAsync($"/v1/sessions/{canceled}/cancel", new { })));

        var made = await SendAsync<Video>(videos, "/v1/videos", new { requestId = id, format = "hls", quality = "draft", fps = 24, aspectRatio = "960:960", callbackUrl = "https://example.org/hook" }, learn);
        if (isWaited) made = await videos.EndedAsync(made.Id);
        var ended = await SendAsync<Video>(videos, "/v1/videos", new { requestId = id, quality = "draft", secondsPerFrame = 15, transition = "cut" }, learn);
        learn(await TextAsync(videos.PostAsync($"/v1/videos/{ended.Id}/cancel", new { })));
        var rendering = await SendAsync<Video>(videos, "/v1/videos", new { requestId = id, secondsPerFrame = 15, transition = "cut" }, learn);
        var filmLink = isWaited ? await LinkAsync(videos, $"/v1/videos/{made.Id}/content") : session.Frames![0].ImageUrl!;
        var sent = await frames.GetAsync<Page<Delivery>>($"/v1/sessions/{id}/deliveries");
        var filmSent = await videos.GetAsync<Page<Delivery>>($"/v1/videos/{made.Id}/deliveries");
        return new Things(id.ToString(), paused, stopped, canceled, made.Id.ToString(), rendering.Id.ToString(), ended.Id.ToString(), session.Frames![0].ImageUrl!, filmLink, sent.Items[0].Id, filmSent.Items.Count > 0 ? filmSent.Items[0].Id : null);
    }

    /// <summary>What stands for a parameter of an operation's path.</summary>
    public string ForPath(DocumentedOperation operation, string name) => name switch
    {
        "requestId" when operation.Path.EndsWith("/approve", StringComparison.Ordinal) => Paused,
        "requestId" when operation.Path.EndsWith("/cancel", StringComparison.Ordinal) => Stopped,
        "requestId" when operation.Path.EndsWith("/retry", StringComparison.Ordinal) => Canceled,
        "requestId" => Request,
        "videoId" when operation.Path.EndsWith("/cancel", StringComparison.Ordinal) => Rendering,
        "videoId" when operation.Path.EndsWith("/retry", StringComparison.Ordinal) => CanceledVideo,
        "videoId" => Video,
        "deliveryId" => operation.Service == 0 ? Delivery : VideoDelivery ?? $"evt_{Video}_1",
        "userId" => User,
        "number" => "1",
        "name" => "song.wav",
        "key" => Key(FrameLink),
        _ => throw new InvalidOperationException($"{name} is not known to stand in a path."),
    };

    /// <summary>The parameters of its query that it cannot do without.</summary>
    public IEnumerable<(string Name, string Value)> ForQuery(DocumentedOperation operation) => operation.Path switch
    {
        "/v1/objects/{key}" => [("token", Token(FrameLink))],
        "/api/proxy_s3_image" => [("key", Key(FrameLink)), ("token", Token(FrameLink))],
        "/api/proxy_s3_video" => [("key", Key(FilmLink)), ("token", Token(FilmLink))],
        "/api/get_frames" => [("sessionId", Request)],
        "/v1/videos" when operation.Method == "DELETE" => [("requestId", Request)],
        _ => [],
    };

    private static string Key(string link) => link.Split("/v1/objects/")[^1].Split('?')[0];

    private static string Token(string link) => link.Split("token=")[^1];

    private static async Task<string> PausedAsync(HttpClient frames, Action<string> learn)
    {
        var made = await SendAsync<Session>(frames, "/v1/sessions", new { prompt = "a boat", frameCount = 2, videoDuration = 2, pauseAfter = "story" }, learn);
        await Wait.UntilAsync(async () => (await frames.GetAsync<Session>($"/v1/sessions/{made.Id}")).Status == SessionStatus.AwaitingApproval, $"the story of {made.Id}");
        return made.Id.ToString();
    }

    /// <summary>Sends, again and again while too much waits already.</summary>
    private static async Task<T> SendAsync<T>(HttpClient http, string path, object body, Action<string> learn)
        where T : class
    {
        return await Wait.ForAsync(
            async () =>
            {
                using var answer = await http.PostAsync(path, body);
                var text = await answer.Content.ReadAsStringAsync();
                if ((int)answer.StatusCode == 429) return null;
                Assert.True(answer.IsSuccessStatusCode, text);
                learn(text);
                return JsonSerializer.Deserialize<T>(text, WireJson.Options);
            },
            $"a place for {path}");
    }

    private static async Task<string> LinkAsync(HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("application/json");
        return (await http.SendAsync(request).ReadAsync<Link>()).Url;
    }

    private static async Task<string> TextAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        return await answer.Content.ReadAsStringAsync();
    }
}
