// A program of somebody else that calls every operation of both documents by the generated clients, and prints each call.
using System.Net.ServerSentEvents;
using System.Text.Json;
using F = FrameVideo.Frames;
using V = FrameVideo.Videos;

if (args[0] == "shown")
{
    await Shown.RunAsync(args[1], args[2]);
    return;
}

var (framesUrl, videosUrl, key, user, hook) = (args[0], args[1], args[2], args[3], new Uri(args[4]));
var frames = new F.FramesClient(Http("FrameService", framesUrl));
var videos = new V.VideosClient(Http("VideoService", videosUrl));

var brought = await BringAsync();
Check((await frames.CreateTokenAsync(new F.CreateTokenRequest { RequestId = brought })).RequestId == brought, "a token is made");
var generated = await GenerateAsync();
await StopAsync();
await FormerAsync();
await FilmAsync();
await EraseAsync();

HttpClient Http(string service, string url)
{
    var client = new HttpClient(new Told(service)) { BaseAddress = new Uri(url) };
    client.DefaultRequestHeaders.Add("X-API-Key", key);
    return client;
}

static void Check(bool holds, string what)
{
    if (!holds) throw new InvalidOperationException($"It does not hold that {what}.");
}

static async Task<T> UntilAsync<T>(string what, Func<Task<T?>> ask)
    where T : class
{
    for (var attempt = 0; attempt < 1200; attempt++)
    {
        if (await ask() is { } found) return found;
        await Task.Delay(50);
    }

    throw new TimeoutException($"Waited in vain for {what}.");
}

Task<F.Session> SessionInAsync(string id, params F.SessionStatus[] states) =>
    UntilAsync($"{id} to be {string.Join(" or ", states)}", async () => await frames.GetSessionAsync(id) is { } session && states.Contains(session.Status) ? session : null);

/// The object's key and the token of a link.
static (string Key, string Token) ObjectOf(Uri link) =>
    (Uri.UnescapeDataString(link.AbsolutePath["/v1/objects/".Length..]), Uri.UnescapeDataString(link.Query.Split("token=")[1]));

async Task<int> EntriesAsync(Uri events)
{
    // Links need no key.
    using var client = new HttpClient();
    // No document can say that a stream's type is that of its items, so this is the one thing that is done by hand.
    using var request = new HttpRequestMessage(HttpMethod.Get, events);
    request.Headers.Accept.ParseAdd("text/event-stream");
    using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    var count = 0;
    await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync()).EnumerateAsync())
    {
        if (item.EventType == "progress") continue;
        Check(JsonSerializer.Deserialize<F.Event>(item.Data)!.Number == ++count, "events come in order");
    }

    return count;
}

async Task<string> BringAsync()
{
    var id = $"req_{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}_csharp";
    // The smallest picture: one pixel.
    var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    var put = await frames.PutFrameAsync(id, 1, image: new F.FileParameter(new MemoryStream(png), "one.png", "image/png"));
    Check(put is { Width: 1, ContentType: F.FrameContentType.Image_png }, "a picture is put");
    var once = Guid.NewGuid().ToString();
    var save = new F.CreateSessionRequest { RequestId = id, Frames = [new F.SaveFrame { Number = 1, Description = "at the sea" }] };
    Check((await frames.CreateSessionAsync(save, once)).Id == id, "frames are saved");
    Check((await frames.CreateSessionAsync(save, once)).Frames!.Single().Description == "at the sea", "the same request is not carried out again");
    Check((await frames.PatchFrameAsync(id, 1, body: new F.PatchFrameRequest { Description = "at the lake" })).Description == "at the lake", "texts are changed");
    Check((await frames.GetFrameAsync(id, 1)).Description == "at the lake", "a frame is read");
    Check((await frames.ListSessionsAsync(limit: 100)).Items.Any(session => session.Id == id), "sessions are listed");

    var (name, token) = ObjectOf((await frames.GetFrameImageAsync(id, 1)).Url);
    using var bytes = await frames.GetObjectAsync(name, token);
    using var copy = new MemoryStream();
    await bytes.Stream.CopyToAsync(copy);
    Check(copy.ToArray().AsSpan().SequenceEqual(png), "a picture's bytes are read");
    return id;
}

async Task<string> GenerateAsync()
{
    var plan = await frames.PlanSessionAsync(new F.CreateSessionRequest { Prompt = "a paper boat", FrameCount = 3, MaxCostUsd = 1 });
    Check(plan is { FrameCount: 3, Calls: 0, WithinBudget: true, BudgetLeftUsd: 1 } && plan.Steps.Last() is { Kind: F.UsageKind.Frame, Provider: "draft", Pictures: 3 }, "a generation is planned");
    var made = await frames.CreateSessionAsync(new F.CreateSessionRequest
    {
        Prompt = "a paper boat", FrameCount = 2, VideoDuration = 2, Style = F.Style.Digital_Art, AspectRatio = F.CreateSessionRequestAspectRatio._960960, PauseAfter = F.SessionStage.Story, CallbackUrl = hook,
    });
    var paused = await SessionInAsync(made.Id, F.SessionStatus.Awaiting_approval);
    Check(paused is { Story.Scenes.Count: 2, Style: F.Style.Digital_Art, Stage: F.SessionStage.Story, Mood: not null, Error: null }, "a story is written");
    await frames.ApproveSessionAsync(made.Id, body: new F.ApproveSessionRequest { Story = new F.EditedStory { Title = "A boat of paper" } });
    Check((await SessionInAsync(made.Id, F.SessionStatus.Completed, F.SessionStatus.Failed)).Status == F.SessionStatus.Completed, "its frames are drawn");
    var page = await frames.ListSessionEventsAsync(made.Id);
    Check(page.Items.Count >= 4 && await EntriesAsync(made.Links.Events) == page.Items.Count, "events are read, and followed");

    await frames.RegenerateFrameAsync(made.Id, 2, body: new F.RegenerateFrameRequest { Seed = 7 });
    await UntilAsync("the frame to be made again", async () => await frames.GetFrameAsync(made.Id, 2) is { Seed: 7 } frame ? frame : null);
    await SessionInAsync(made.Id, F.SessionStatus.Completed);
    var delivery = await UntilAsync("a delivery", async () => (await frames.ListSessionDeliveriesAsync(made.Id)).Items.FirstOrDefault(item => item.Status == F.DeliveryStatus.Delivered));
    Check((await frames.GetSessionDeliveryAsync(made.Id, delivery.Id)).AttemptCount >= 1, "a delivery is read");
    await frames.RedeliverSessionEventAsync(made.Id, delivery.Id);
    return made.Id;
}

async Task StopAsync()
{
    var made = await frames.CreateSessionAsync(new F.CreateSessionRequest { Prompt = "a fox", FrameCount = 1, PauseAfter = F.SessionStage.Story });
    await SessionInAsync(made.Id, F.SessionStatus.Awaiting_approval);
    Check((await frames.CancelSessionAsync(made.Id)).Status == F.SessionStatus.Canceled, "a generation is stopped");
    await frames.RetrySessionAsync(made.Id);
    await frames.DeleteSessionAsync(made.Id);
    try
    {
        await frames.GetSessionAsync(made.Id);
        Check(false, "what was deleted is not found");
    }
    catch (F.ApiException<F.ProblemDetails> gone)
    {
        Check(gone.StatusCode == 404 && JsonSerializer.Serialize(gone.Result).Contains("session-not-found", StringComparison.Ordinal), "and it says so by a code");
    }
}

async Task FormerAsync()
{
    await frames.SaveFramesAsync(new F.FormerSave { SessionId = brought, Frames = [new F.FormerSaveFormerFrame { Id = 1, Description = "once more" }] });
    Check((await frames.GetFramesAsync(brought)).Success, "the older read works");
    var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    Check((await frames.UploadImageAsync(image: new F.FileParameter(new MemoryStream(png), "one.png", "image/png"), frameId: "mine", folderPath: $"{user}/{brought}/user-uploads", isUserUpload: "true", userId: user)).Success, "so does the older upload");
}

async Task FilmAsync()
{
    var theme = await frames.PutUploadAsync(generated, "theme", audio: new F.FileParameter(new MemoryStream(Wav()), "theme.wav", "audio/wav"));
    Check(theme.ContentType == F.UploadContentType.Audio_wav, "a sound is brought");
    var sounding = new V.CreateVideoRequest { RequestId = generated, Audio = new V.AudioRequest { ObjectKey = theme.ObjectKey, Gain = -6 } };
    Check((await videos.PlanVideoAsync(sounding)).Clips.Count == 2, "a film with a sound is planned");
    var wanted = new V.CreateVideoRequest { RequestId = generated, Fps = V.CreateVideoRequestFps._24, Quality = V.VideoQuality.Draft, Format = V.VideoFormat.Hls, SecondsPerFrame = 1, Transition = V.Transition.Cut };
    Check((await videos.PlanVideoAsync(wanted)).Clips.Count == 2, "a film is planned");
    var other = new V.CreateVideoRequest { RequestId = generated, Resolution = V.Resolution._480p, Transition = V.Transition.FadeBlack };
    other.Frames = [new V.FrameSettings { Number = 1, Motion = V.Motion.PanLeft, Seconds = 1.2, Focus = new V.FocusPoint { X = 0.2, Y = 0.8 } }];
    other.Joints = [new V.JointSettings { After = 1, Transition = V.Transition.Wipe, Seconds = 0.5, Direction = V.Direction.Up }];
    var planned = await videos.PlanVideoAsync(other);
    Check(planned.Height == 480 && planned.Clips.First().Motion == V.Motion.PanLeft && planned.Joints.Single().Direction == V.Direction.Up, "a film is planned by frame and by joint");
    wanted.CallbackUrl = hook;
    var video = await videos.CreateVideoAsync(wanted, Guid.NewGuid().ToString());
    var done = await UntilAsync("the film", async () => await videos.GetVideoAsync(video.Id) is { Status: V.VideoStatus.Completed or V.VideoStatus.Failed } found ? found : null);
    Check(done is { Status: V.VideoStatus.Completed, Duration: 2 }, "a film is made");
    Check((await videos.ListVideosAsync(generated)).Items.First().Id == video.Id, "films are listed");
    Check((await videos.ListVideoEventsAsync(video.Id)).Items.Count == await EntriesAsync(done.Links.Events), "a film's events are read, and followed");

    var (name, token) = ObjectOf((await videos.GetVideoContentAsync(video.Id)).Url);
    using var bytes = await videos.GetObjectAsync(name, token);
    var head = new byte[8];
    await bytes.Stream.ReadExactlyAsync(head);
    Check(head.AsSpan(4).SequenceEqual("ftyp"u8), "a film's bytes are read");

    using var playlist = new StreamReader((await videos.GetVideoPlaylistAsync(video.Id)).Stream);
    Check((await playlist.ReadToEndAsync()).Contains("#EXT-X-ENDLIST", StringComparison.Ordinal), "a film's playlist is read");

    var delivery = await UntilAsync("a film's delivery", async () => (await videos.ListVideoDeliveriesAsync(video.Id)).Items.FirstOrDefault(item => item.Status == V.DeliveryStatus.Delivered));
    Check((await videos.GetVideoDeliveryAsync(video.Id, delivery.Id)).AttemptCount >= 1, "a film's delivery is read");
    await videos.RedeliverVideoEventAsync(video.Id, delivery.Id);

    await videos.RerenderVideoAsync(video.Id);
    wanted.SecondsPerFrame = 60;
    var longOne = await videos.CreateVideoAsync(wanted);
    Check((await videos.CancelVideoAsync(longOne.Id)).Status == V.VideoStatus.Canceled, "a film is stopped");
    await videos.RetryVideoAsync(longOne.Id);
    await videos.DeleteVideoAsync(longOne.Id);
    Check((await videos.DeleteVideosAsync(generated)).Videos >= 1, "a session's films are removed");
}

/// Half a second of a square wave of 200 Hz: 8 kHz, 8 bits, one channel.
static byte[] Wav()
{
    byte[] head = [.. "RIFF"u8, .. BitConverter.GetBytes(36 + 4000), .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, .. BitConverter.GetBytes(8000), .. BitConverter.GetBytes(8000), 1, 0, 8, 0, .. "data"u8, .. BitConverter.GetBytes(4000)];
    return [.. head, .. Enumerable.Range(0, 4000).Select(i => (byte)(i % 40 < 20 ? 96 : 160))];
}

async Task EraseAsync()
{
    await frames.EraseUserAsync(user);
    await videos.EraseUserAsync(user);
    Check((await frames.GetErasureAsync(user)).Sessions > 0, "an erasure is reported");
    Check((await videos.GetErasureAsync(user)).UserId == user, "so is that of films");
}

/// Prints each call.
internal sealed class Told(string service) : DelegatingHandler(new HttpClientHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        Console.WriteLine($"called {service} {request.Method} {request.RequestUri!.AbsolutePath} {(int)answer.StatusCode}");
        return answer;
    }
}
