using System.Security.Cryptography;
using FrameService;
using FrameVideo.Hosting;
using FrameVideo.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using VideoService;

namespace FrameVideo.Api.Tests.Clients;

/// <summary>The tests that share it, one after another.</summary>
[CollectionDefinition(nameof(ClientPair))]
public sealed class ClientPairs : ICollectionFixture<ClientPair>;

/// <summary>Both services with keys and the front door before them, as pages and programs of other people meet them; a page of <see cref="Origin"/> may call.</summary>
public sealed class ClientPair : IAsyncLifetime
{
    /// <summary>Fails in a way that nobody foresaw.</summary>
    public const string Broken = "/broken";

    private readonly Dictionary<string, ApiKey> _keys = new[] { "anna", "browser", "csharp", "readme", "curl" }.ToDictionary(user => user, _ => ApiKey.New(), StringComparer.Ordinal);
    private readonly ApiKey _reader = ApiKey.New();

    public TempFolder Data { get; } = new();

    /// <summary>Where a page of somebody else is at home; nothing listens there until a test does.</summary>
    public string Origin { get; } = $"http://127.0.0.1:{Ports.Free()}";

    internal RunningApp Frames { get; private set; } = null!;

    internal RunningApp Videos { get; private set; } = null!;

    internal ServiceProcess Door { get; private set; } = null!;

    /// <summary>A key of anna's.</summary>
    public string Key => KeyOf("anna");

    /// <summary>A key of anna's that may only read.</summary>
    public string Reader => _reader.Text;

    public async Task InitializeAsync()
    {
        var keys = Data.Combine("keys.json");
        foreach (var (user, key) in _keys) ApiKeyFile.Append(keys, new ApiKeyEntry { Id = user, Hash = key.Hash, UserId = user, Scopes = [Scopes.Admin] });
        ApiKeyFile.Append(keys, new ApiKeyEntry { Id = "reader", Hash = _reader.Hash, UserId = "anna", Scopes = [Scopes.FramesRead, Scopes.VideosRead] });
        var secret = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        string[] settings = [$"Auth:ApiKeysFile={keys}", $"Cors:Origins:0={Origin}", "Events:MaxStreamsPerUser=8", $"Callbacks:Secrets:0={secret}", "Callbacks:AllowPrivate:0=127.0.0.1"];
        Frames = await RunningApp.StartAsync(args => WithFault(FrameApp.Build(args)), Data, settings);
        Videos = await RunningApp.StartAsync(args => WithFault(VideoApp.Build(args)), Data, [$"FrameService:Url={Frames.Address}", .. settings]);
        Door = new ServiceProcess("FrontDoor", Data.Combine("door.log"), new Dictionary<string, string> { ["FrameService__Url"] = Frames.Address, ["VideoService__Url"] = Videos.Address });
        await Door.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Door.DisposeAsync();
        await Videos.DisposeAsync();
        await Frames.DisposeAsync();
        Data.Dispose();
    }

    /// <summary>The key of one of the users, with the scope admin.</summary>
    public string KeyOf(string user) => _keys[user].Text;

    private static WebApplication WithFault(WebApplication app)
    {
        app.MapGet(Broken, IResult () => throw new InvalidOperationException("Nobody foresaw this.")).AllowAnonymous();
        return app;
    }
}
