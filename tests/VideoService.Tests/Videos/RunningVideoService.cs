using FrameVideo.Contracts;
using FrameVideo.Storage;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Servers;
using Microsoft.Extensions.DependencyInjection;
using VideoService.Tests.Rendering;

namespace VideoService.Tests.Videos;

/// <summary>VideoService on a data folder of one test class, with its rows in SQLite, beside a stand-in for FrameService and with an encoder that counts its calls.</summary>
public class RunningVideoService : IAsyncLifetime
{
    private static readonly UserId Local = UserId.Parse("local");

    public TempFolder Data { get; } = new();

    public HastyClock Clock { get; } = new();

    public RunningApp App { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    internal StandInFrameService Frames { get; private set; } = null!;

    internal IObjectStore Store => App.Services.GetRequiredService<IObjectStore>();

    /// <summary>While this file is there, every encoder fails.</summary>
    public string BrokenEncoder => Data.Combine("encoder-is-broken");

    /// <summary>While this file is there, every encoder takes nothing and says nothing.</summary>
    public string HungEncoder => Data.Combine("encoder-hangs");

    /// <summary>The output files of the pieces that the encoder was called for, oldest first.</summary>
    public IReadOnlyList<string> EncodedPieces =>
        File.Exists(CallsFile) ? [.. File.ReadAllLines(CallsFile).Where(line => line.Contains("pipe:0", StringComparison.Ordinal)).Select(line => line[(line.LastIndexOf('/') + 1)..])] : [];

    private string CallsFile => Data.Combine("encoder-calls");

    public async Task InitializeAsync()
    {
        Frames = await StandInFrameService.StartAsync();
        var encoder = Data.Combine("ffmpeg");
        await File.WriteAllTextAsync(
            encoder, $"#!/bin/sh\necho \"$*\" >> '{CallsFile}'\ncase \"$*\" in *pipe:0*) [ -e '{BrokenEncoder}' ] && exit 1; [ -e '{HungEncoder}' ] && exec sleep 600 ;; esac\nexec ffmpeg \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(encoder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await StartAsync();
    }

    /// <summary>Ends the service and starts it again on the same data.</summary>
    public async Task RestartAsync(params string[] settings)
    {
        await App.DisposeAsync();
        await StartAsync(settings);
    }

    public virtual async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Frames.DisposeAsync();
        Data.Dispose();
    }

    /// <summary>Saves a session with so many pictures, which lie in the store.</summary>
    internal async Task<Session> SaveAsync(int frameCount, UserId? userId = null)
    {
        var (user, id) = (userId ?? Local, RequestId.New(TimeProvider.System));
        var frames = new List<Frame>();
        for (var number = 1; number <= frameCount; number++) frames.Add(await StoreAsync(user, id, number, TestPictures.Scene(160, 90, number)));
        var session = new Session
        {
            Id = id,
            RequestId = id,
            SessionId = id,
            UserId = user,
            Status = SessionStatus.Completed,
            Progress = 100,
            FramesRevision = frameCount,
            FrameCount = frameCount,
            AspectRatio = AspectRatio.Parse("1280:720"),
            Frames = frames,
            Usage = new Usage("draft", frameCount, 0),
            CreatedAt = DateTimeOffset.UtcNow,
            UpdatedAt = DateTimeOffset.UtcNow,
            Links = new SessionLinks("", "", null),
        };
        Frames.Save(session);
        return session;
    }

    /// <summary>Saves a session whose pictures FrameService has, and the store has not.</summary>
    internal async Task<Session> InlineAsync(int frameCount)
    {
        var session = await SaveAsync(0);
        var id = session.RequestId;
        var frames = new List<Frame>();
        for (var number = 1; number <= frameCount; number++)
        {
            var picture = TestPictures.Scene(160, 90, 20 + number);
            Frames.Park(id, number, picture);
            frames.Add(FrameOf(session.UserId, id, number, picture, FrameStatus.Inline));
        }

        session = session with { FrameCount = frameCount, Frames = frames };
        Frames.Save(session);
        return session;
    }

    /// <summary>Puts a picture into the store, as FrameService does.</summary>
    internal async Task<Frame> StoreAsync(UserId user, RequestId id, int number, byte[] picture)
    {
        var frame = FrameOf(user, id, number, picture, FrameStatus.Stored);
        using var file = await App.Services.GetRequiredService<Spool>().WriteAsync(picture, CancellationToken.None);
        await Store.PutAsync(frame.ObjectKey!.Value, file, CancellationToken.None);
        return frame;
    }

    /// <summary>Puts a sound into the store, as FrameService does.</summary>
    internal async Task<ObjectKey> BringAsync(RequestId id, byte[] sound)
    {
        using var file = await App.Services.GetRequiredService<Spool>().WriteAsync(sound, CancellationToken.None);
        var key = ObjectKeys.Upload(Local, id, "sound.wav", file.Sha256, "wav");
        await Store.PutAsync(key, file, CancellationToken.None);
        return key;
    }

    internal static Frame FrameOf(UserId user, RequestId id, int number, byte[] picture, FrameStatus status)
    {
        var sha256 = Pictures.Sha256(picture);
        return new Frame
        {
            RequestId = id,
            Number = number,
            Status = status,
            Width = 160,
            Height = 90,
            ContentType = "image/png",
            Bytes = picture.Length,
            Sha256 = sha256,
            ObjectKey = ObjectKeys.Frame(user, id, number, sha256, "png"),
        };
    }

    /// <summary>A film that is rendered quickly.</summary>
    internal static object Quick(Session session) => new { requestId = session.RequestId, fps = 24, quality = "draft", secondsPerFrame = 0.5 };

    /// <summary>A film that takes its time.</summary>
    internal static object Slow(Session session) => new { requestId = session.RequestId, fps = 60, quality = "high", secondsPerFrame = 10, motion = "kenburns" };

    internal Task<Video> CreateAsync(object body) => Http.PostAsync("/v1/videos", body).ReadAsync<Video>();

    internal async Task<Video> FilmAsync(object body) => await Http.EndedAsync((await CreateAsync(body)).Id, TimeSpan.FromSeconds(60));

    /// <summary>The temporary folders of renders, parked ones too.</summary>
    internal IReadOnlyList<string> RenderFolders() => [.. Directory.GetDirectories(Data.Combine("tmp"), "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)).Where(name => name.Contains("-vid_", StringComparison.Ordinal))];

    /// <summary>Command lines of encoders that work for this service now.</summary>
    internal IReadOnlyList<string> RunningEncoders()
    {
        var found = new List<string>();
        foreach (var process in Directory.GetDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            try
            {
                var command = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
                if (command.Contains(Data.Path, StringComparison.Ordinal) && command.Contains("libx264", StringComparison.Ordinal)) found.Add(command);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return found;
    }

    /// <summary>One more instance on the same data.</summary>
    public async Task<RunningApp> StartAnotherAsync(params string[] settings) => await RunningApp.StartAsync(
        args => VideoApp.Build(args, builder => builder.Services.AddSingleton<TimeProvider>(Clock)), Data, [.. await DatabaseAsync(), $"FrameService:Url={Frames.Address}", "FrameService:DeletionsPeriod=00:00:00.200", "FrameService:BaseDelay=00:00:00.010", "Rendering:StorePause=00:00:00.300", $"Rendering:Ffmpeg={Data.Combine("ffmpeg")}", .. settings]);

    protected virtual Task<string[]> DatabaseAsync() => Task.FromResult<string[]>([]);

    private async Task StartAsync(params string[] settings)
    {
        App = await StartAnotherAsync(settings);
        Frames.Tokens = App.Services.GetRequiredService<LinkTokens>();
        Http = App.Client();
    }
}

/// <summary>The same with its rows in a PostgreSQL database of its own.</summary>
public sealed class VideoServiceOnPostgres : RunningVideoService
{
    private TestDatabase? _database;

    public string ConnectionString => _database!.ConnectionString;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }

    protected override async Task<string[]> DatabaseAsync()
    {
        _database ??= await PostgresServer.NewDatabaseAsync();
        return _database.Settings;
    }
}
