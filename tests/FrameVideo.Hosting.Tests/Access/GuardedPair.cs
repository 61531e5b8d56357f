using System.Net.Http.Headers;
using FrameService;
using FrameVideo.Contracts;
using FrameVideo.TestKit;
using FrameVideo.TestKit.Oidc;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using VideoService;

namespace FrameVideo.Hosting.Tests.Access;

/// <summary>Both services with keys and four identity providers, on every address of the machine, as they stand in containers; and a session of anna's with one frame.</summary>
[CollectionDefinition(Collection)]
public sealed class GuardedPair : IAsyncLifetime, ICollectionFixture<GuardedPair>
{
    /// <summary>The name under which tests share it.</summary>
    public const string Collection = "guarded pair";

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly Dictionary<string, TestKey> _keys = new[]
    {
        TestKey.Of("reader", "anna", null, Scopes.FramesRead, Scopes.VideosRead),
        TestKey.Of("writer", "anna", null, Scopes.FramesRead, Scopes.FramesWrite, Scopes.VideosRead, Scopes.VideosWrite),
        TestKey.Of("frames", "anna", null, Scopes.FramesRead, Scopes.FramesWrite),
        TestKey.Of("filmer", "anna", null, Scopes.VideosRead, Scopes.VideosWrite),
        TestKey.Of("operator", "anna", null, Scopes.Admin),
        TestKey.Of("berta", "berta", null, Scopes.FramesRead, Scopes.FramesWrite, Scopes.VideosRead, Scopes.VideosWrite),
        TestKey.Of("backend", null, null, Scopes.FramesRead, Scopes.FramesWrite, Scopes.VideosRead, Scopes.VideosWrite),
        TestKey.Of("ended", "anna", Now.AddHours(-1), Scopes.Admin),
        TestKey.Of("ending", "anna", Now.AddHours(1), Scopes.Admin),
    }.ToDictionary(key => key.Entry.Id, StringComparer.Ordinal);

    public TempFolder Data { get; } = new();

    /// <summary>The time by which keys end.</summary>
    public FakeTimeProvider Clock { get; } = new(Now);

    public RequestId Session { get; } = RequestId.New(TimeProvider.System);

    /// <summary>Another session of anna's, with one frame and a film, which no test changes.</summary>
    public RequestId Filmed { get; } = RequestId.New(TimeProvider.System);

    public VideoId Film { get; private set; }

    /// <summary>When the key "ending" ends.</summary>
    public DateTimeOffset Ending { get; } = Now.AddHours(1);

    /// <summary>All that both services have logged since it was last cleared.</summary>
    internal LoggedLines Logged { get; } = new();

    internal OidcServer Providers { get; private set; } = null!;

    internal OidcIssuer Cognito { get; private set; } = null!;

    internal OidcIssuer Auth0 { get; private set; } = null!;

    internal OidcIssuer Supabase { get; private set; } = null!;

    internal OidcIssuer Keycloak { get; private set; } = null!;

    internal RunningApp Frames { get; private set; } = null!;

    internal RunningApp Videos { get; private set; } = null!;

    private string KeyFile => Data.Combine("keys.json");

    public async Task InitializeAsync()
    {
        foreach (var key in _keys.Values) ApiKeyFile.Append(KeyFile, key.Entry);
        Providers = await OidcServer.StartAsync();
        (Cognito, Auth0, Supabase, Keycloak) = (Providers.Open("eu-central-1_Ab12"), Providers.Open("auth0/"), Providers.Open("auth/v1", SigningKey.Curve()), Providers.Open("realms/films", SigningKey.Rsa("PS256")));
        // A loaded machine is no outage.
        string[] settings = [.. IssuerSettings(), .. Enumerable.Range(0, 4).Select(i => $"Auth:Jwt:{i}:Timeout=00:00:30"), $"Auth:ApiKeysFile={KeyFile}", "Auth:ReloadPeriod=00:00:00.100", $"Logging:LogLevel:Default=Trace", .. NoLimits];
        Frames = await RunningApp.StartAsync(args => FrameApp.Build(args, UseClock), Data, settings);
        Videos = await RunningApp.StartAsync(args => VideoApp.Build(args), Data, [$"FrameService:Url={Frames.Address}", .. settings]);
        foreach (var app in new[] { Frames, Videos })
        {
            app.Services.GetRequiredService<ILoggerFactory>().AddProvider(Logged);
            await Wait.UntilAsync(
                () =>
                {
                    // FrameService's clock stands still, and with it the next look.
                    Clock.Advance(TimeSpan.FromMilliseconds(10));
                    return app.Services.GetRequiredService<JwtIssuers>().All.All(issuer => issuer.Keys.Count > 0);
                },
                "the providers' keys");
        }

        foreach (var id in new[] { Session, Filmed }) await As("writer", Frames).PutPictureAsync(id, 1, Pictures.Png()).ReadAsync<Frame>();
        Film = (await As("writer", Videos).PostAsync("/v1/videos", new { requestId = Filmed, secondsPerFrame = 0.5, fps = 24, quality = "draft", motion = "none" }).ReadAsync<Video>()).Id;
    }

    public async Task DisposeAsync()
    {
        await Videos.DisposeAsync();
        await Frames.DisposeAsync();
        await Providers.DisposeAsync();
        Data.Dispose();
    }

    /// <summary>A client that shows a token.</summary>
    internal static HttpClient Bearing(string token, RunningApp app)
    {
        var http = app.Client();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return http;
    }

    internal string KeyOf(string id) => _keys[id].Text;

    /// <summary>A client that shows a key of the list.</summary>
    internal HttpClient As(string key, RunningApp app)
    {
        var http = app.Client();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(key));
        return http;
    }

    /// <summary>Takes a key out of the file, by a rename as deployments do it.</summary>
    internal void Revoke(string id)
    {
        var file = Data.Combine("new-keys.json");
        foreach (var entry in ApiKeyFile.Read(KeyFile).Where(entry => entry.Id != id)) ApiKeyFile.Append(file, entry);
        File.Move(file, KeyFile, overwrite: true);
    }

    internal void Add(TestKey key) => ApiKeyFile.Append(KeyFile, key.Entry);

    /// <summary>Everybody asks from one address here, and most of what they show does not hold.</summary>
    private static string[] NoLimits => ["RateLimits:Reads=0", "RateLimits:Writes=0", "RateLimits:Uploads=0", "RateLimits:Links=0", "RateLimits:Unauthenticated=0", "RateLimits:FailedAuthentications=0"];

    private IEnumerable<string> IssuerSettings() =>
    [
        $"Auth:Jwt:0:Issuer={Cognito.Issuer}", "Auth:Jwt:0:ClientIds:0=app", "Auth:Jwt:0:ScopePrefix=framevideo/", "Auth:Jwt:0:UserPrefix=",
        $"Auth:Jwt:1:Issuer={Auth0.Issuer}", "Auth:Jwt:1:Audiences:0=https://films.example.org/", "Auth:Jwt:1:UserPrefix=",
        $"Auth:Jwt:2:Issuer={Supabase.Issuer}", "Auth:Jwt:2:Audiences:0=authenticated", "Auth:Jwt:2:DefaultScopes:0=frames:read", "Auth:Jwt:2:UserPrefix=",
        $"Auth:Jwt:3:Issuer={Keycloak.Issuer}", "Auth:Jwt:3:Audiences:0=account", "Auth:Jwt:3:ClientIds:0=spa", "Auth:Jwt:3:UserPrefix=kc|",
    ];

    private void UseClock(WebApplicationBuilder builder) => builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
}
