using System.Net.Http.Headers;
using FrameService;
using FrameVideo.Contracts;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Callbacks;
using FrameVideo.TestKit.Servers;
using VideoService;

namespace FrameVideo.Api.Tests.Isolation;

/// <summary>Both services with keys, on SQLite and a folder, with two tenants who each have a session, a film and deliveries; and one request ID that both of them use.</summary>
public class World : IAsyncLifetime
{
    /// <summary>Stands in every text of anna's, and nowhere else.</summary>
    public const string Canary = "zephyrquill";

    private protected const string AnnasId = "anna-quillfeather";
    private protected const string BertasId = "berta-thistledown";
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private CallbackReceiver _receiver = null!;

    public TempFolder Data { get; } = new();

    public RunningApp Frames { get; private set; } = null!;

    public RunningApp Videos { get; private set; } = null!;

    internal Names Anna { get; private set; } = null!;

    internal Names Berta { get; private set; } = null!;

    /// <summary>What anna has under the request ID that berta uses, too.</summary>
    internal Names AnnasShared { get; private set; } = null!;

    internal Names BertasShared { get; private set; } = null!;

    internal Traces Annas { get; private set; } = null!;

    internal string CallbackUrl => $"{_receiver.Url}&of={Canary}";

    /// <summary>Keys by which somebody else asks.</summary>
    internal virtual IReadOnlyList<string> Strangers => ["berta", "backend", "admin"];

    /// <summary>What is anna's own and does not hold, with what is answered to whoever shows it.</summary>
    internal virtual IReadOnlyDictionary<string, ErrorCode> Void => new Dictionary<string, ErrorCode>();

    /// <summary>Whether one of the strangers tries every header and every spelling, which it does for all of them.</summary>
    internal virtual bool IsThorough => true;

    /// <summary>What stands before a key in an address of the bucket, in every form.</summary>
    internal virtual IReadOnlyList<string> BucketRoots => ["s3://bucket/", "https://bucket.s3.amazonaws.com/"];

    /// <summary>The settings of what rows and objects are kept in; this folder by default.</summary>
    internal virtual Task<IReadOnlyDictionary<string, string>> BackendAsync() => Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    /// <summary>Gives everybody what they show; answers the settings by which it counts. Keys by default.</summary>
    private protected virtual Task<IReadOnlyList<string>> LetInAsync(IDictionary<string, string> shown)
    {
        var file = Data.Combine("keys.json");
        foreach (var (id, user) in new[] { ("anna", AnnasId), ("berta", BertasId), ("backend", null) }) shown[id] = Isolation.Keys.Add(file, id, user, Isolation.Keys.Everything);
        shown["admin"] = Isolation.Keys.Add(file, "admin", BertasId, "admin");
        shown["reader"] = Isolation.Keys.Add(file, "reader", BertasId, "frames:read", "videos:read");
        return Task.FromResult<IReadOnlyList<string>>([$"Auth:ApiKeysFile={file}"]);
    }

    public async Task InitializeAsync()
    {
        _receiver = await CallbackReceiver.StartAsync();
        string[] settings =
        [
            .. await LetInAsync(_keys), $"Callbacks:Secrets:0=whsec_{Convert.ToBase64String(new byte[32])}", "Callbacks:AllowPrivate:0=127.0.0.1", "FrameService:DeletionsPeriod=00:00:00.200",
            // Strangers ask as often as they like.
            .. new[] { "Reads", "Writes", "Uploads", "Links", "Unauthenticated", "FailedAuthentications" }.Select(name => $"RateLimits:{name}=0"),
            .. (await BackendAsync()).Select(pair => $"{pair.Key}={pair.Value}"),
        ];
        Frames = await RunningApp.StartAsync(args => FrameApp.Build(args), Data, settings);
        Videos = await RunningApp.StartAsync(args => VideoApp.Build(args), Data, [$"FrameService:Url={Frames.Address}", .. settings]);

        // Whoever came first decides nothing: the shared ID was anna's first.
        var shared = RequestId.New(TimeProvider.System).ToString();
        (Anna, Berta) = (await MakeAsync("anna", RequestId.New(TimeProvider.System).ToString(), 67, 0xff112233), await MakeAsync("berta", RequestId.New(TimeProvider.System).ToString(), 71, 0xff445566));
        (AnnasShared, BertasShared) = (await MakeAsync("anna", shared, 73, 0xff778899), await MakeAsync("berta", shared, 79, 0xffaabbcc));
        using var http = As("berta", Frames);
        _keys["token"] = (await http.PostAsync("/v1/tokens", new { requestId = Berta.Request, scopes = Isolation.Keys.Everything }).ReadAsync<RequestToken>()).Token;
        Annas = new Traces(this);
        await Annas.SettleAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await Videos.DisposeAsync();
        await Frames.DisposeAsync();
        await _receiver.DisposeAsync();
        Data.Dispose();
    }

    internal string KeyOf(string id) => _keys[id];

    internal HttpClient As(string key, RunningApp app)
    {
        var http = app.Client();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(key));
        return http;
    }

    /// <summary>A session of one frame with its film, both with a callback address; every text of it says whose it is.</summary>
    internal async Task<Names> MakeAsync(string user, string request, int width, uint colour)
    {
        using var frames = As(user, Frames);
        using var videos = As(user, Videos);
        var word = user == "anna" ? Canary : "thistle";
        var picture = Pictures.Png(width, 2 * width / 3, colour);
        if (user == "anna") Traces.Pictures.Add(picture);
        await frames.PutPictureAsync(RequestId.Parse(request), 1, picture).ReadAsync<Frame>();
        var metadata = new Dictionary<string, string> { ["note"] = word };
        var session = await frames.PostOnceAsync("/v1/sessions", $"key-of-{request}", SessionBody(request, word, metadata)).ReadAsync<Session>();
        var made = await videos.PostOnceAsync("/v1/videos", $"key-of-{request}", VideoBody(request, metadata)).ReadAsync<Video>();
        var video = await videos.EndedAsync(made.Id);
        var link = await ReadLinkAsync(videos, $"/v1/videos/{video.Id}/content");
        var frame = session.Frames![0];
        var cursor = Paging.Write(session.CreatedAt, request);
        var sent = await frames.GetAsync<Page<Delivery>>($"/v1/sessions/{request}/deliveries");
        var filmSent = await videos.GetAsync<Page<Delivery>>($"/v1/videos/{video.Id}/deliveries");
        return new Names(session.UserId.ToString(), request, video.Id.ToString(), frame.ObjectKey.ToString()!, StorageUrl.FindKey(link)!.ToString()!, frame.ImageUrl!, link,
            new Uri(session.Links.Events).PathAndQuery, cursor, $"key-of-{request}", sent.Items[0].Id, filmSent.Items[0].Id);
    }

    internal object SessionBody(string request, string word, IReadOnlyDictionary<string, string> metadata) => new
    {
        requestId = request,
        prompt = $"{word} at sea",
        metadata,
        callbackUrl = CallbackUrl,
        videoDuration = 2,
        frames = new[] { new { number = 1, description = $"a {word}", prompt = $"draw a {word}", sceneStory = $"once a {word}" } },
    };

    internal object VideoBody(string request, IReadOnlyDictionary<string, string> metadata) =>
        new { requestId = request, format = "hls", quality = "draft", fps = 24, aspectRatio = "960:960", metadata, callbackUrl = CallbackUrl };

    private static async Task<string> ReadLinkAsync(HttpClient http, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("application/json");
        return (await http.SendAsync(request).ReadAsync<Link>()).Url;
    }
}

/// <summary>The same on PostgreSQL and S3, where links are presigned; with fewer callers, since who asks is looked at before anybody knows of either.</summary>
public sealed class ServersWorld : World
{
    private TestDatabase _database = null!;
    private TestBucket _bucket = null!;

    internal override IReadOnlyList<string> Strangers => ["backend"];

    internal override IReadOnlyList<string> BucketRoots =>
        [$"s3://{_bucket.Name}/", $"{_bucket.Endpoint}{_bucket.Name}/", $"{_bucket.Endpoint}{_bucket.Name}//", $"{_bucket.Endpoint}x/../{_bucket.Name}/", $"https://{_bucket.Name}.s3.amazonaws.com/", $"s3://{_bucket.Name.ToUpperInvariant()}/"];

    internal override async Task<IReadOnlyDictionary<string, string>> BackendAsync()
    {
        (_database, _bucket) = (await PostgresServer.NewDatabaseAsync(), await S3Server.NewBucketAsync());
        return new Dictionary<string, string>(_bucket.Settings, StringComparer.Ordinal) { ["Database:Kind"] = "postgres", ["Database:ConnectionString"] = _database.ConnectionString };
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _database.DisposeAsync();
        await _bucket.DisposeAsync();
    }
}
