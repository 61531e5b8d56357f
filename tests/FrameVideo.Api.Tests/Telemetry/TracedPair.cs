using System.Net.Http.Headers;
using System.Text.Json;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Callbacks;
using FrameVideo.TestKit.Telemetry;

namespace FrameVideo.Api.Tests.Telemetry;

/// <summary>Tests that share the one pair.</summary>
[CollectionDefinition(Name)]
public sealed class Traced : ICollectionFixture<TracedPair>
{
    public const string Name = "traced";
}

/// <summary>The front door and both services as processes, on PostgreSQL and S3, with keys, that tell a collector everything; and what two sessions, a film and its callbacks came to there.</summary>
public sealed class TracedPair : IAsyncLifetime
{
    /// <summary>The trace of an upload.</summary>
    public const string Upload = "0af7651916cd43dd8448eb211c80319c";

    /// <summary>The trace of a request for a film.</summary>
    public const string Filming = "4bf92f3577b34da6a3ce929d0e0e4736";

    private const string CollectorSecret = "of-the-collector-7391";
    private const string Prompt = "a zebra in a top hat reads a newspaper";
    private const string FileName = "my-private-holiday";

    private readonly ApiKey _key = ApiKey.New();
    private readonly string _signing = Convert.ToBase64String([.. Enumerable.Range(7, 32).Select(i => (byte)i)]);
    private string _token = "";

    public OtlpReceiver Collector { get; private set; } = null!;

    private TempFolder Data { get; } = new();

    private Backend? Backend { get; set; }

    private CallbackReceiver? Receiver { get; set; }

    private ServiceProcess? Frames { get; set; }

    private ServiceProcess? Videos { get; set; }

    private ServiceProcess? Door { get; set; }

    public RequestId Uploaded { get; } = RequestId.New(TimeProvider.System);

    public RequestId Generated { get; private set; }

    public Video Film { get; private set; } = null!;

    /// <summary>What FrameService logged.</summary>
    public string Log => Frames!.Log;

    /// <summary>What the receiver of callbacks was sent.</summary>
    public IReadOnlyList<ReceivedCallback> Callbacks => Receiver!.Received;

    /// <summary>The port of that receiver.</summary>
    public string ReceiverPort => Receiver!.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What a problem said that was asked for within <see cref="Upload"/>.</summary>
    public JsonElement Problem { get; private set; }

    /// <summary>What no collector is to be told: keys, texts, tokens, and what the receiver of callbacks has in its address.</summary>
    public IEnumerable<string> Secrets =>
        [_key.Text, _signing, Environment.GetEnvironmentVariable("AWS_SECRET_ACCESS_KEY")!, CollectorSecret, Prompt, "zebra", FileName, "key=of-the-receiver", "X-Amz-Signature", "token=", _token, Uri.EscapeDataString(_token)];

    public async Task InitializeAsync()
    {
        Collector = await OtlpReceiver.StartAsync();
        Receiver = await CallbackReceiver.StartAsync();
        Backend = await FrameVideo.TestKit.Backend.ServersAsync();
        ApiKeyFile.Append(Data.Combine("keys.json"), new ApiKeyEntry { Id = "anna", Hash = _key.Hash, UserId = "anna", Scopes = [Scopes.Admin] });
        var environment = Backend.Settings.Concat(Collector.Settings).ToDictionary(pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value, StringComparer.Ordinal);
        environment["Data__Folder"] = Data.Combine("data");
        environment["Auth__ApiKeysFile"] = Data.Combine("keys.json");
        environment["Callbacks__Secrets__0"] = "whsec_" + _signing;
        environment["Callbacks__AllowPrivate__0"] = "127.0.0.1";
        environment["Telemetry__OtlpHeaders"] = $"x-collector-key={CollectorSecret}";
        Frames = new ServiceProcess("FrameService", Data.Combine("frames.log"), environment);
        environment["FrameService__Url"] = Frames.Address;
        Videos = new ServiceProcess("VideoService", Data.Combine("videos.log"), environment);
        environment["VideoService__Url"] = Videos.Address;
        Door = new ServiceProcess("FrontDoor", Data.Combine("door.log"), environment);
        await Task.WhenAll(Frames.StartAsync(), Videos.StartAsync(), Door.StartAsync());
        await UseAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var process in new[] { Door, Videos, Frames })
        {
            if (process is not null) await process.DisposeAsync();
        }

        if (Receiver is not null) await Receiver.DisposeAsync();
        if (Backend is not null) await Backend.DisposeAsync();
        if (Collector is not null) await Collector.DisposeAsync();
        Data.Dispose();
    }

    /// <summary>A client of the front door, in a trace of its own or as it is given.</summary>
    public HttpClient Client(string? traceparent = null)
    {
        var http = Http.Client(Door!.Address);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _key.Text);
        if (traceparent is not null) http.DefaultRequestHeaders.TryAddWithoutValidation("traceparent", traceparent);
        return http;
    }

    /// <summary>What a page of a browser sends.</summary>
    public static string Traceparent(string trace) => $"00-{trace}-00f067aa0ba902b7-01";

    private async Task UseAsync()
    {
        using var uploading = Client(Traceparent(Upload));
        await uploading.PutPictureAsync(Uploaded, 1, Pictures.Png(640, 360)).ReadAsync<Frame>();
        Problem = (await uploading.GetAsync($"/v1/sessions/{Uploaded}/frames/2").RefusalAsync()).Problem;

        using var http = Client();
        using (var form = new MultipartFormDataContent())
        {
            form.Add(new StringContent($"anna/{Uploaded}/user-uploads"), "folderPath");
            form.Add(new StringContent("true"), "isUserUpload");
            form.Add(new ByteArrayContent(Pictures.Jpeg()), "file", $"{FileName}.jpg");
            using var uploaded = await http.PostAsync("/api/upload_image_s3", form);
            Assert.True(uploaded.IsSuccessStatusCode, await uploaded.Content.ReadAsStringAsync());
        }

        var session = await http.PostAsync("/v1/sessions", new { prompt = Prompt, frameCount = 2, videoDuration = 2, callbackUrl = Receiver!.Url }).ReadAsync<Session>();
        Generated = session.RequestId;
        session = await http.EndedAsync(Generated);
        Assert.Equal(SessionStatus.Completed, session.Status);
        using var anybody = Http.Client(Door!.Address);
        using (var seen = await anybody.GetAsync(session.Frames![0].ImageUrl!)) Assert.True((int)seen.StatusCode < 400, $"{(int)seen.StatusCode}");
        _token = (await http.PostAsync("/v1/tokens", new { requestId = Generated }).ReadAsync<JsonElement>()).GetProperty("token").GetString()!;
        using (var shown = await anybody.GetAsync($"/v1/sessions/{Generated}?token={Uri.EscapeDataString(_token)}")) Assert.True(shown.IsSuccessStatusCode, $"{(int)shown.StatusCode}");
        await Receiver.UntilAsync(3);

        using var filming = Client(Traceparent(Filming));
        var film = await filming.PostAsync("/v1/videos", new { requestId = Generated, fps = 24, quality = "draft" }).ReadAsync<Video>();
        Film = await http.EndedAsync(film.Id);
        Assert.Equal(VideoStatus.Completed, Film.Status);
    }
}
