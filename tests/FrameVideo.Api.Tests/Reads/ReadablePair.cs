using FrameService;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Callbacks;
using Microsoft.Extensions.DependencyInjection;
using VideoService;

namespace FrameVideo.Api.Tests.Reads;

/// <summary>Both services, the front door before them, and of everything that can be read one: a session with two frames that has told of them, its film, an erasure.</summary>
public sealed class ReadablePair : IAsyncLifetime
{
    /// <summary>What an ETag says of links holds for half an hour: here one has just begun, so that none ends in a test.</summary>
    private readonly HastyClock _clock = new() { Ahead = TimeSpan.FromSeconds(1800 - (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() % 1800)) };

    private CallbackReceiver Receiver { get; set; } = null!;

    private ServiceProcess FrontDoor { get; set; } = null!;

    public TempFolder Data { get; } = new();

    public RunningApp Frames { get; private set; } = null!;

    public RunningApp Videos { get; private set; } = null!;

    public Session Session { get; private set; } = null!;

    public Video Film { get; private set; } = null!;

    /// <summary>Where one origin leads to both.</summary>
    public string Door => FrontDoor.Address;

    public async Task InitializeAsync()
    {
        Receiver = await CallbackReceiver.StartAsync();
        string[] settings = ["Callbacks:Secrets:0=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "Callbacks:AllowPrivate:0=127.0.0.1"];
        Frames = await RunningApp.StartAsync(args => FrameApp.Build(args, builder => builder.Services.AddSingleton<TimeProvider>(_clock)), Data, settings);
        Videos = await RunningApp.StartAsync(args => VideoApp.Build(args, builder => builder.Services.AddSingleton<TimeProvider>(_clock)), Data, [$"FrameService:Url={Frames.Address}", .. settings]);
        FrontDoor = new ServiceProcess("FrontDoor", Data.Combine("door.log"), new Dictionary<string, string> { ["FrameService__Url"] = Frames.Address, ["VideoService__Url"] = Videos.Address });
        await FrontDoor.StartAsync();
        await SaveAsync();
        await FilmAsync();
        using var erased = await Frames.Client("gone").DeleteAsync("/v1/users/gone/data");
        erased.EnsureSuccessStatusCode();
        using var erasedFilms = await Videos.Client("gone").DeleteAsync("/v1/users/gone/data");
        erasedFilms.EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync()
    {
        await FrontDoor.DisposeAsync();
        await Videos.DisposeAsync();
        await Frames.DisposeAsync();
        await Receiver.DisposeAsync();
        Data.Dispose();
    }

    /// <summary>Waits until everything that was to be told of the session and the film has been, so that nothing changes by itself.</summary>
    public async Task SettleAsync()
    {
        await SettleAsync(Frames, $"/v1/sessions/{Session.Id}/deliveries");
        await SettleAsync(Videos, $"/v1/videos/{Film.Id}/deliveries");
    }

    /// <summary>A draft session with one picture.</summary>
    public async Task<RequestId> DraftAsync(string? user = null)
    {
        var id = RequestId.New(TimeProvider.System);
        await Frames.Client(user).PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        return id;
    }

    private async Task SaveAsync()
    {
        var id = RequestId.New(TimeProvider.System);
        var frames = new[] { 0xff336699, 0xff996633 }.Select((colour, i) => new { number = i + 1, description = "the sea", imageUrl = $"data:image/png;base64,{Convert.ToBase64String(Pictures.Png(colour: colour))}" });
        Session = await Frames.Client().PostAsync("/v1/sessions", new { requestId = id, frames, callbackUrl = Receiver.Url }).ReadAsync<Session>();
        Session = await Frames.Client().GetAsync<Session>($"/v1/sessions/{id}");
    }

    private async Task FilmAsync()
    {
        var video = await Videos.Client().PostAsync("/v1/videos", new { requestId = Session.RequestId, fps = 24, quality = "draft", format = "hls", secondsPerFrame = 0.5, callbackUrl = Receiver.Url }).ReadAsync<Video>();
        Film = await Videos.Client().EndedAsync(video.Id);
        Assert.Equal(VideoStatus.Completed, Film.Status);
        await SettleAsync();
    }

    private static Task SettleAsync(RunningApp app, string deliveries) => Wait.UntilAsync(
        async () => (await app.Client().GetAsync<Page<Delivery>>(deliveries)).Items is { Count: > 0 } items && items.All(item => item.Status == DeliveryStatus.Delivered), $"{deliveries} to be delivered");
}

[CollectionDefinition(nameof(ReadablePair))]
public sealed class ReadablePairCollection : ICollectionFixture<ReadablePair>;
